#include "compiler/fit/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "compiler/lower/lower.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "isa/base/text.hpp"

namespace seamount::compiler {
namespace {

constexpr std::uint8_t kFewBits = 4;

bool is_of_synapses(isa::CoreLimit limit) {
    return isa::info(limit).taken_by == isa::TakenBy::kSynapses ||
           limit == isa::CoreLimit::kPoolWords;
}

std::string of_cores(std::uint64_t cores, std::uint64_t usable) {
    return fmt::format("{} of {}", counted(cores, "core"), grouped(usable));
}

/// What a change came to.
FitChange tried(std::string what, const CoreNeed& need) {
    FitChange change{std::move(what), {}, need.verdict == FitVerdict::kFits, true, need.cores};
    change.gives = of_cores(need.cores, need.usable_cores);
    if (need.misfits != 0) {
        change.gives = fmt::format("{} still fit on no core", counted(need.misfits, "neuron"));
    } else if (need.verdict == FitVerdict::kDoesNotFit) {
        change.gives += ": still too many";
    } else if (need.verdict == FitVerdict::kUnclear) {
        change.gives += " by a quick mapping: --exact may find a better one";
    }
    return change;
}

/// Lowers for a chip and looks at it again; nothing if that is not possible.
std::optional<CoreNeed> need_of(Network network, const isa::ChipSpec& chip) {
    Diagnostics found;
    const Lowered lowered = lower(std::move(network), chip, found);
    if (found.has_errors()) return std::nullopt;
    return quick_need(lowered, chip);
}

class Changes {
public:
    explicit Changes(const FitProblem& problem) : problem_{problem} {}

    std::vector<FitChange> run() {
        if (problem_.need.verdict == FitVerdict::kUnclear && !problem_.exact) search_longer();
        unpin();
        share_kernels();
        use_other_chip();
        use_fewer_bits();
        split_neurons();
        use_fewer_neurons();
        use_more_chips();
        return std::move(changes_);
    }

private:
    /// Whether nothing more has to be tried.
    [[nodiscard]] bool is_solved() const {
        return std::ranges::any_of(changes_, [](const FitChange& c) { return c.enough; });
    }

    void search_longer() {
        const CoreNeed& need = problem_.need;
        changes_.push_back({"--exact: a search for a better mapping",
                            fmt::format("at best {} of {}, the quick mapping takes {}",
                                        counted(need.least.cores, "core"),
                                        grouped(need.usable_cores), grouped(need.cores)),
                            false, false, 0});
    }

    /// Where the user's own mapping is what does not fit.
    void unpin() {
        const auto is_pinned = [](const auto& population) { return population.pinned.given(); };
        if (!std::ranges::any_of(problem_.lowered.populations, is_pinned)) return;
        Lowered free = problem_.lowered;
        for (LoweredPopulation& population : free.populations) population.pinned = {};
        changes_.push_back(tried("--partitioner greedy, which ignores pinned cores",
                                 quick_need(free, problem_.chip)));
    }

    /// Where rows repeat and each is stored.
    void share_kernels() {
        if (is_solved() || !is_of_synapses(problem_.need.binds)) return;
        Network network = problem_.network;
        std::string names;
        for (Projection& projection : network.projections) {
            if (projection.share || !projection.convolution || projection.learning_rule) continue;
            projection.share = true;
            names += fmt::format("{}'{}'", names.empty() ? "" : ", ", projection.name);
        }
        if (names.empty()) return;
        if (const auto need = need_of(std::move(network), problem_.chip)) {
            changes_.push_back(tried("share: true (kernels stored once) for " + names, *need));
        }
    }

    void use_other_chip() {
        for (const isa::ChipSpec& other : problem_.others) {
            if (is_solved()) return;
            if (const auto need = need_of(problem_.network, other)) {
                changes_.push_back(tried("--chip " + other.name, *need));
            }
        }
    }

    void use_fewer_bits() {
        if (is_solved() || !is_of_synapses(problem_.need.binds)) return;
        Lowered fewer = problem_.lowered;
        std::uint64_t changed = 0;
        for (LoweredProjection& projection : fewer.projections) {
            isa::SynapseFormat& format = projection.format;
            if (format.weight_bits <= kFewBits || projection.learning_rule) continue;
            const int others = format.delay_bits + format.tag_bits;
            const int weight = std::min<int>(kFewBits, projection.pool_bits - others);
            projection.pool_bits = static_cast<std::uint8_t>(weight + others);
            format.weight_bits = kFewBits;
            ++changed;
        }
        if (changed == 0) return;
        changes_.push_back(
            tried(fmt::format("bits: {} for weights that have more ({}; costs accuracy)", kFewBits,
                              counted(changed, "projection")),
                  quick_need(fewer, problem_.chip)));
    }

    /// Neurons that no core holds: each as several that share its inputs out.
    void split_neurons() {
        if (problem_.need.misfits == 0) return;
        for (const LayerFit& layer : problem_.layers) {
            if (layer.allowed == 0 || layer.used <= layer.allowed) continue;
            const std::uint64_t pieces = (layer.used + layer.allowed - 1) / layer.allowed;
            changes_.push_back(
                {fmt::format("split each neuron of '{}' into {} that take a part of its inputs "
                             "each, and add them up",
                             layer.population, pieces),
                 fmt::format("at most {} of {} {} for each",
                             grouped((layer.used + pieces - 1) / pieces), grouped(layer.allowed),
                             isa::info(layer.limit).words),
                 false, false, 0});
        }
    }

    void use_fewer_neurons() {
        const CoreNeed& need = problem_.need;
        if (need.misfits != 0 || need.cores <= need.usable_cores) return;
        const auto largest = std::ranges::max_element(
            problem_.layers, {},
            [](const LayerFit& layer) { return layer.cores - layer.shared_cores; });
        const std::uint64_t excess = need.cores - need.usable_cores;
        if (largest == problem_.layers.end()) return;
        const std::uint64_t own = largest->cores - largest->shared_cores;
        const auto about = [](std::uint64_t neurons, std::uint64_t kept, std::uint64_t of) {
            return static_cast<std::uint64_t>(static_cast<double>(neurons) *
                                              static_cast<double>(kept) / static_cast<double>(of));
        };
        std::string what;
        if (own > excess) {
            what = fmt::format("about {} neurons in '{}' instead of {}",
                               grouped(about(largest->neurons, own - excess, own)),
                               largest->population, grouped(largest->neurons));
        } else {
            std::uint64_t all = 0;
            for (const LayerFit& layer : problem_.layers) all += layer.neurons;
            what = fmt::format("about {} neurons in all instead of {}",
                               grouped(about(all, need.usable_cores, need.cores)), grouped(all));
        }
        changes_.push_back({std::move(what), of_cores(need.usable_cores, need.usable_cores), true,
                            false, need.usable_cores});
    }

    void use_more_chips() {
        const CoreNeed& need = problem_.need;
        if (problem_.chips == 0 || need.cores <= need.usable_cores) return;
        const std::uint64_t each = cores_per_chip(problem_.chip);
        changes_.push_back({fmt::format("--set topology.chips='[{}, 1]': {}", problem_.chips,
                                        counted(problem_.chips, "chip")),
                            of_cores(problem_.need.cores, problem_.chips * each), true, true,
                            problem_.need.cores});
    }

    const FitProblem& problem_;
    std::vector<FitChange> changes_;
};

}  // namespace

std::vector<FitChange> changes_for(const FitProblem& problem) {
    return Changes{problem}.run();
}

}  // namespace seamount::compiler
