#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/lowered.hpp"

namespace seamount::compiler {

/// Synapses of one source that share a target core and a format.
struct FanoutGroup {
    std::uint32_t core = 0;
    std::uint32_t format = 0;  ///< index into Fanout::formats()
    std::uint32_t count = 0;
};

/// Walks the fan-out of every source, grouped by target core and synapse format: what a source
/// costs on each core, how many packets a spike makes, which rows codegen writes.
///
/// Needs no memory per synapse; one walk is O(synapses). Sources come in a fixed order: host inputs
/// first, then neurons by global id.
class Fanout {
public:
    static constexpr std::uint32_t kFromHost = 0xFFFFFFFFU;

    struct Source {
        SourceRef ref;
        std::uint32_t index = 0;           ///< within the input or population
        std::uint32_t neuron = kFromHost;  ///< global id, or kFromHost
    };

    /// `core_of_neuron` gives a number below `cores` for every neuron; both arguments must outlive
    /// the object.
    Fanout(const Lowered& lowered, std::span<const std::uint32_t> core_of_neuron,
           std::uint32_t cores);

    /// Distinct formats of the network, ascending.
    [[nodiscard]] const std::vector<isa::SynapseFormat>& formats() const noexcept {
        return formats_;
    }

    /// Calls `visit(const Source&, std::span<const FanoutGroup>)` for every source with at least
    /// one synapse. Groups ascend by core, then format.
    template <class Visit>
    void for_each_source(Visit&& visit) {
        for (const Origin& origin : origins_) {
            for (std::uint32_t i = 0; i < origin.size; ++i) {
                if (!collect(origin, i)) continue;
                const std::uint32_t neuron =
                    origin.ref.is_input ? kFromHost : origin.first_neuron + i;
                visit(Source{origin.ref, i, neuron}, std::span<const FanoutGroup>{groups_});
            }
        }
    }

    /// Calls `visit(group slot, target neuron, weight, delay)` for every synapse of `source`, in
    /// projection order, then generation order. The slot is core * formats().size() + format.
    template <class Visit>
    void for_each_synapse(const Source& source, Visit&& visit) const {
        const Origin& origin = origin_of(source.ref);
        for (const Outgoing& out : origin.outgoing) {
            const SynapseTable& table = out.projection->synapses;
            const bool delayed = !table.delay.empty();
            for (std::uint64_t e = table.first[source.index]; e < table.first[source.index + 1];
                 ++e) {
                const std::uint32_t target = out.first_target + table.target[e];
                visit(core_of_neuron_[target] * format_count_ + out.format, target, table.weight[e],
                      delayed ? table.delay[e] : std::uint8_t{0});
            }
        }
    }

private:
    struct Outgoing {
        const LoweredProjection* projection;
        std::uint32_t first_target;
        std::uint32_t format;
    };
    struct Origin {
        SourceRef ref;
        std::uint32_t size = 0;
        std::uint32_t first_neuron = 0;
        std::vector<Outgoing> outgoing;
    };

    /// Fills groups_ for one source; false if it has no synapses.
    bool collect(const Origin& origin, std::uint32_t index);
    [[nodiscard]] const Origin& origin_of(SourceRef ref) const {
        return origins_[ref.is_input ? ref.index : inputs_ + ref.index];
    }

    std::span<const std::uint32_t> core_of_neuron_;
    std::uint32_t inputs_ = 0;
    std::uint32_t format_count_ = 1;
    std::vector<isa::SynapseFormat> formats_;
    std::vector<Origin> origins_;       // inputs, then populations
    std::vector<std::uint32_t> count_;  // per slot; all zero between calls of collect
    std::vector<std::uint64_t> used_;   // bit per slot with a count
    std::vector<FanoutGroup> groups_;
};

}  // namespace seamount::compiler
