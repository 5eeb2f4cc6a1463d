#include "emulator/energy/ledger.hpp"

namespace seamount::emu {

Picojoules EnergyReport::total_dynamic() const noexcept {
    Picojoules sum{};
    for (const Picojoules part : dynamic) sum += part;
    return sum;
}

Picojoules EnergyReport::total() const noexcept {
    return total_dynamic() + idle + stepping + host;
}

EnergyReport price(const EventCounts& counts, Picoseconds modelled_time, const isa::ChipSpec& chip,
                   PoweredParts powered) {
    EnergyReport report;
    for (std::size_t i = 0; i < isa::kEvents; ++i) {
        const auto event = static_cast<isa::Event>(i);
        report.dynamic[i] = chip.price(event).energy * static_cast<double>(counts.of(event));
    }
    const Picoseconds start_up =
        chip.price(isa::Event::kStartUp).time * counts.of(isa::Event::kStartUp);
    const auto power = [&](Milliwatts chip_power, Milliwatts tile_power) {
        return chip_power * static_cast<double>(powered.chips) +
               tile_power * static_cast<double>(powered.tiles);
    };
    const Milliwatts cores = chip.idle_core_power * static_cast<double>(powered.cores);
    report.idle =
        (power(chip.idle_power, chip.idle_tile_power) + cores) * (modelled_time + start_up);
    report.host = power(chip.host.power(), Milliwatts{}) * modelled_time;
    report.stepping = power(chip.step_power, chip.step_tile_power) * modelled_time;
    return report;
}

Boundary boundary_of(isa::Event event) {
    using isa::Event;
    switch (event) {
        case Event::kBarrier:
        case Event::kHostStep:
            return Boundary::kManagement;
        case Event::kHostPacket:
        case Event::kHostWrite:
        case Event::kHostReward:
        case Event::kStartUp:
            return Boundary::kHost;
        default:
            return Boundary::kNeurocores;
    }
}

Picojoules part_of(const EnergyReport& energy, Boundary boundary) {
    Picojoules part{};
    for (const isa::EventInfo& row : isa::kEventTable) {
        if (boundary_of(row.event) == boundary) part += energy.of(row.event);
    }
    if (boundary == Boundary::kNeurocores) part += energy.stepping;
    if (boundary == Boundary::kHost) part += energy.host;
    if (boundary == Boundary::kStatic) part += energy.idle;
    return part;
}

const std::vector<Component>& components() {
    using isa::Event;
    static const std::vector<Component> kComponents{
        {"update", {Event::kUpdateActive, Event::kUpdateInactive, Event::kInstruction}},
        {"spike", {Event::kSpikeOut}},
        {"axon", {Event::kAxonOut, Event::kAxonIn}},
        {"synapse", {Event::kSynapse, Event::kSynapseDense, Event::kSynapseFetch}},
        {"learning", {Event::kSynapseUpdate, Event::kTraceUpdate}},
        {"tile", {Event::kTileSpike}},
        {"hop_ew", {Event::kHopEastWest}},
        {"hop_ns", {Event::kHopNorthSouth}},
        {"hop_offchip", {Event::kHopOffChip}},
        {"barrier", {Event::kBarrier}},
        {"host",
         {Event::kHostPacket, Event::kHostWrite, Event::kHostStep, Event::kStartUp,
          Event::kHostReward}}};
    return kComponents;
}

}  // namespace seamount::emu
