#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <tuple>

#include "compiler/verify/expected.hpp"
#include "compiler/verify/padding.hpp"

namespace seamount::compiler::verifier {
namespace {

/// Counts what the network needs of the pools from where its neurons are, by the formulas that
/// isa/image/pool_cost.hpp states; written apart from it.
class PoolCheck {
public:
    explicit PoolCheck(Subject& subject)
        : subject_{subject}, cores_{subject.image.cores.size()}, need_(cores_) {}

    std::vector<isa::PoolUse> count() {
        for (const Projection& p : subject_.network.projections) {
            if (p.share && p.convolution) {
                add_kernel(p);
            } else {
                add_rows(p);
            }
        }
        for (const auto& [key, sources] : listened_) need_[std::get<3>(key)].input_axons += sources;
        for (std::uint32_t p = 0; p < subject_.network.populations.size(); ++p) add_map(p);
        return std::move(need_);
    }

private:
    struct Weights {
        std::uint32_t bits = 1;  ///< of a weight with its delay and tags
        bool full = true;        ///< each source has one synapse to each target, in order
    };

    [[nodiscard]] std::size_t home(NeuronId neuron) const {
        const Place& place = subject_.places[neuron];
        return place.exists() ? place.slot.index() : cores_;
    }

    static std::uint32_t words(std::uint64_t bits) {
        return static_cast<std::uint32_t>((bits + 63) / 64);
    }

    Weights weights_of(const Projection& p) const {
        const std::uint32_t sources = subject_.network.source_size(p.from);
        const std::uint32_t targets = subject_.network.populations[p.to].size;
        const WeightRule rule = ExpectedSynapses::rule_of(p, sources);
        Weights found;
        std::uint32_t delay = 0;
        std::int32_t largest = 0;
        std::vector<RawSynapse> row;
        for (std::uint32_t s = 0; s < sources; ++s) {
            p.rows->row(s, row);
            found.full = found.full && row.size() == targets;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::int32_t weight = stored_weight(row[i].weight, rule);
                largest = std::max(largest, weight < 0 ? -weight : weight);
                delay = std::max(delay, row[i].delay);
                found.full = found.full && row[i].target == i;
            }
        }
        if (p.learning_rule) {
            found.bits = learning_bits(p);
            return found;
        }
        // The smallest width with largest <= 2^width; without a sign 2^width - 1.
        const std::int32_t whole = rule.sign == WeightRule::kMixed ? 0 : 1;
        while ((1 << found.bits) - whole < largest) ++found.bits;
        found.bits += static_cast<std::uint32_t>(std::bit_width(delay));
        return found;
    }

    /// Weight, delay and tags of synapses that learn, as the image has them.
    [[nodiscard]] std::uint32_t learning_bits(const Projection& projection) const {
        std::uint32_t number = 0;
        for (const Projection& p : subject_.network.projections) {
            if (p.learning_rule) ++number;
            if (&p == &projection) break;
        }
        for (const isa::CoreImage& core : subject_.image.cores) {
            for (const isa::SynapseFormat& f : core.formats) {
                if (f.plastic == number) {
                    return std::uint32_t{f.weight_bits} + f.delay_bits + f.tag_bits;
                }
            }
        }
        return projection.bits;
    }

    /// The rows of a kernel: once per core for each set of output channels at a place.
    void add_kernel(const Projection& p) {
        const Convolution& c = *p.convolution;
        const std::uint32_t bits = weights_of(p).bits + 1;
        const NeuronId first = subject_.network.populations[p.to].first_neuron;
        std::vector<std::set<std::vector<bool>>> sets(cores_ + 1);
        for (std::uint32_t place = 0; place < c.out.places(); ++place) {
            std::map<std::size_t, std::vector<bool>> here;
            for (std::uint32_t channel = 0; channel < c.out.channels; ++channel) {
                auto& held = here[home(first + c.out.index(channel, place))];
                held.resize(c.out.channels);
                held[channel] = true;
            }
            for (const auto& [core, held] : here) sets[core].insert(held);
        }
        for (std::size_t core = 0; core < cores_; ++core) {
            if (sets[core].empty()) continue;
            need_[core].input_axons += c.stride[1];
            for (const std::vector<bool>& held : sets[core]) {
                for (std::uint32_t group = 0; group < c.groups; ++group) {
                    const auto from = held.begin() + group * c.outputs_per_group();
                    const auto outputs = static_cast<std::uint64_t>(
                        std::count(from, from + c.outputs_per_group(), true));
                    if (outputs == 0) continue;
                    need_[core].synapse_words += c.inputs_per_group() * c.kernel[0] * c.kernel[1] *
                                                 words(outputs * bits + 32);
                }
            }
        }
    }

    /// One row for each source with synapses on a core; of all sources if every one has a synapse
    /// to every target, those of weight 0 included.
    void add_rows(const Projection& p) {
        const Weights weights = weights_of(p);
        const bool drops = subject_.chip.zeros == isa::ZeroWeights::kDropped && !p.learning_rule;
        const std::uint32_t sources = subject_.network.source_size(p.from);
        const NeuronId first = subject_.network.populations[p.to].first_neuron;
        const WeightRule rule = ExpectedSynapses::rule_of(p, sources);
        std::vector<std::uint64_t> count(cores_ + 1);
        std::vector<RawSynapse> row;
        for (std::uint32_t s = 0; s < sources; ++s) {
            p.rows->row(s, row);
            std::fill(count.begin(), count.end(), 0);
            for (const RawSynapse& raw : row) {
                const bool none = drops && stored_weight(raw.weight, rule) == 0;
                if (weights.full || !none) ++count[home(first + raw.target)];
            }
            std::uint32_t reached = 0;
            for (std::size_t core = 0; core < cores_; ++core) {
                if (count[core] == 0) continue;
                ++reached;
                need_[core].synapse_words += words(count[core] * (12 + weights.bits) + 16);
                hear(p, s, core);
            }
            if (weights.full || p.from.is_input || reached < 2) continue;
            const std::size_t own =
                home(subject_.network.populations[p.from.index].first_neuron + s);
            if (own < cores_) need_[own].axon_memory += reached;
        }
    }

