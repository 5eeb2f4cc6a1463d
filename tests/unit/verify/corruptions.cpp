#include "tests/unit/verify/corruptions.hpp"

#include <algorithm>
#include <utility>

#include "isa/synapse_block.hpp"

namespace seamount::test {
namespace {

using isa::BlockHeader;
using isa::CoreImage;
using isa::SynapseWord;

/// A row of some core that has one: its core and the offset of its first header.
struct RowAt {
    CoreImage* core = nullptr;
    std::size_t header = 0;

    [[nodiscard]] std::uint32_t count() const { return BlockHeader::count(core->synapses[header]); }
    [[nodiscard]] isa::SynapseFormat& format() const {
        return core->formats[BlockHeader::format(core->synapses[header])];
    }
    [[nodiscard]] bool is_dense() const {
        return (format().flags & isa::SynapseFormat::kDense) != 0;
    }
};

RowAt any_row(Victim& v, Draw& draw) {
    std::vector<CoreImage*> with_rows;
    for (CoreImage& core : v.image.cores) {
        if (!core.rows.empty()) with_rows.push_back(&core);
    }
    RowAt at;
    at.core = draw.of(with_rows);
    do {
        at.header = draw.of(at.core->rows);
    } while (at.count() == 0);
    return at;
}

/// A synapse word of a row that is not dense; without core if a try finds none.
struct WordAt {
    CoreImage* core = nullptr;
    std::size_t header = 0;
    std::size_t word = 0;
    std::uint32_t& operator*() const { return core->synapses[word]; }
    explicit operator bool() const { return core != nullptr; }
};

WordAt any_word(Victim& v, Draw& draw) {
    const RowAt row = any_row(v, draw);
    if (row.is_dense()) return {};
    return {row.core, row.header, row.header + 1 + draw.below(row.count())};
}

std::uint32_t changed_weight(std::uint32_t word, std::int32_t weight) {
    return SynapseWord::pack(weight, SynapseWord::delay(word), SynapseWord::target(word));
}

/// Makes a block one synapse longer or shorter at `at`, moving the rows behind it.
void resize_block(const WordAt& at, bool longer) {
    auto& words = at.core->synapses;
    const std::uint32_t header = words[at.header];
    const std::uint32_t count = BlockHeader::count(header);
    words[at.header] = BlockHeader::pack(BlockHeader::last(header), BlockHeader::format(header),
                                         longer ? count + 1 : count - 1);
    const auto place = words.begin() + static_cast<std::ptrdiff_t>(at.word);
    if (longer) {
        const std::uint32_t copy = *place;
        words.insert(place, copy);
    } else {
        words.erase(place);
    }
    for (std::uint32_t& row : at.core->rows) {
        if (row > at.header) row = longer ? row + 1 : row - 1;
    }
}

CoreImage& core_with_outputs(Victim& v, Draw& draw) {
    std::vector<CoreImage*> list;
    for (CoreImage& core : v.image.cores) {
        if (core.outputs.size() > 1) list.push_back(&core);
    }
    return *draw.of(list);
}

bool has_outputs(const Victim& v) {
    return std::any_of(v.image.cores.begin(), v.image.cores.end(),
                       [](const CoreImage& core) { return core.outputs.size() > 1; });
}

void add_synapses(std::vector<Corruption>& list) {
    list.push_back({"flipped weight", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        const WordAt at = any_word(v, draw);
                        if (!at) return false;
                        *at ^= 1U << (25 + draw.below(6));
                        return true;
                    }});
    list.push_back({"negated weight", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        const WordAt at = any_word(v, draw);
                        if (!at || SynapseWord::weight(*at) == 0) return false;
                        *at = changed_weight(*at, -SynapseWord::weight(*at) == 256
                                                      ? 254
                                                      : -SynapseWord::weight(*at));
                        return true;
                    }});
    list.push_back({"wrong delay", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        const WordAt at = any_word(v, draw);
                        if (!at) return false;
                        const auto format = BlockHeader::format(at.core->synapses[at.header]);
                        at.core->formats[format].delay_bits = 6;
                        *at ^= 1U << (17 + draw.below(5));
                        return true;
                    }});
    list.push_back({"wrong target", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        const WordAt at = any_word(v, draw);
                        if (!at || at.core->neurons.size() < 2) return false;
                        const std::uint32_t old = SynapseWord::target(*at);
                        const auto by = 1 + draw.below(at.core->neurons.size() - 1);
                        *at = SynapseWord::pack(
                            SynapseWord::weight(*at), SynapseWord::delay(*at),
                            static_cast<std::uint32_t>((old + by) % at.core->neurons.size()));
                        return true;
                    }});
    list.push_back({"missing synapse", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        const WordAt at = any_word(v, draw);
                        if (at) resize_block(at, false);
                        return static_cast<bool>(at);
                    }});
    list.push_back({"duplicated synapse", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        const WordAt at = any_word(v, draw);
                        if (at) resize_block(at, true);
                        return static_cast<bool>(at);
                    }});
    list.push_back({"flipped weight of a dense row", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        const RowAt row = any_row(v, draw);
                        if (!row.is_dense()) return false;
                        const std::size_t bits = row.count() * isa::dense_bits(row.format());
                        const std::size_t bit = draw.below(bits);
                        row.core->synapses[row.header + 2 + bit / 32] ^= 1U << (bit % 32);
                        return true;
                    }});
    list.push_back({"dense row without its last synapse", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        const RowAt row = any_row(v, draw);
                        if (!row.is_dense() || row.count() == 1) return false;
                        --row.core->synapses[row.header];  // the count is in the low bits
                        return true;
                    }});
    list.push_back({"words without an axon", "VFY-AXON", [](Victim& v, Draw& draw) {
                        draw.of(v.image.cores).synapses.push_back(BlockHeader::pack(true, 0, 0));
                        return true;
                    }});
}

