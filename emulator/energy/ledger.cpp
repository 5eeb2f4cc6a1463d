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
    report.idle = power(chip.idle_power, chip.idle_tile_power) * (modelled_time + start_up);
    report.stepping = power(chip.step_power, chip.step_tile_power) * modelled_time;
    return report;
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