    /// Notes an input axon of a core: one per source and channel, whatever the projections.
    void hear(const Projection& p, std::uint32_t source, std::size_t core) {
        auto& known = heard_[{p.from.is_input, p.from.index, p.channel, core}];
        known.resize(subject_.network.source_size(p.from));
        if (known[source]) return;
        known[source] = true;
        ++listened_[{p.from.is_input, p.from.index, p.channel, core}];
    }

    void add_map(std::uint32_t population) {
        const Population& own = subject_.network.populations[population];
        std::map<std::uint32_t, const Convolution*> layers;
        for (const Projection& p : subject_.network.projections) {
            if (p.from != SourceRef{false, population}) continue;
            const Convolution*& kernel = layers[p.to];
            if (p.share && p.convolution) kernel = p.convolution.get();
        }
        std::uint32_t each = layers.empty() ? 1 : 0;
        std::uint32_t entries = 0;
        const Convolution* any = nullptr;
        for (const auto& [layer, kernel] : layers) {
            if (kernel == nullptr) {
                ++each;
                continue;
            }
            any = kernel;
            const std::uint32_t channels = kernel->in.channels;
            entries += channels > 3 && (channels & (channels - 1)) != 0 ? 2 : 1;
        }
        for (std::uint32_t i = 0; i < own.size; ++i) {
            const std::size_t core = home(own.first_neuron + i);
            if (core < cores_) need_[core].axon_map += each;
        }
        if (any == nullptr) return;
        for (std::uint32_t place = 0; place < any->in.places(); ++place) {
            std::set<std::size_t> here;
            for (std::uint32_t c = 0; c < any->in.channels; ++c) {
                here.insert(home(own.first_neuron + any->in.index(c, place)));
            }
            for (const std::size_t core : here) {
                if (core < cores_) need_[core].axon_map += entries;
            }
        }
        for (const Projection& p : subject_.network.projections) {
            if (p.from == SourceRef{false, population} && p.share && p.convolution) add_lists(p);
        }
    }

    /// The lists of target cores of the places of a map that reach several; they stand where the
    /// first channel does.
    void add_lists(const Projection& p) {
        const Convolution& c = *p.convolution;
        const NeuronId source = subject_.network.populations[p.from.index].first_neuron;
        const NeuronId target = subject_.network.populations[p.to].first_neuron;
        const bool drops = subject_.chip.zeros == isa::ZeroWeights::kDropped;
        const WeightRule rule = ExpectedSynapses::rule_of(p, subject_.network.source_size(p.from));
        std::vector<RawSynapse> row;
        for (std::uint32_t place = 0; place < c.in.places(); ++place) {
            std::set<std::size_t> reached;
            for (std::uint32_t channel = 0; channel < c.in.channels; ++channel) {
                p.rows->row(c.in.index(channel, place), row);
                for (const RawSynapse& raw : row) {
                    if (drops && stored_weight(raw.weight, rule) == 0) continue;
                    reached.insert(home(target + raw.target));
                }
            }
            const std::size_t own = home(source + c.in.index(0, place));
            if (reached.size() > 1 && own < cores_) {
                need_[own].axon_memory += static_cast<std::uint32_t>(reached.size());
            }
        }
    }

    using Origin = std::tuple<bool, std::uint32_t, std::uint32_t, std::size_t>;  // and core

    Subject& subject_;
    std::size_t cores_;
    std::vector<isa::PoolUse> need_;
    std::map<Origin, std::vector<bool>> heard_;
    std::map<Origin, std::uint32_t> listened_;
};

/// Compartments beyond the edge of a map, by core.
std::vector<std::uint32_t> padding_of(const Subject& subject) {
    std::vector<std::uint32_t> padding(subject.image.cores.size());
    for (std::uint32_t p = 0; p < subject.network.populations.size(); ++p) {
        const auto tiles = tiles_of(subject, p);
        if (!tiles) continue;
        const std::uint32_t whole = tiles->height * tiles->width * tiles->map.channels;
        for (const CoreSlot slot : tiles->slots) {
            const auto held = static_cast<std::uint32_t>(subject.core_at(slot).neurons.size());
            padding[slot.index()] = whole - held;
        }
    }
    return padding;
}

}  // namespace

void check_pool(Subject& subject) {
    subject.pool = PoolCheck{subject}.count();
    subject.padding = padding_of(subject);
    for (std::size_t c = 0; c < subject.pool.size(); ++c) {
        const isa::CoreImage& core = subject.image.cores[c];
        const isa::PoolUse& asked = subject.pool[c];
        const auto compare = [&](const char* what, std::uint32_t held, std::uint32_t needed) {
            if (held == needed) return;
            subject.findings.add("VFY-LIMIT", "core {} claims {} {}, the network needs {}",
                                 core.core, held, what, needed);
        };
        compare("input axons of its pool", core.pool.input_axons, asked.input_axons);
        compare("synapse words", core.pool.synapse_words, asked.synapse_words);
        compare("axon-map entries", core.pool.axon_map, asked.axon_map);
        compare("axon-memory entries", core.pool.axon_memory, asked.axon_memory);
        compare("compartments that fill its tile up", core.padding, subject.padding[c]);
    }
}

}  // namespace seamount::compiler::verifier
