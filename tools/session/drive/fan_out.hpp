#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "isa/image/image.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::session {

/// A synapse as an image stores it, with the core that does.
struct FoundSynapse {
    const isa::CoreImage& core;
    const isa::SynapseFormat& format;
    NeuronId target;
    isa::StoredSynapse stored;
};

/// Walks from output axons to the synapses that packets there reach; what fills up the tiles of
/// feature maps is none. The image must have passed check_image, and outlives it.
class FanOutWalk {
public:
    explicit FanOutWalk(const isa::Image& image) {
        for (const isa::CoreImage& core : image.cores) {
            if (slots_.size() <= core.core.index()) slots_.resize(core.core.index() + 1);
            slots_[core.core.index()] = &core;
        }
    }

    /// Calls `visit(FoundSynapse)` for each, in order of the axons.
    template <class Visit>
    void follow(std::span<const isa::OutputAxon> outputs, Visit&& visit) const {
        for (const isa::OutputAxon& output : outputs) {
            const isa::CoreImage& core = *slots_[CoreId{output.core}.index()];
            const auto each = [&](std::uint32_t first, std::uint32_t base, bool padding) {
                if (!padding) follow_row(core, first + output.atom, base, visit);
            };
            isa::for_each_visit(core, core.input_axons[output.axon], each);
        }
    }

private:
    template <class Visit>
    static void follow_row(const isa::CoreImage& core, std::uint32_t row, std::uint32_t base,
                           Visit& visit) {
        const std::uint32_t* block = core.synapses.data() + core.rows[row];
        for (bool last = false; !last;) {
            const std::uint32_t header = *block;
            const isa::SynapseFormat& format = core.formats[isa::BlockHeader::format(header)];
            isa::for_each_synapse(format, block, [&](const isa::StoredSynapse& stored) {
                visit(FoundSynapse{core, format, core.neurons[base + stored.target], stored});
            });
            last = isa::BlockHeader::last(header);
            block += isa::block_words(format, isa::BlockHeader::count(header));
        }
    }

    std::vector<const isa::CoreImage*> slots_;  ///< by number of the core
};

/// The output axons of entry `i` of a list by `first`.
[[nodiscard]] inline std::span<const isa::OutputAxon> outputs_of(
    const std::vector<isa::OutputAxon>& outputs, const std::vector<std::uint32_t>& first,
    std::size_t i) {
    return std::span{outputs}.subspan(first[i], first[i + 1] - first[i]);
}

}  // namespace seamount::session
