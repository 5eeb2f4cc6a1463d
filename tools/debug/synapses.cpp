#include "tools/debug/synapses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "isa/image/synapse_block.hpp"
#include "isa/image/weights.hpp"

namespace seamount::debug {
namespace {

std::span<const isa::OutputAxon> outputs(const Debugger& debugger, const Selection& selection,
                                         std::size_t member) {
    const isa::Image& image = debugger.image();
    const auto part = [](const auto& of, std::size_t i) {
        return std::span{of.outputs}.subspan(of.output_first[i],
                                             of.output_first[i + 1] - of.output_first[i]);
    };
    if (selection.is_input) return part(image.inputs[selection.index], selection.members[member]);
    const Debugger::Place& place = debugger.place_of(neuron_of(image, selection, member));
    return part(image.cores[place.core.index()], place.compartment);
}

/// Walks from axons to the synapses that they reach.
class Walk {
public:
    Walk(const isa::Image& image, const Selection& to, std::vector<FoundSynapse>& out)
        : image_{image}, to_{to}, out_{out} {}

    void take(std::uint32_t source, std::span<const isa::OutputAxon> axons) {
        for (const isa::OutputAxon& output : axons) {
            const auto core =
                std::ranges::find(image_.cores, CoreId{output.core}, &isa::CoreImage::core);
            core_ = static_cast<std::uint32_t>(core - image_.cores.begin());
            isa::for_each_visit(*core, core->input_axons[output.axon],
                                [&](std::uint32_t first, std::uint32_t base, bool padding) {
                                    if (padding) return;
                                    row(source, core->rows[first + output.atom], base);
                                });
        }
    }

private:
    void row(std::uint32_t source, std::uint32_t offset, std::uint32_t base) {
        const isa::CoreImage& core = image_.cores[core_];
        for (bool last = false; !last;) {
            const std::uint32_t* const block = core.synapses.data() + offset;
            const isa::SynapseFormat& format = core.formats[isa::BlockHeader::format(*block)];
            const bool is_dense = (format.flags & isa::SynapseFormat::kDense) != 0;
            std::uint32_t place = 0;
            isa::for_each_synapse(format, block, [&](const isa::StoredSynapse& stored) {
                const std::uint32_t at =
                    is_dense ? stored.target - isa::SynapseWord::target(block[1]) : place++;
                add(source, base, offset, at, format, stored);
            });
            last = isa::BlockHeader::last(*block);
            offset += static_cast<std::uint32_t>(
                isa::block_words(format, isa::BlockHeader::count(*block)));
        }
    }

    void add(std::uint32_t source, std::uint32_t base, std::uint32_t header, std::uint32_t place,
             const isa::SynapseFormat& format, const isa::StoredSynapse& stored) {
        const isa::CoreImage& core = image_.cores[core_];
        const std::uint32_t target =
            core.neurons[base + stored.target] - image_.populations[to_.index].first_neuron;
        if (!std::ranges::binary_search(to_.members, target)) return;
        FoundSynapse synapse;
        synapse.source = source;
        synapse.target = target;
        synapse.weight = stored.weight;
        synapse.delay = stored.delay;
        synapse.exponent = format.weight_exponent;
        synapse.accumulator = format.accumulator;
        synapse.core = core_;
        synapse.header = header;
        synapse.place = place;
        if (format.plastic != 0) {
            synapse.entry = format.plastic - 1U;
            synapse.id = core.plastic.ids[first_id(core, header) + place];
        }
        out_.push_back(synapse);
    }

    static std::size_t first_id(const isa::CoreImage& core, std::uint32_t header) {
        std::size_t first = 0;
        for (const isa::PlasticBlock& block : core.plastic.blocks) {
            if (block.header == header) break;
            first += isa::BlockHeader::count(core.synapses[block.header]);
        }
        return first;
    }

