#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/image/image.hpp"
#include "tools/session/observer.hpp"

namespace seamount::tools {

/// Counts the spikes of every population.
class PopulationRates final : public session::RunObserver {
public:
    /// `image` must outlive it.
    explicit PopulationRates(const isa::Image& image);

    void on_step(const emu::StepReport& report, const session::Tally& tally) override;

    /// A line for each population: spikes, spikes per neuron and step, and what the events of its
    /// cores cost, if `joules` has it.
    [[nodiscard]] std::string rows(const std::vector<double>& joules = {}) const;

    /// Spikes per neuron and step, of each population.
    [[nodiscard]] std::vector<double> rates() const;

private:
    const isa::Image& image_;
    std::vector<std::uint64_t> spikes_;  ///< per population
    std::uint64_t steps_ = 0;
};

}  // namespace seamount::tools
