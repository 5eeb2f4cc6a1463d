#include <algorithm>
#include <span>

#include "compiler/verify/expected.hpp"
#include "compiler/verify/padding.hpp"
#include "compiler/verify/parts.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::compiler::verifier {
namespace {

/// The synapses of the image, followed from a source through its fan-out list, the input axons of
/// the cores and their rows. Notes what is reached.
class HeldSynapses {
public:
    HeldSynapses(Subject& subject, SynapseKinds& kinds) : subject_{subject}, kinds_{kinds} {
        for (const isa::CoreImage& core : subject.image.cores) {
            const std::size_t needed = core.core.index() + 1;
            if (needed > core_by_id_.size()) core_by_id_.resize(needed, nullptr);
            core_by_id_[core.core] = &core;
            Reached& reached = reached_.emplace_back();
            reached.axons.resize(core.input_axons.size());
            reached.words.resize(core.synapses.size());
            reached.first_id.push_back(0);
            for (const isa::PlasticBlock& block : core.plastic.blocks) {
                reached.first_id.push_back(reached.first_id.back() +
                                           isa::BlockHeader::count(core.synapses[block.header]));
            }
            for (const isa::SynapseFormat& format : core.formats) {
                reached.kinds.push_back(kinds.number_of(format));
            }
        }
    }

    /// Replaces `row` with what a spike of source `index` over these fan-out entries reaches.
    void row(const std::string& who, SourceRef source, std::uint32_t index,
             std::span<const isa::OutputAxon> outputs, std::vector<Synapse>& row) {
        row.clear();
        padding_.clear();
        for (const isa::OutputAxon& output : outputs) {
            const isa::CoreImage* const core =
                output.core.index() < core_by_id_.size() ? core_by_id_[output.core] : nullptr;
            if (core == nullptr || output.axon >= core->input_axons.size()) {
                subject_.findings.add("VFY-AXON", "{} sends to axon {} of core {}: no such axon",
                                      who, output.axon, output.core);
                continue;
            }
            follow(who, source, index, output, *core, row);
        }
    }

    /// What the last row() found onto padding.
    [[nodiscard]] std::vector<PaddingSynapse>& padding() noexcept { return padding_; }

    /// Reports axons and words that no source reaches.
    void report_unused() {
        for (std::size_t c = 0; c < reached_.size(); ++c) {
            const isa::CoreImage& core = subject_.image.cores[c];
            const auto unused = [&](const std::vector<bool>& list, const char* what) {
                const auto count = std::count(list.begin(), list.end(), false);
                if (count == 0) return;
                subject_.findings.add("VFY-AXON", "core {}: no source reaches {} of its {} {}",
                                      core.core, count, list.size(), what);
            };
            unused(reached_[c].axons, "input axons");
            unused(reached_[c].words, "words of synapse memory");
        }
    }

private:
    struct Reached {
        std::vector<bool> axons;
        std::vector<bool> words;
        std::vector<std::uint16_t> kinds;  ///< of each format of the core
        /// Place of each plastic block's first synapse in PlasticMemory::ids.
        std::vector<std::uint64_t> first_id;
    };

    /// The ids of the synapses of the block at `header`; empty, with a finding, if it is none of
    /// the core's plastic blocks or belongs to another source.
    std::span<const std::uint32_t> ids_of(const std::string& who, std::uint32_t index,
                                          const isa::CoreImage& core, const Reached& reached,
                                          std::size_t header) {
        const auto& blocks = core.plastic.blocks;
        const auto block = std::lower_bound(
            blocks.begin(), blocks.end(), header,
            [](const isa::PlasticBlock& b, std::size_t at) { return b.header < at; });
        if (block == blocks.end() || block->header != header || block->source != index) {
            subject_.findings.add("VFY-LEARNING",
                                  "{}: its synapses on core {} are in no list of those that learn",
                                  who, core.core);
            return {};
        }
        const auto number = static_cast<std::size_t>(block - blocks.begin());
        return std::span{core.plastic.ids}.subspan(
            reached.first_id[number], reached.first_id[number + 1] - reached.first_id[number]);
    }