    const isa::Image& image_;
    const Selection& to_;
    std::vector<FoundSynapse>& out_;
    std::uint32_t core_ = 0;
};

void check_weight(const isa::SynapseFormat& format, std::int64_t value,
                  const SourceLocation& where) {
    const auto mode = static_cast<isa::SignMode>(format.sign_mode);
    const isa::MantissaRange range = isa::mantissa_range(mode);
    if (value < range.min || value > range.max) {
        refuse("DBG-VALUE", where,
               fmt::format("weight is {}, must be in [{}, {}]", value, range.min, range.max));
    }
    const auto mantissa = static_cast<std::int32_t>(value);
    const std::int32_t kept = isa::truncate_mantissa(mantissa, mode, format.weight_bits);
    if (kept == mantissa) return;
    refuse("DBG-VALUE", where,
           fmt::format("weight is {}, and the core stores {} bits of it: {}", value,
                       format.weight_bits, kept));
}

void check_delay(const isa::SynapseFormat& format, std::int64_t value,
                 const SourceLocation& where) {
    const std::int64_t most = (std::int64_t{1} << format.delay_bits) - 1;
    if (value >= 0 && value <= most) return;
    refuse("DBG-VALUE", where, fmt::format("delay is {}, must be in [0, {}]", value, most),
           "the core stores no more bits of it: give some synapse of the projection a longer one");
}

/// Writes a synapse of an image.
void store(isa::Image& image, const FoundSynapse& synapse, std::int32_t weight,
           std::uint32_t delay) {
    isa::CoreImage& core = image.cores[synapse.core];
    std::uint32_t* const block = core.synapses.data() + synapse.header;
    const isa::SynapseFormat& format = core.formats[isa::BlockHeader::format(*block)];
    if ((format.flags & isa::SynapseFormat::kDense) == 0) {
        std::uint32_t& word = block[1 + synapse.place];
        word = isa::SynapseWord::pack(weight, delay, isa::SynapseWord::target(word));
        return;
    }
    const isa::DenseField field{format};
    const std::uint32_t count = isa::BlockHeader::count(*block);
    std::vector<std::uint32_t> fields;
    for (std::uint32_t i = 0; i < count; ++i) fields.push_back(field.get(block + 2, i));
    fields[synapse.place] = field.pack(weight, delay);
    std::fill(block + 2, block + isa::block_words(format, count), 0U);
    for (std::uint32_t i = 0; i < count; ++i) field.put(block + 2, i, fields[i]);
}

}  // namespace

std::vector<isa::OutputAxon> axons_of(const Debugger& debugger, const Selection& selection,
                                      std::size_t member) {
    const std::span<const isa::OutputAxon> all = outputs(debugger, selection, member);
    return {all.begin(), all.end()};
}

std::vector<FoundSynapse> find_synapses(Debugger& debugger, const Selection& from,
                                        const Selection& to) {
    std::vector<FoundSynapse> found;
    Walk walk{debugger.image(), to, found};
    for (std::size_t i = 0; i < from.members.size(); ++i) {
        walk.take(from.members[i], outputs(debugger, from, i));
    }
    const bool learns = std::ranges::any_of(
        found, [](const FoundSynapse& s) { return s.id != FoundSynapse::kStatic; });
    if (learns && !debugger.is_inside()) {
        const emu::MachineState state = debugger.machine().save();
        for (FoundSynapse& synapse : found) {
            if (synapse.id == FoundSynapse::kStatic) continue;
            const emu::SynapseState& now = state.learned[synapse.entry].synapses[synapse.id];
            synapse.weight = now.weight;
            synapse.delay = static_cast<std::uint32_t>(now.delay);
        }
    }
    std::ranges::stable_sort(found, {}, [](const FoundSynapse& s) {
        return std::tuple{s.source, s.target};
    });
    return found;
}

std::size_t set_synapses(Debugger& debugger, const Selection& from, const Selection& to,
                         SynapseField field, std::int64_t value, const SourceLocation& where) {
    debugger.need_boundary(where);
    const std::vector<FoundSynapse> found = find_synapses(debugger, from, to);
    if (found.empty()) {
        refuse("DBG-VALUE", where,
               fmt::format("there is no synapse from {} to {}", from.text, to.text));
    }
    const bool is_weight = field == SynapseField::kWeight;
    for (const FoundSynapse& synapse : found) {
        const isa::CoreImage& core = debugger.image().cores[synapse.core];
        const isa::SynapseFormat& format =
            core.formats[isa::BlockHeader::format(core.synapses[synapse.header])];
        is_weight ? check_weight(format, value, where) : check_delay(format, value, where);
    }
    const auto is_static = [](const FoundSynapse& s) { return s.id == FoundSynapse::kStatic; };
    Debugger::Change change;
    if (std::ranges::any_of(found, is_static)) {
        change.image = [&](isa::Image& image) {
            for (const FoundSynapse& s : found) {
                if (!is_static(s)) continue;
                store(image, s, is_weight ? static_cast<std::int32_t>(value) : s.weight,
                      is_weight ? s.delay : static_cast<std::uint32_t>(value));
            }
        };
    }
    change.state = [&](emu::MachineState& state) {
        for (const FoundSynapse& s : found) {
            if (is_static(s)) continue;
            emu::SynapseState& synapse = state.learned[s.entry].synapses[s.id];
            (is_weight ? synapse.weight : synapse.delay) = static_cast<std::int16_t>(value);
        }
    };
    debugger.change(change, where);
    return found.size();
}

void set_axon(Debugger& debugger, const Selection& selection, std::uint32_t axon, AxonField field,
              std::int64_t value, const SourceLocation& where) {
    const std::int64_t most = field == AxonField::kPayloadBits ? isa::OutputAxon::kMaxPayloadBits
                              : field == AxonField::kChannel   ? isa::kChannels - 1
                                                               : 65535;
    if (value < 0 || value > most) {
        refuse("DBG-VALUE", where,
               fmt::format("{} is {}, must be in [0, {}]", name_of(kAxonFieldNames, field), value,
                           most));
    }
    const auto set = [&](isa::OutputAxon& output) {
        switch (field) {
            case AxonField::kCore:
                output.core = CoreId{static_cast<std::uint32_t>(value)};
                break;
            case AxonField::kAxon:
                output.axon = static_cast<std::uint16_t>(value);
                break;
            case AxonField::kAtom:
                output.atom = static_cast<std::uint16_t>(value);
                break;
            case AxonField::kChannel:
                output.channel = static_cast<std::uint8_t>(value);
                break;
            case AxonField::kPayloadBits:
                output.payload_bits = static_cast<std::uint8_t>(value);
                break;
        }
    };
    const auto set_in = [&](auto& of, std::size_t source) {
        const std::uint32_t first = of.output_first[source];
        const std::uint32_t count = of.output_first[source + 1] - first;
        if (axon >= count) {
            refuse(
                "DBG-VALUE", where,
                fmt::format("axon {} of {} is not there: it has {}", axon, selection.text, count));
        }
        set(of.outputs[first + axon]);
    };
    Debugger::Change change;
    change.image = [&](isa::Image& image) {
        for (std::size_t i = 0; i < selection.members.size(); ++i) {
            if (selection.is_input) {
                set_in(image.inputs[selection.index], selection.members[i]);
                continue;
            }
            const Debugger::Place& place =
                debugger.place_of(neuron_of(debugger.image(), selection, i));
            set_in(image.cores[place.core.index()], place.compartment);
        }
    };
    debugger.change(change, where);
}

}  // namespace seamount::debug
