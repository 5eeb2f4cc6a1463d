#include "emulator/machine/ranks/step_words.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace seamount::emu {
namespace {

/// Precedes the spikes of a core that has some.
struct CoreWords {
    std::uint32_t core = 0;  ///< among those that are told of
    std::uint32_t spikes = 0;
};
struct SpikeWords {
    std::uint32_t where = 0;  ///< compartment [23:0], channel [31:24]
    std::int32_t payload = 1;
};
struct MomentWords {
    std::uint32_t updates_done = 0;
    std::uint32_t active_done = 0;
    std::uint64_t cycles_done = 0;
};
constexpr unsigned kChannelShift = 24;

constexpr std::array kCounts{
    &CoreActivity::updates,         &CoreActivity::active_updates, &CoreActivity::instructions,
    &CoreActivity::cycles,          &CoreActivity::packets_in,     &CoreActivity::synaptic_events,
    &CoreActivity::padding_updates, &CoreActivity::padding_cycles, &CoreActivity::padding_events,
    &CoreActivity::dropped_pushes,  &CoreActivity::overflows};
constexpr std::array kLearningCounts{
    &LearningActivity::synapse_updates,      &LearningActivity::synapse_writes,
    &LearningActivity::multiply_accumulates, &LearningActivity::trace_updates,
    &LearningActivity::axon_trace_updates,   &LearningActivity::saturations};
constexpr std::size_t kNumbers = kCounts.size() + kLearningCounts.size();
using Numbers = std::array<std::uint64_t, kNumbers>;
static_assert(sizeof(CoreActivity) == sizeof(Numbers) + sizeof(CoreActivity::spikes),
              "every count of a core is told");

template <class T>
std::byte* put(std::byte* to, const T& value) {
    std::memcpy(to, &value, sizeof(T));
    return to + sizeof(T);
}

}  // namespace

std::vector<std::byte> spike_words(std::span<const CoreActivity> cores, bool moments) {
    const std::size_t of_spike = sizeof(SpikeWords) + (moments ? sizeof(MomentWords) : 0);
    std::size_t size = 0;
    for (const CoreActivity& core : cores) {
        if (!core.spikes.empty()) size += sizeof(CoreWords) + core.spikes.size() * of_spike;
    }
    std::vector<std::byte> bytes(size);
    std::byte* at = bytes.data();
    for (std::size_t c = 0; c < cores.size(); ++c) {
        const std::vector<EmittedSpike>& spikes = cores[c].spikes;
        if (spikes.empty()) continue;
        at = put(at, CoreWords{static_cast<std::uint32_t>(c),
                               static_cast<std::uint32_t>(spikes.size())});
        for (const EmittedSpike& spike : spikes) {
            at = put(at,
                     SpikeWords{spike.compartment | std::uint32_t{spike.channel} << kChannelShift,
                                spike.payload});
            if (moments) {
                at = put(at, MomentWords{spike.updates_done, spike.active_done, spike.cycles_done});
            }
        }
    }
    return bytes;
}

void take_spikes(std::span<const std::byte> bytes, bool moments, std::span<CoreActivity> cores) {
    isa::ByteReader reader{bytes};
    while (reader.left() != 0) {
        const auto [core, count] = reader.get<CoreWords>();
        std::vector<EmittedSpike>& spikes = cores[core].spikes;
        spikes.reserve(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto [where, payload] = reader.get<SpikeWords>();
            EmittedSpike& spike = spikes.emplace_back();
            spike.compartment = where & ((1U << kChannelShift) - 1);
            spike.channel = static_cast<std::uint8_t>(where >> kChannelShift);
            spike.payload = payload;
            if (!moments) continue;
            const auto moment = reader.get<MomentWords>();
            spike.updates_done = moment.updates_done;
            spike.active_done = moment.active_done;
            spike.cycles_done = moment.cycles_done;
        }
    }
}

void write_counts(std::span<const CoreActivity> cores, isa::ByteWriter& to) {
    std::vector<Numbers> all;
    all.reserve(cores.size());
    for (const CoreActivity& core : cores) {
        Numbers& numbers = all.emplace_back();
        std::size_t i = 0;
        for (const auto count : kCounts) numbers[i++] = core.*count;
        for (const auto count : kLearningCounts) numbers[i++] = core.learning.*count;
    }
    to.put_all(all);
}

void read_counts(isa::ByteReader& from, std::span<CoreActivity> cores) {
    for (CoreActivity& core : cores) {
        const auto numbers = from.get<Numbers>();
        std::size_t i = 0;
        for (const auto count : kCounts) core.*count = numbers[i++];
        for (const auto count : kLearningCounts) core.learning.*count = numbers[i++];
    }
}

}  // namespace seamount::emu