    /// Whether the payload of a spike changes what synapses of this format do or learn.
    [[nodiscard]] bool uses_payload(const isa::SynapseFormat& format) const {
        if ((format.flags & isa::SynapseFormat::kGraded) != 0) return true;
        const isa::LearningImage& learning = subject_.image.learning;
        if (format.plastic == 0 || format.plastic > learning.projections.size()) return false;
        const std::uint32_t rule = learning.projections[format.plastic - 1U].rule;
        return rule < learning.rules.size() &&
               learning.rules[rule].graded != isa::GradedTrace::kImpulse;
    }

    /// Width that the widest projection asks for that takes payloads from there.
    [[nodiscard]] std::uint32_t payload_bits(SourceRef source, std::uint32_t channel) const {
        std::uint32_t widest = 0;
        for (const Projection& projection : subject_.network.projections) {
            if (projection.from != source || projection.channel != channel ||
                !subject_.network.takes_payloads(projection)) {
                continue;
            }
            widest =
                std::max(widest, projection.payload_bits.value_or(subject_.chip.mesh.payload_bits));
        }
        return widest;
    }

    /// All rows of a population axon belong to it, also those of atoms without a synapse here.
    static void mark_rows(const isa::CoreImage& core, const isa::InputAxon& axon,
                          std::vector<bool>& words) {
        isa::for_each_visit(core, axon, [&](std::uint32_t first, std::uint32_t, bool) {
            mark_rows(core, first, axon.rows, words);
        });
    }
    static void mark_rows(const isa::CoreImage& core, std::size_t first, std::size_t rows,
                          std::vector<bool>& words) {
        for (std::size_t row = first; row < first + rows; ++row) {
            bool last = false;
            for (std::size_t at = core.rows[row]; !last;) {
                const std::uint32_t header = core.synapses[at];
                last = isa::BlockHeader::last(header);
                const std::uint64_t count =
                    isa::block_words(core.formats[isa::BlockHeader::format(header)],
                                     isa::BlockHeader::count(header));
                const auto from = words.begin() + static_cast<std::ptrdiff_t>(at);
                std::fill(from, from + static_cast<std::ptrdiff_t>(count), true);
                at += count;
            }
        }
    }

    void follow(const std::string& who, SourceRef source, std::uint32_t index,
                const isa::OutputAxon& output, const isa::CoreImage& core,
                std::vector<Synapse>& row) {
        Reached& reached = reached_[static_cast<std::size_t>(&core - subject_.image.cores.data())];
        const isa::InputAxon& axon = core.input_axons[output.axon];
        if (!reached.axons[output.axon]) {
            reached.axons[output.axon] = true;
            mark_rows(core, axon, reached.words);
        }
        if (output.atom >= axon.rows) {
            subject_.findings.add("VFY-AXON", "{} sends to core {} axon {} atom {}: no such row",
                                  who, core.core, output.axon, output.atom);
            return;
        }
        bool graded = false;
        isa::for_each_visit(core, axon, [&](std::uint32_t first, std::uint32_t base, bool padding) {
            follow_row(who, index, output, core, first, base, padding, graded, row);
        });
        check_payload(who, source, output, core, graded);
    }

