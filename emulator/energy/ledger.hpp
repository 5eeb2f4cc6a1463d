#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "isa/base/name_table.hpp"
#include "isa/chip/chip_spec.hpp"

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
    /// `events` of `from` are of class `to`.
    void move(isa::Event from, isa::Event to, std::uint64_t events) noexcept {
        counts_[static_cast<std::size_t>(from)] -= events;
        counts_[static_cast<std::size_t>(to)] += events;
    }
    EventCounts& operator+=(const EventCounts& other) noexcept {
        for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
        return *this;
    }
    friend bool operator==(const EventCounts&, const EventCounts&) = default;

private:
    std::array<std::uint64_t, isa::kEvents> counts_{};
};

/// What draws idle and stepping power.
struct PoweredParts {
    std::uint32_t chips = 1;
    std::uint32_t tiles = 0;  ///< in use, on all chips
    std::uint32_t cores = 0;  ///< in use, on all chips
};

/// Energy of a run by cause: dynamic parts are count x price; stepping power (the fixed part) is
/// drawn while steps run, as is that of the embedded processors and the host (isa::HostSpec), idle
/// power during start-up too.
struct EnergyReport {
    std::array<Picojoules, isa::kEvents> dynamic{};
    Picojoules idle{};
    Picojoules stepping{};
    Picojoules host{};
    [[nodiscard]] Picojoules of(isa::Event event) const {
        return dynamic[static_cast<std::size_t>(event)];
    }
    [[nodiscard]] Picojoules total_dynamic() const noexcept;
    [[nodiscard]] Picojoules total() const noexcept;
};

/// What a figure includes. An energy is that of one of them; the first three are also parts of a
/// step's time.
enum class Boundary : std::uint8_t {
    kNeurocores,  ///< cores, mesh, learning; power while stepping
    kManagement,  ///< barrier and management phase of each step
    kHost,        ///< embedded processors and the host: what isa::HostClass lets take part
    kStatic,      ///< idle power, of cores in use and of chips
};
inline constexpr auto kBoundaryNames = name_table<Boundary>({
    {Boundary::kNeurocores, "neurocores"},
    {Boundary::kManagement, "management"},
    {Boundary::kHost, "host"},
    {Boundary::kStatic, "static"},
});
/// The boundary in which the events of a class fall.
[[nodiscard]] Boundary boundary_of(isa::Event event);
/// The part of an energy in a boundary; all parts together are the total.
[[nodiscard]] Picojoules part_of(const EnergyReport& energy, Boundary boundary);

/// What `counts` in `modelled_time` cost; a start-up among them adds its own time.
[[nodiscard]] EnergyReport price(const EventCounts& counts, Picoseconds modelled_time,
                                 const isa::ChipSpec& chip, PoweredParts powered = {});

/// A component of the chip for reports, with the event classes that it is made of.
struct Component {
    std::string_view name;
    std::vector<isa::Event> events;
};
/// Components in order of reports; every event class is part of exactly one.
[[nodiscard]] const std::vector<Component>& components();

}  // namespace seamount::emu
