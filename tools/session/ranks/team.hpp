#pragma once

#include <cstdint>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "emulator/machine/ranks/ranks.hpp"
#include "isa/base/ids.hpp"
#include "tools/session/open.hpp"
#include "tools/session/run_plan.hpp"

namespace seamount::session {

/// What rank 0 wants to know of the cores of others.
struct TeamWishes {
    std::vector<NeuronId> watched;  ///< emu::Machine::Params::watched
    bool store_learned = false;     ///< Machine::store_learned will be called after the last step
};

/// A run of a network on several ranks, at rank 0; the others are in follow() meanwhile.
///
///     session::Team team{ranks, loaded};
///     team.begin(plan, {.watched = session::watched_by_readout(loaded.image)});
///     const session::RunResult result = session::run(loaded, plan, {}, silent, {.team = &team});
///     team.end();
class Team {
public:
    /// Hands out the parts of the image: afterwards `loaded` has the synapse memory of this rank's
    /// cores only, so whoever reads that of all has done it before. Both must outlive it.
    Team(emu::Ranks& ranks, Loaded& loaded);

    /// The run is about to be built.
    void begin(const RunPlan& plan, TeamWishes wishes);
    /// What the machine of the run needs.
    void join(emu::Machine::Params& params) const;
    /// After the run: the most memory that a rank had, in bytes.
    [[nodiscard]] std::uint64_t end();

    [[nodiscard]] std::uint32_t size() const { return ranks_.size(); }

private:
    void hand_out(isa::Image& image);

    emu::Ranks& ranks_;
    std::vector<std::uint32_t> first_cores_;
    TeamWishes wishes_;
};

/// The neurons whose states the readout compares at the end of samples.
[[nodiscard]] std::vector<NeuronId> watched_by_readout(const isa::Image& image);
/// Those that probes of the network read.
[[nodiscard]] std::vector<NeuronId> watched_by_probes(const isa::Image& image);
[[nodiscard]] std::vector<NeuronId> all_neurons(const isa::Image& image);

}  // namespace seamount::session
