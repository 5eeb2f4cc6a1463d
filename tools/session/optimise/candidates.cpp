#include "tools/session/optimise/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace seamount::session {
namespace {

using compiler::Objective;
using compiler::Partitioner;
using compiler::Placer;

/// Makes variants of some settings; what the user gave is left alone.
class Variants {
public:
    Variants(const CompileSettings& given, Candidate base)
        : given_{given}, base_{std::move(base)} {}

    /// Not derived from the base.
    void of(std::string how, CompileSettings settings) {
        list_.push_back({std::move(how), std::move(settings)});
    }
    void spread(std::uint32_t cores) {
        if (cores == 0 || cores == base_.settings.spread) return;
        CompileSettings settings = base_.settings;
        settings.spread = cores;
        add(fmt::format("spread {}", cores), std::move(settings));
    }
    void partitioner(Partitioner partitioner, std::uint32_t spread) {
        if (given_.partitioner || base_.settings.partitioner == partitioner) return;
        CompileSettings settings = base_.settings;
        settings.partitioner = partitioner;
        settings.spread = spread;
        const std::string name{name_of(compiler::kPartitionerNames, partitioner)};
        add(spread == 0 ? name : fmt::format("spread {}, {}", spread, name), std::move(settings));
    }
    void placer(Placer placer) {
        if (given_.placer) return;
        CompileSettings settings = base_.settings;
        settings.placer = placer;
        add(joined(fmt::format("placer {}", name_of(compiler::kPlacerNames, placer))),
            std::move(settings));
    }
    void effort(std::uint32_t effort) {
        if (given_.effort) return;
        CompileSettings settings = base_.settings;
        settings.effort = effort;
        add(joined(fmt::format("effort {}", effort)), std::move(settings));
    }
    void seed(std::uint64_t seed) {
        CompileSettings settings = base_.settings;
        settings.mapping_seed = seed;
        add(joined(fmt::format("seed {}", seed)), std::move(settings));
    }

    [[nodiscard]] std::string joined(const std::string& what) const {
        return base_.how.empty() ? what : base_.how + ", " + what;
    }
    [[nodiscard]] std::size_t size() const noexcept { return list_.size(); }
    [[nodiscard]] std::vector<Candidate> take() { return std::move(list_); }

private:
    void add(std::string how, CompileSettings settings) { of(std::move(how), std::move(settings)); }

    const CompileSettings& given_;
    Candidate base_;
    std::vector<Candidate> list_;
};

/// Shares of the chip that are tried, in 16ths: the whole of it is left to what is cut unevenly.
constexpr std::array<std::uint32_t, 6> kShares{15, 12, 8, 4, 2, 1};

}  // namespace

std::vector<Candidate> first_candidates(const CompileSettings& given, Objective objective,
                                        const isa::ChipSpec& chip, std::uint32_t cores) {
    Variants variants{given, {{}, given}};
    if (objective == Objective::kTime || objective == Objective::kEnergy) {
        for (const std::uint32_t share : kShares) {
            const std::uint32_t spread = chip.cores() * share / 16;
            if (spread <= cores) break;
            variants.spread(spread);
        }
        return variants.take();
    }
    variants.effort(compiler::kMostEffort);
    for (const Partitioner one : {Partitioner::kGreedy, Partitioner::kTiles, Partitioner::kStream,
                                  Partitioner::kMetis, Partitioner::kMultilevel}) {
        variants.partitioner(one, 0);
    }
    return variants.take();
}

std::vector<Candidate> further_candidates(const CompileSettings& given, const Candidate& best,
                                          const isa::ChipSpec& chip, std::size_t most) {
    Variants variants{given, best};
    const std::uint32_t spread = best.settings.spread;
    if (spread != 0) {
        // The name of the base would say the old spread.
        for (const std::uint32_t eighths : {7U, 9U, 6U, 10U}) {
            const std::uint32_t near = spread * eighths / 8;
            if (near == 0 || near == spread || near > chip.cores()) continue;
            CompileSettings settings = best.settings;
            settings.spread = near;
            const bool is_greedy = settings.partitioner == Partitioner::kGreedy;
            variants.of(fmt::format("spread {}{}", near, is_greedy ? ", greedy" : ""),
                        std::move(settings));
        }
        variants.partitioner(Partitioner::kGreedy, spread);
        if (chip.limits.has_pool()) variants.partitioner(Partitioner::kTiles, spread);
    }
    variants.placer(Placer::kAnneal);
    variants.placer(Placer::kHilbert);
    const std::uint64_t first = given.mapping_seed.value_or(given.default_mapping_seed);
    for (std::uint64_t next = 1; variants.size() < most; ++next) variants.seed(first + next);
    std::vector<Candidate> list = variants.take();
    list.resize(std::min(list.size(), most));
    return list;
}

}  // namespace seamount::session