void add_formats(std::vector<Corruption>& list) {
    const auto change = [&list](const char* name, const char* code,
                                void (*edit)(isa::SynapseFormat&)) {
        list.push_back({name, code, [edit](Victim& v, Draw& draw) {
                            edit(any_row(v, draw).format());
                            return true;
                        }});
    };
    change("wrong exponent", "VFY-SYNAPSE", [](isa::SynapseFormat& f) {
        f.weight_exponent = static_cast<std::int8_t>(f.weight_exponent > 0 ? -8 : 7);
    });
    change("wrong accumulator", "VFY-SYNAPSE",
           [](isa::SynapseFormat& f) { f.accumulator = (f.accumulator + 1) & 3U; });
    change("wrong width of weights", "VFY-SYNAPSE",
           [](isa::SynapseFormat& f) { f.weight_bits = f.weight_bits == 8 ? 6 : 8; });
    change("wrong sign mode", "VFY-SYNAPSE",
           [](isa::SynapseFormat& f) { f.sign_mode = f.sign_mode % 3 + 1; });
    change("exponent on another sum", "VFY-SYNAPSE", [](isa::SynapseFormat& f) {
        f.flags ^= isa::SynapseFormat::kOnSum;
        f.sum += 1;
    });
    change("graded synapses", "VFY-SYNAPSE",
           [](isa::SynapseFormat& f) { f.flags ^= isa::SynapseFormat::kGraded; });
}

