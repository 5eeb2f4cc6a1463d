#include "tools/explain/fan_in.hpp"

#include <algorithm>

#include "isa/image/synapse_block.hpp"

namespace seamount::explain {
namespace {

/// Ids of the synapses of blocks that learn, by the offset of their header.
std::map<std::uint32_t, std::uint32_t> first_ids(const isa::CoreImage& core) {
    std::map<std::uint32_t, std::uint32_t> first;
    std::uint32_t next = 0;
    for (const isa::PlasticBlock& block : core.plastic.blocks) {
        first[block.header] = next;
        next += isa::BlockHeader::count(core.synapses[block.header]);
    }
    return first;
}

/// Collects what the packets of one origin reach in a core.
class Walk {
public:
    Walk(const isa::CoreImage& core, std::vector<FanInSynapse>& out)
        : core_{core}, first_ids_{first_ids(core)}, out_{out} {}

    void take(const Origin& origin, std::span<const isa::OutputAxon> outputs) {
        for (const isa::OutputAxon& output : outputs) {
            if (CoreId{output.core} != core_.core) continue;
            isa::for_each_visit(core_, core_.input_axons[output.axon],
                                [&](std::uint32_t first, std::uint32_t base, bool padding) {
                                    if (padding) return;
                                    row(origin, output, core_.rows[first + output.atom], base);
                                });
        }
    }

private:
    void row(const Origin& origin, const isa::OutputAxon& output, std::uint32_t offset,
             std::uint32_t base) {
        for (bool last = false; !last;) {
            const std::uint32_t header = core_.synapses[offset];
            const auto format_index = static_cast<std::uint8_t>(isa::BlockHeader::format(header));
            const isa::SynapseFormat& format = core_.formats[format_index];
            std::uint32_t at = format.plastic != 0 ? first_ids_.at(offset) : 0;
            isa::for_each_synapse(
                format, core_.synapses.data() + offset, [&](const isa::StoredSynapse& stored) {
                    FanInSynapse s{
                        base + stored.target, origin,        output.channel, output.graded(),
                        format_index,         stored.weight, stored.delay,   FanInSynapse::kStatic};
                    if (format.plastic != 0) s.id = core_.plastic.ids[at++];
                    out_.push_back(s);
                });
            last = isa::BlockHeader::last(header);
            offset += static_cast<std::uint32_t>(
                isa::block_words(format, isa::BlockHeader::count(header)));
        }
    }

    const isa::CoreImage& core_;
    std::map<std::uint32_t, std::uint32_t> first_ids_;
    std::vector<FanInSynapse>& out_;
};

}  // namespace

FanIn::Synapses FanIn::walk(std::uint32_t core) const {
    const isa::Image& image = recording_.image();
    Synapses synapses;
    Walk walk{image.cores[core], synapses};
    for (const auto& [origin, spikes] : recording_.spikes()) {
        const auto outputs_of = [](const auto& from, std::size_t at) {
            return std::span{from.outputs}.subspan(
                from.output_first[at], from.output_first[at + 1] - from.output_first[at]);
        };
        if (origin.is_input()) {
            walk.take(origin, outputs_of(image.inputs[origin.input], origin.index));
        } else {
            const Recording::Place& place = recording_.place_of(NeuronId{origin.index});
            walk.take(origin, outputs_of(image.cores[place.core], place.compartment));
        }
    }
    std::ranges::stable_sort(synapses, {}, &FanInSynapse::target);
    return synapses;
}

std::span<const FanInSynapse> FanIn::of(NeuronId neuron) {
    const Recording::Place& place = recording_.place_of(neuron);
    auto found = cores_.find(place.core);
    if (found == cores_.end()) found = cores_.emplace(place.core, walk(place.core)).first;
    const Synapses& all = found->second;
    return {std::ranges::lower_bound(all, place.compartment, {}, &FanInSynapse::target),
            std::ranges::upper_bound(all, place.compartment, {}, &FanInSynapse::target)};
}

}  // namespace seamount::explain