    /// The synapses of one row of an axon. Those of padding have no targets: they are kept apart.
    void follow_row(const std::string& who, std::uint32_t index, const isa::OutputAxon& output,
                    const isa::CoreImage& core, std::uint32_t first, std::uint32_t base,
                    bool padding, bool& graded, std::vector<Synapse>& row) {
        Reached& reached = reached_[static_cast<std::size_t>(&core - subject_.image.cores.data())];
        const auto slot = static_cast<std::uint32_t>(&core - subject_.image.cores.data());
        bool last = false;
        for (std::size_t at = core.rows[std::size_t{first} + output.atom]; !last;) {
            const std::uint32_t header = core.synapses[at];
            const std::uint32_t format = isa::BlockHeader::format(header);
            const std::uint64_t words =
                isa::block_words(core.formats[format], isa::BlockHeader::count(header));
            last = isa::BlockHeader::last(header);
            graded = graded || uses_payload(core.formats[format]);
            std::span<const std::uint32_t> ids;
            if (core.formats[format].plastic != 0) ids = ids_of(who, index, core, reached, at);
            std::size_t next = 0;
            isa::for_each_synapse(
                core.formats[format], core.synapses.data() + at,
                [&](const isa::StoredSynapse& synapse) {
                    if (padding) {
                        padding_.push_back({CoreSlot{slot}, synapse.weight});
                        return;
                    }
                    const std::uint32_t target = base + synapse.target;
                    row.push_back(
                        {target < core.neurons.size() ? core.neurons[target] : NeuronId::none(),
                         reached.kinds[format], static_cast<std::uint8_t>(synapse.delay),
                         output.channel, synapse.weight, next < ids.size() ? ids[next++] : 0});
                });
            at += words;
        }
    }

    void check_payload(const std::string& who, SourceRef source, const isa::OutputAxon& output,
                       const isa::CoreImage& core, bool graded) {
        if (graded != output.graded()) {
            subject_.findings.add("VFY-AXON", "{} {} its payload to core {}, whose synapses {} it",
                                  who, graded ? "does not send" : "sends", core.core,
                                  graded ? "need" : "do not need");
            return;
        }
        const std::uint32_t bits = graded ? payload_bits(source, output.channel) : 0;
        if (bits == output.payload_bits) return;
        subject_.findings.add("VFY-AXON",
                              "{} sends payloads of {} bits to core {}, the network says {}", who,
                              output.payload_bits, core.core, bits);
    }

    Subject& subject_;
    SynapseKinds& kinds_;
    std::vector<PaddingSynapse> padding_;
    IdVector<CoreId, const isa::CoreImage*> core_by_id_;
    std::vector<Reached> reached_;  ///< by index of the core
};

/// Says how the synapses of one source differ.
class RowDifference {
public:
    RowDifference(Subject& subject, const SynapseKinds& kinds, std::string source)
        : subject_{subject}, kinds_{kinds}, source_{std::move(source)} {}

    /// Both must be sorted.
    void report(const std::vector<Synapse>& asked, const std::vector<Synapse>& held) {
        std::vector<Synapse> missing;
        std::vector<Synapse> extra;
        std::set_difference(asked.begin(), asked.end(), held.begin(), held.end(),
                            std::back_inserter(missing));
        std::set_difference(held.begin(), held.end(), asked.begin(), asked.end(),
                            std::back_inserter(extra));
        auto other = extra.begin();
        for (const Synapse& synapse : missing) {
            while (other != extra.end() && other->target < synapse.target) report_extra(*other++);
            if (other != extra.end() && other->target == synapse.target) {
                report_changed(synapse, *other++);
            } else {
                say(synapse, "is not in the image");
            }
        }
        while (other != extra.end()) report_extra(*other++);
    }

private:
    void report_extra(const Synapse& synapse) {
        if (synapse.target == NeuronId::none()) {
            subject_.findings.add("VFY-SYNAPSE", "{} has a synapse onto no compartment", source_);
            return;
        }
        say(synapse, fmt::format("(weight {}, delay {}) is in the image but not in the network, or "
                                 "more often",
                                 synapse.weight, synapse.delay));
    }
    void report_changed(const Synapse& asked, const Synapse& held) {
        if (asked.weight != held.weight) {
            say(asked, fmt::format("has stored weight {}, the network says {}", held.weight,
                                   asked.weight));
        }
        if (asked.delay != held.delay) {
            say(asked, fmt::format("has delay {}, the network says {}", held.delay, asked.delay));
        }
        if (asked.id != held.id) {
            say(asked, fmt::format("learns as synapse {} of its projection, the network says {}",
                                   held.id, asked.id));
        }
        if (asked.channel != held.channel) {
            say(asked,
                fmt::format("hears channel {}, the network says {}", held.channel, asked.channel));
        }
        if (asked.kind == held.kind) return;
        const isa::SynapseFormat& a = kinds_[held.kind];
        const isa::SynapseFormat& b = kinds_[asked.kind];
        const auto text = [](const isa::SynapseFormat& f) {
            const auto has = [&f](std::uint8_t flag) { return (f.flags & flag) != 0; };
            return fmt::format(
                "{} bits, exponent {}{}, sign mode {}, accumulator {} ({}), {}", f.weight_bits,
                f.weight_exponent,
                has(isa::SynapseFormat::kOnSum) ? fmt::format(" on sum {}", f.sum) : "",
                f.sign_mode, f.accumulator, name_of(isa::kAccumulateNames, f.rule()),
                has(isa::SynapseFormat::kGraded) ? "graded" : "not graded");
        };
        say(asked, fmt::format("is stored with {}; the network says {}", text(a), text(b)));
    }
    void say(const Synapse& synapse, const std::string& what) {
        const Place& place = subject_.places[synapse.target];
        const std::string core =
            !place.exists() ? "no core" : fmt::format("core {}", subject_.core_at(place.slot).core);
        subject_.findings.add("VFY-SYNAPSE", "synapse {} -> {} on {} {}", source_,
                              subject_.name_of(synapse.target), core, what);
    }

