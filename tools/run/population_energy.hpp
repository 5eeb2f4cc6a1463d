#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "emulator/energy/ledger.hpp"
#include "emulator/timing/core_timing.hpp"
#include "isa/base/name_table.hpp"
#include "isa/image/image.hpp"
#include "tools/session/observer.hpp"

namespace seamount::tools {

/// What the cores do for the neurons of a population.
enum class PopulationPart : std::uint8_t { kUpdates, kSynapses, kSpikes, kLearning };
inline constexpr auto kPopulationPartNames = name_table<PopulationPart>({
    {PopulationPart::kUpdates, "updates"},    ///< and instructions
    {PopulationPart::kSynapses, "synapses"},  ///< and packets that arrive, and memory that is read
    {PopulationPart::kSpikes, "spikes"},      ///< and packets that are made
    {PopulationPart::kLearning, "learning"},
});

/// Joules by PopulationPart.
using PopulationEnergy = std::array<double, kPopulationPartNames.size()>;

/// Of all parts.
[[nodiscard]] double sum_of(const PopulationEnergy& energy);

/// Whether what the core does is shared out among populations.
[[nodiscard]] bool holds_several_populations(const isa::CoreImage& core);

/// Counts what the events of cores cost, by population. Spikes, and the packets made of them, are
/// those of the population; the rest of a core that holds several is shared out by their neurons.
/// The mesh, the host, barriers and powers are of no population.
class PopulationEnergies final : public session::RunObserver {
public:
    /// Both must outlive it.
    PopulationEnergies(const isa::Image& image, const isa::ChipSpec& chip);

    void on_step(const emu::StepReport& report, const session::Tally& tally) override;

    /// In order of the populations.
    [[nodiscard]] std::vector<PopulationEnergy> energies() const;
    /// Timed steps that were counted.
    [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }

private:
    static constexpr std::uint32_t kSeveral = 0xFFFFFFFF;

    /// The population of the neuron that sent spike `spike` of a core.
    [[nodiscard]] std::size_t sender(const std::vector<emu::CoreActivity>& cores, std::size_t core,
                                     std::uint32_t spike) const;
    void count_spikes(const std::vector<emu::CoreActivity>& cores, std::size_t core);
    void count_axons(const emu::StepActivity& activity);
    void count_fetches(const emu::StepActivity& activity);

    const isa::Image& image_;
    const isa::ChipSpec& chip_;
    emu::CoreTiming timing_;
    // What has no price need not be counted.
    bool prices_spikes_;
    bool prices_axons_;
    bool prices_fetches_;                       ///< or dense synapses otherwise than others
    std::vector<std::uint32_t> population_of_;  ///< per neuron
    std::vector<std::uint32_t> only_;           ///< per core: its population, or kSeveral
    std::vector<emu::EventCounts> cores_;       ///< per core
    std::vector<emu::EventCounts> spikes_;      ///< per population: spikes and their packets
    std::uint64_t steps_ = 0;
};

}  // namespace seamount::tools
