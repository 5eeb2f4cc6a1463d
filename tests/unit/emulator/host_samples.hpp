#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "emulator/machine/host_input.hpp"

// Inputs of one kind, and two samples that show all values.
namespace seamount::test {

inline constexpr std::int32_t kMax = 255;

inline isa::InputImage input(isa::InputKind kind, std::uint32_t size) {
    isa::InputImage image;
    image.kind = kind;
    image.size = size;
    return image;
}

inline std::vector<std::uint32_t> spikes_at(const emu::HostInput& input, std::uint64_t step,
                                            const isa::DatasetImage& dataset = {}) {
    std::vector<std::uint32_t> sources;
    input.spikes(step, emu::position_of(dataset, step), sources);
    return sources;
}

inline bool contains(const std::vector<std::uint32_t>& all, std::uint32_t one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

/// Two samples, whose last 3 steps are blank.
inline isa::DatasetImage two_samples(std::uint32_t steps) {
    isa::DatasetImage dataset;
    dataset.samples = 2;
    dataset.steps_per_sample = steps;
    dataset.blank = 3;
    return dataset;
}

/// Of 256 sources: 0..255, and in the second sample back.
inline std::int32_t value_of(std::uint64_t sample, std::uint32_t source) {
    const auto q = static_cast<std::int32_t>(source);
    return sample == 0 ? q : kMax - q;
}

/// Of both samples.
inline isa::InputImage dataset_input(isa::InputKind kind) {
    isa::InputImage image = input(kind, 256);
    image.full_scale = kMax;
    for (std::uint64_t s = 0; s < 2; ++s) {
        for (std::uint32_t i = 0; i < 256; ++i) image.samples.push_back(value_of(s, i));
    }
    return image;
}

}  // namespace seamount::test
