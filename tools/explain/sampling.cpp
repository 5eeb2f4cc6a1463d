#include "tools/explain/sampling.hpp"

#include <algorithm>
#include <random>

namespace seamount::explain {

std::map<SpikeKey, double> sampled_losses(const std::vector<SpikeKey>& spikes, std::size_t plays,
                                          std::uint64_t seed, const LossWithout& loss) {
    std::map<Origin, std::vector<SpikeKey>> of_source;
    for (const SpikeKey& spike : spikes) of_source[spike.origin].push_back(spike);
    struct Source {
        const std::vector<SpikeKey>* spikes;
        double loss;  ///< of the groups that it was in
    };
    std::vector<Source> sources;
    for (const auto& [origin, its] : of_source) sources.push_back({&its, 0.0});
    if (sources.empty()) return {};

    constexpr std::size_t kGroups = 10;
    const std::size_t groups = std::min(kGroups, sources.size());
    const std::size_t rounds = std::max<std::size_t>(plays / groups, 1);
    std::mt19937_64 random{seed};
    double all = 0.0;
    for (std::size_t round = 0; round < rounds; ++round) {
        // By hand: std::shuffle differs between libraries.
        for (std::size_t i = sources.size(); i > 1; --i) {
            std::swap(sources[i - 1], sources[random() % i]);
        }
        for (std::size_t group = 0; group < groups; ++group) {
            std::vector<SpikeKey> removed;
            for (std::size_t i = group; i < sources.size(); i += groups) {
                removed.insert(removed.end(), sources[i].spikes->begin(), sources[i].spikes->end());
            }
            const double lost = loss(removed);
            all += lost;
            for (std::size_t i = group; i < sources.size(); i += groups) sources[i].loss += lost;
        }
    }
    const double mean = all / static_cast<double>(groups);
    std::map<SpikeKey, double> losses;
    for (const Source& source : sources) {
        const double share = (source.loss - mean) / static_cast<double>(rounds);
        for (const SpikeKey& spike : *source.spikes) {
            losses[spike] = share / static_cast<double>(source.spikes->size());
        }
    }
    return losses;
}

}  // namespace seamount::explain
