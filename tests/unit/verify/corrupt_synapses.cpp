#include <utility>
#include <vector>

#include "tests/unit/verify/corruption_parts.hpp"

namespace seamount::test {
namespace {

using isa::BlockHeader;
using isa::CoreImage;
using isa::SynapseWord;

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

/// The words of a row's first block.
std::vector<std::uint32_t> first_block(const CoreImage& core, std::size_t row) {
    const std::uint32_t header = core.synapses[core.rows[row]];
    const std::uint64_t words =
        isa::block_words(core.formats[BlockHeader::format(header)], BlockHeader::count(header));
    const auto first = core.synapses.begin() + core.rows[row];
    return {first, first + static_cast<std::ptrdiff_t>(words)};
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

}  // namespace

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
    change("another rule of the accumulator", "VFY-SYNAPSE",
           [](isa::SynapseFormat& f) { f.set_rule(isa::Accumulate::kMax); });
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
                        const bool differ = first_block(core, a) != first_block(core, b);
                        std::swap(core.rows[a], core.rows[b]);
                        return differ;
                    }});
    list.push_back({"axon onto another row", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        CoreImage& core = *any_row(v, draw).core;
                        auto& axon = draw.of(core.input_axons);
                        if (axon.has_visits()) return false;
                        const std::uint32_t old = axon.first_row;
                        axon.first_row = static_cast<std::uint32_t>(draw.below(core.rows.size()));
                        return first_block(core, axon.first_row) != first_block(core, old);
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
                        output.core = other.core;
                        return changes && output.axon < other.input_axons.size();
                    }});
    list.push_back({"spikes of another channel", "VFY-SYNAPSE", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v)) return false;
                        draw.of(core_with_outputs(v, draw).outputs).channel += 1;
                        return true;
                    }});
    list.push_back({"payload that nobody uses", "VFY-AXON", [](Victim& v, Draw& draw) {
                        if (!has_outputs(v)) return false;
                        isa::OutputAxon& output = draw.of(core_with_outputs(v, draw).outputs);
                        output.payload_bits = output.graded() ? 0 : 24;
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

}  // namespace seamount::test
