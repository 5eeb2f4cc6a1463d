#include "emulator/energy/ledger.hpp"

namespace seamount::emu {

Picojoules EnergyReport::total_dynamic() const noexcept {
    Picojoules sum{};
    for (const Picojoules part : dynamic) sum += part;
    return sum;
}

Picojoules EnergyReport::total() const noexcept {
    return total_dynamic() + idle + stepping;
}

EnergyReport price(const EventCounts& counts, Picoseconds modelled_time,
                   const isa::ChipSpec& chip) {
    EnergyReport report;
    for (std::size_t i = 0; i < isa::kEvents; ++i) {
        const auto event = static_cast<isa::Event>(i);
        report.dynamic[i] = chip.price(event).energy * static_cast<double>(counts.of(event));
    }
    const double ns = static_cast<double>(modelled_time.count()) / 1000.0;
    report.idle = chip.idle_power_pj_per_ns * ns;
    report.stepping = chip.step_power_pj_per_ns * ns;
    return report;
}

}  // namespace seamount::emu