void add_axons(std::vector<Corruption>& list) {
    list.push_back({"swapped axons", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v)) return false;
                        CoreImage& core = core_with_outputs(v, draw);
                        const std::size_t a = draw.below(core.outputs.size());
                        const std::size_t b = draw.below(core.outputs.size());
                        if (core.outputs[a].core != core.outputs[b].core) return false;
                        std::swap(core.outputs[a].axon, core.outputs[b].axon);
                        return core.outputs[a].axon != core.outputs[b].axon;
                    }});
    list.push_back({"swapped rows", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        CoreImage& core = *any_row(v, draw).core;
                        const std::size_t a = draw.below(core.rows.size());
                        const std::size_t b = draw.below(core.rows.size());
                        std::swap(core.rows[a], core.rows[b]);
                        return a != b;
                    }});
    list.push_back({"axon onto another row", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        CoreImage& core = *any_row(v, draw).core;
                        auto& axon = draw.of(core.input_axons);
                        const std::uint32_t old = axon.first_row;
                        axon.first_row = static_cast<std::uint32_t>(draw.below(core.rows.size()));
                        return axon.first_row != old;
                    }});
    list.push_back({"missing output axon", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v)) return false;
                        CoreImage& core = core_with_outputs(v, draw);
                        const std::size_t at = draw.below(core.outputs.size());
                        core.outputs.erase(core.outputs.begin() + static_cast<std::ptrdiff_t>(at));
                        for (std::uint32_t& first : core.output_first) first -= first > at ? 1 : 0;
                        return true;
                    }});
    list.push_back({"duplicated output axon", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v)) return false;
                        CoreImage& core = core_with_outputs(v, draw);
                        const std::size_t at = draw.below(core.outputs.size());
                        const isa::OutputAxon copy = core.outputs[at];
                        core.outputs.insert(core.outputs.begin() + static_cast<std::ptrdiff_t>(at),
                                            copy);
                        for (std::uint32_t& first : core.output_first) first += first > at ? 1 : 0;
                        return true;
                    }});
    list.push_back({"spike to another core", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v) || v.image.cores.size() < 2) return false;
                        CoreImage& core = core_with_outputs(v, draw);
                        isa::OutputAxon& output = draw.of(core.outputs);
                        const CoreImage& other = draw.of(v.image.cores);
                        const bool changes = other.core != output.core;
                        output.core = static_cast<std::uint16_t>(other.core);
                        return changes && output.axon < other.input_axons.size();
                    }});
    list.push_back({"spikes of another channel", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v)) return false;
                        draw.of(core_with_outputs(v, draw).outputs).channel += 1;
                        return true;
                    }});
    list.push_back({"payload that nobody uses", "VFY-AXON", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v)) return false;
                        draw.of(core_with_outputs(v, draw).outputs).flags ^=
                            isa::OutputAxon::kGraded;
                        return true;
                    }});
    list.push_back({"swapped cores' tables", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        CoreImage& a = draw.of(v.image.cores);
                        CoreImage& b = draw.of(v.image.cores);
                        if (&a == &b || a.input_axons.size() != b.input_axons.size()) return false;
                        std::swap(a.input_axons, b.input_axons);
                        std::swap(a.rows, b.rows);
                        std::swap(a.synapses, b.synapses);
                        std::swap(a.formats, b.formats);
                        return a.synapses != b.synapses;
                    }});
    list.push_back({"swapped cores' fan-out", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        CoreImage& a = draw.of(v.image.cores);
                        CoreImage& b = draw.of(v.image.cores);
                        if (a.neurons.size() != b.neurons.size() || a.outputs == b.outputs)
                            return false;
                        std::swap(a.outputs, b.outputs);
                        std::swap(a.output_first, b.output_first);
                        return true;
                    }});
}

void add_neurons(std::vector<Corruption>& list) {
    list.push_back({"duplicated compartment", "VFY-NEURON", [](Victim& v, Draw& draw) {
                        auto& neurons = draw.of(v.image.cores).neurons;
                        const std::size_t a = draw.below(neurons.size());
                        const std::size_t b = draw.below(neurons.size());
                        neurons[a] = neurons[b];
                        return a != b;
                    }});
    list.push_back({"swapped compartments", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        CoreImage& core = draw.of(v.image.cores);
                        const isa::NeuronGroup& group = draw.of(core.groups);
                        const std::size_t a = group.first + draw.below(group.count);
                        const std::size_t b = group.first + draw.below(group.count);
                        std::swap(core.neurons[a], core.neurons[b]);
                        return a != b;
                    }});
    list.push_back({"wrong parameter", "VFY-PARAMETER", [](Victim& v, Draw& draw) {
                        isa::NeuronGroup& group = draw.of(draw.of(v.image.cores).groups);
                        group.params[draw.below(group.params.size())] ^= 1 << draw.below(12);
                        return true;
                    }});
    list.push_back({"wrong initial state", "VFY-STATE", [](Victim& v, Draw& draw) {
                        isa::NeuronGroup& group = draw.of(draw.of(v.image.cores).groups);
                        if (group.state.empty()) return false;
                        draw.of(draw.of(group.state)) ^= 1 << draw.below(20);
                        return true;
                    }});
    list.push_back({"state of one neuron only", "VFY-STATE", [](Victim& v, Draw& draw) {
                        isa::NeuronGroup& group = draw.of(draw.of(v.image.cores).groups);
                        if (group.state.empty() || group.count < 2) return false;
                        auto& words = draw.of(group.state);
                        if (words.size() == 1) words.resize(group.count, words.front());
                        words[draw.below(words.size())] += 1;
                        return true;
                    }});
    list.push_back({"wrong microcode word", "VFY-PROGRAM", [](Victim& v, Draw& draw) {
                        auto& words = draw.of(v.image.programs).words;
                        const std::size_t at = draw.below(words.size() - 1);
                        const std::uint32_t old = words[at];
                        words[at] = words[draw.below(words.size() - 1)];
                        return words[at] != old;
                    }});
    list.push_back({"shorter microcode", "VFY-PROGRAM", [](Victim& v, Draw& draw) {
                        auto& program = draw.of(v.image.programs);
                        const auto at =
                            static_cast<std::ptrdiff_t>(draw.below(program.words.size() - 1));
                        program.words.erase(program.words.begin() + at);
                        program.lines.clear();
                        return true;
                    }});
}

