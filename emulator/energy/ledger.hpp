#pragma once

#include <array>
#include <cstdint>

#include "isa/spec/chip_spec.hpp"

namespace seamount::emu {

/// Counts of the energy-bearing events; priced only on request.
///
/// Integers, so totals depend neither on the order of events nor on threads.
class EventCounts {
public:
    void count(isa::Event what, std::uint64_t events = 1) noexcept {
        counts_[static_cast<std::size_t>(what)] += events;
    }
    [[nodiscard]] std::uint64_t of(isa::Event what) const noexcept {
        return counts_[static_cast<std::size_t>(what)];
    }
    EventCounts& operator+=(const EventCounts& other) noexcept {
        for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
        return *this;
    }
    friend bool operator==(const EventCounts&, const EventCounts&) = default;

private:
    std::array<std::uint64_t, isa::kEvents> counts_{};
};

/// Energy of a run by cause. Dynamic parts are count x price; idle and stepping power are power x
/// modelled time.
struct EnergyReport {
    std::array<Picojoules, isa::kEvents> dynamic{};
    Picojoules idle{};
    Picojoules stepping{};
    [[nodiscard]] Picojoules total_dynamic() const noexcept;
    [[nodiscard]] Picojoules total() const noexcept;
};

[[nodiscard]] EnergyReport price(const EventCounts& counts, Picoseconds modelled_time,
                                 const isa::ChipSpec& chip);

}  // namespace seamount::emu