    Subject& subject_;
    const SynapseKinds& kinds_;
    std::string source_;
};

/// The fan-out list of one source.
std::span<const isa::OutputAxon> list_of(const std::vector<std::uint32_t>& first,
                                         const std::vector<isa::OutputAxon>& outputs,
                                         std::size_t index) {
    if (index + 1 >= first.size()) return {};
    return std::span{outputs}.subspan(first[index], first[index + 1] - first[index]);
}

}  // namespace

void check_synapses(Subject& subject) {
    SynapseKinds kinds;
    ExpectedSynapses expected{subject.network, subject.chip, kinds};
    HeldSynapses image{subject, kinds};
    ExpectedPadding padding{subject};
    std::vector<PaddingSynapse> asked_padding;
    std::vector<Synapse> asked;
    std::vector<Synapse> held;
    const auto compare = [&](SourceRef source, std::uint32_t index,
                             std::span<const isa::OutputAxon> outputs) {
        expected.row(source, index, asked);
        image.row(subject.name_of(source, index), source, index, outputs, held);
        subject.result.synapses += asked.size();
        padding.row(source, index, asked_padding);
        std::sort(asked_padding.begin(), asked_padding.end());
        std::sort(image.padding().begin(), image.padding().end());
        if (asked_padding != image.padding()) {
            subject.findings.add(
                "VFY-SYNAPSE",
                "{} has {} synapses onto what fills tiles up, of which the network "
                "says {} with these weights",
                subject.name_of(source, index), image.padding().size(), asked_padding.size());
        }
        std::sort(asked.begin(), asked.end());
        std::sort(held.begin(), held.end());
        if (asked == held) return;
        RowDifference{subject, kinds, subject.name_of(source, index)}.report(asked, held);
    };
    for (std::uint32_t i = 0; i < subject.network.inputs.size(); ++i) {
        const isa::InputImage& input = subject.image.inputs[i];
        for (std::uint32_t k = 0; k < input.size; ++k) {
            compare({true, i}, k, list_of(input.output_first, input.outputs, k));
        }
    }
    for (std::uint32_t p = 0; p < subject.network.populations.size(); ++p) {
        const Population& population = subject.network.populations[p];
        for (std::uint32_t k = 0; k < population.size; ++k) {
            const Place& place = subject.places[population.first_neuron + k];
            if (!place.exists()) {                   // reported
                expected.row({false, p}, k, asked);  // counts its synapses
                continue;
            }
            const isa::CoreImage& core = subject.core_at(place.slot);
            compare({false, p}, k, list_of(core.output_first, core.outputs, place.compartment));
        }
    }
    image.report_unused();
}

}  // namespace seamount::compiler::verifier
