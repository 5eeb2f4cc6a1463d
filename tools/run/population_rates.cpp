#include "tools/run/population_rates.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "isa/base/text.hpp"
#include "tools/run/population_energy.hpp"

namespace seamount::tools {

PopulationRates::PopulationRates(const isa::Image& image)
    : image_{image}, spikes_(image.populations.size()) {}

/// The groups of a core follow one another, and its spikes do too: few are looked at.
void PopulationRates::on_step(const emu::StepReport& report, const session::Tally& /*tally*/) {
    ++steps_;
    for (std::size_t i = 0; i < report.activity.cores.size(); ++i) {
        const std::vector<emu::EmittedSpike>& spikes = report.activity.cores[i].spikes;
        auto first = spikes.begin();
        for (const isa::NeuronGroup& group : image_.cores[i].groups) {
            if (first == spikes.end()) break;
            const std::uint32_t end = group.first + group.count;
            const auto last = std::partition_point(
                first, spikes.end(),
                [end](const emu::EmittedSpike& spike) { return spike.compartment < end; });
            spikes_[group.population] += static_cast<std::uint64_t>(last - first);
            first = last;
        }
    }
}

std::vector<double> PopulationRates::rates() const {
    std::vector<double> rates;
    for (std::size_t p = 0; p < spikes_.size(); ++p) {
        const double chances = static_cast<double>(image_.populations[p].count) *
                               static_cast<double>(std::max<std::uint64_t>(steps_, 1));
        rates.push_back(static_cast<double>(spikes_[p]) / chances);
    }
    return rates;
}

std::string PopulationRates::rows(const std::vector<double>& joules) const {
    constexpr std::size_t kMostShown = 16;
    constexpr std::size_t kLongestName = 28;
    const std::vector<double> rates = this->rates();
    const auto row = [&joules](const std::string& name, const std::string& neurons,
                               const std::string& spikes, const std::string& rate,
                               const std::string& energy) {
        return fmt::format("  {:<28} {:>11} {:>14}   ", name, neurons, spikes) +
               (joules.empty() ? rate : fmt::format("{:<19}   {}", rate, energy)) + '\n';
    };
    std::string text =
        row("population", "neurons", "spikes", "per neuron and step", "energy of its events");
    for (std::size_t p = 0; p < std::min(kMostShown, spikes_.size()); ++p) {
        const isa::PopulationImage& population = image_.populations[p];
        std::string name = population.name;
        if (name.size() > kLongestName) name = name.substr(0, kLongestName - 3) + "...";
        text += row(name, grouped(population.count), grouped(spikes_[p]),
                    fmt::format("{:.4g}", rates[p]), joules.empty() ? "" : si(joules[p], "J"));
    }
    if (spikes_.size() > kMostShown) {
        text += fmt::format("  and {} more populations\n", spikes_.size() - kMostShown);
    }
    if (!joules.empty() && std::ranges::any_of(image_.cores, holds_several_populations)) {
        text +=
            "  a core's energy is shared by its populations in proportion to neurons, spikes "
            "apart\n";
    }
    return text;
}

}  // namespace seamount::tools
