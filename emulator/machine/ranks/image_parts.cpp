#include "emulator/machine/ranks/image_parts.hpp"

#include <utility>

#include "isa/image/container.hpp"
#include "isa/image/image_sections.hpp"

namespace seamount::emu {
namespace {

isa::Image image_of(std::span<const std::byte> bytes) {
    return isa::read_sections(isa::unpack_container(bytes, "message of a rank"));
}

/// Keeps the outputs to own cores, list by list.
void keep_own_outputs(const isa::CoreImage& core, const IsOwn& is_own, isa::CoreImage& part) {
    part.output_first.reserve(core.output_first.size());
    for (std::size_t i = 0; i < core.output_first.size(); ++i) {
        part.output_first.push_back(static_cast<std::uint32_t>(part.outputs.size()));
        if (i + 1 == core.output_first.size()) break;
        for (std::uint32_t o = core.output_first[i]; o < core.output_first[i + 1]; ++o) {
            if (is_own(core.outputs[o].core)) part.outputs.push_back(core.outputs[o]);
        }
    }
}

}  // namespace

std::vector<std::byte> bytes_of_cores(std::vector<isa::CoreImage> cores) {
    isa::Image image;
    image.cores = std::move(cores);
    return isa::serialize(image);
}

std::vector<isa::CoreImage> cores_of_bytes(std::span<const std::byte> bytes) {
    return image_of(bytes).cores;
}

std::vector<std::byte> bytes_of_frame(isa::Image& image) {
    std::vector<isa::CoreImage> cores = std::exchange(image.cores, {});
    std::vector<std::byte> bytes = isa::serialize(image);
    image.cores = std::move(cores);
    return bytes;
}

isa::Image frame_of_bytes(std::span<const std::byte> bytes) {
    return image_of(bytes);
}

isa::CoreImage part_of(const isa::CoreImage& core, const IsOwn& is_own) {
    if (is_own(core.core)) return core;
    isa::CoreImage part;
    part.core = core.core;
    part.groups = core.groups;
    // First states are of no use to who does not compute them.
    for (isa::NeuronGroup& group : part.groups) group.state.clear();
    part.neurons = core.neurons;
    part.padding = core.padding;
    keep_own_outputs(core, is_own, part);
    return part;
}

isa::CoreImage synapse_memory_of(const isa::CoreImage& core) {
    isa::CoreImage memory;
    memory.core = core.core;
    memory.synapses = core.synapses;
    memory.plastic = core.plastic;
    return memory;
}

void put_synapse_memory(isa::CoreImage memory, isa::CoreImage& core) {
    core.synapses = std::move(memory.synapses);
    core.plastic = std::move(memory.plastic);
}

void drop_synapse_memory(isa::CoreImage& core) {
    core.synapses = {};
    core.plastic = {};
}

}  // namespace seamount::emu
