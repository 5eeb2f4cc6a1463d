#pragma once

#include <cstdint>
#include <limits>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "tools/session/open.hpp"
#include "tools/session/options.hpp"
#include "tools/session/state.hpp"

namespace seamount::session {

/// RunSettings with everything decided.
struct RunPlan {
    std::uint64_t steps = 0;  ///< of a run that has been: how many it took, else at most
    /// The step of the dataset before which the run ends, however many it has taken until there:
    /// samples may end early.
    std::uint64_t dataset_end = std::numeric_limits<std::uint64_t>::max();
    emu::MeshFidelity mesh = emu::MeshFidelity::kPacket;
    std::uint32_t threads = 1;
    std::uint64_t seed = 1;
    bool learning = true;
    std::uint64_t first_step = 0;  ///< of a run that continues another one
    bool untimed = false;          ///< function only; then `mesh` does not matter
};

/// The threads that a run with RunSettings::threads `wanted` has. kAutoThreads: the processors that
/// this process may use, but at most one per 65,536 compartments of the image, 64 stored words of
/// synapses counting as a compartment. With smaller shares what threads wait for each other costs
/// about what they save (measured on two processors; larger on machines where they meet faster).
[[nodiscard]] std::uint32_t threads_for(std::uint32_t wanted, const isa::Image& image);

/// How `loaded` is to run: as long as the steps, the samples or the whole dataset, and never beyond
/// that. Throws InputError if that is not said (CLI-STEPS), or beyond the dataset (CLI-STEPS,
/// CLI-SAMPLES).
[[nodiscard]] RunPlan plan_run(const Loaded& loaded, const RunSettings& settings);

/// The same for a run that continues from `state`: the steps are those that follow, the seed is the
/// state's, and a dataset goes on where it was. Throws InputError (RUN-STATE) if it has another
/// seed, or if the steps before it had no times and those that follow have (check_timed).
[[nodiscard]] RunPlan plan_run(const Loaded& loaded, const RunSettings& settings,
                               const State& state);

}  // namespace seamount::session