void add_limits(std::vector<Corruption>& list) {
    const auto lower = [&list](const char* name, void (*edit)(isa::CoreLimits&, const CoreImage&)) {
        list.push_back({name, "VFY-LIMIT", [edit](Victim& v, Draw& draw) {
                            edit(v.chip.limits, *any_row(v, draw).core);
                            return true;
                        }});
    };
    lower("too many compartments", [](isa::CoreLimits& l, const CoreImage& core) {
        l.compartments = static_cast<std::uint32_t>(core.neurons.size()) - 1;
        if (l.compartments == 0) l.synapse_bits = 1;
    });
    lower("too many input axons", [](isa::CoreLimits& l, const CoreImage& core) {
        l.input_axons =
            std::max<std::uint32_t>(static_cast<std::uint32_t>(core.input_axons.size()) - 1, 1);
        if (core.input_axons.size() == 1) l.synapse_bits = 1;
    });
    lower("too much synapse memory", [](isa::CoreLimits& l, const CoreImage& core) {
        l.synapse_bits = std::uint64_t{core.synapses.size() - core.rows.size()};
    });
    lower("too much microcode",
          [](isa::CoreLimits& l, const CoreImage&) { l.microcode_words = 1; });
    list.push_back({"too many output axons", "VFY-LIMIT", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v)) return false;
                        v.chip.limits.output_axons = static_cast<std::uint32_t>(
                            core_with_outputs(v, draw).outputs.size() - 1);
                        return true;
                    }});
    list.push_back({"dead core in use", "VFY-CHIP", [](Victim& v, Draw& draw) {
                        v.chip.faults.dead_cores = {draw.of(v.image.cores).core};
                        return true;
                    }});
    list.push_back({"dead synapse memory in use", "VFY-LIMIT", [](Victim& v, Draw& draw) {
                        const CoreImage& core = *any_row(v, draw).core;
                        const std::uint64_t words = v.chip.limits.synapse_bits / 64;
                        v.chip.faults.dead_synapse_words = {{core.core, words}};
                        return true;
                    }});
    list.push_back({"core that the chip does not have", "VFY-CHIP", [](Victim& v, Draw&) {
                        v.image.cores.back().core = v.chip.cores();
                        return true;
                    }});
    list.push_back({"another chip", "VFY-CHIP", [](Victim& v, Draw&) {
                        v.chip.resolved += "# another\n";
                        return true;
                    }});
}

void add_tables(std::vector<Corruption>& list) {
    list.push_back({"another seed", "VFY-NETWORK", [](Victim& v, Draw& draw) {
                        v.image.seed ^= std::uint64_t{1} << draw.below(60);
                        return true;
                    }});
    list.push_back({"renamed population", "VFY-NETWORK", [](Victim& v, Draw& draw) {
                        draw.of(v.image.populations).name += "x";
                        return true;
                    }});
    list.push_back({"projection onto another population", "VFY-NETWORK", [](Victim& v, Draw& draw) {
                        draw.of(v.image.projections).name += "x";
                        return true;
                    }});
    list.push_back({"other input", "VFY-INPUT", [](Victim& v, Draw& draw) {
                        if (v.image.inputs.empty()) return false;
                        isa::InputImage& input = draw.of(v.image.inputs);
                        if (!input.spike_steps.empty()) {
                            draw.of(input.spike_steps) += 1;
                        } else if (!input.rates.empty()) {
                            draw.of(input.rates) ^= 1U << draw.below(20);
                        } else if (!input.samples.empty()) {
                            draw.of(input.samples) ^= 1;
                        } else {
                            return false;
                        }
                        return true;
                    }});
    list.push_back({"other label", "VFY-INPUT", [](Victim& v, Draw& draw) {
                        if (v.image.dataset.labels.empty()) return false;
                        draw.of(v.image.dataset.labels) += 1;
                        return true;
                    }});
    list.push_back({"other readout", "VFY-PROBE", [](Victim& v, Draw&) {
                        v.image.readout.state += 1;
                        return true;
                    }});
}

}  // namespace

const std::vector<Corruption>& corruptions() {
    static const std::vector<Corruption> list = [] {
        std::vector<Corruption> all;
        add_synapses(all);
        add_formats(all);
        add_axons(all);
        add_neurons(all);
        add_limits(all);
        add_tables(all);
        return all;
    }();
    return list;
}

}  // namespace seamount::test
