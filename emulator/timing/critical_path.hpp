#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "emulator/mesh/grid/grid.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/core_timing.hpp"
#include "emulator/timing/step_timing.hpp"
#include "isa/base/name_table.hpp"

namespace seamount::emu {

/// What the time of a step goes to. The first ones are the stages of a core (isa::Stage).
enum class Cause : std::uint8_t {
    kMesh = isa::kStages,  ///< a packet on its way, nothing before it
    kMeshWait,             ///< a packet that waited for links or to enter the mesh
    kHost,                 ///< the host port wrote and sent
    kBarrier,
    kHostStep,  ///< management of the step by the host
};
inline constexpr auto kCauseNames = name_table<Cause, Cause::kMesh>({
    {Cause::kMesh, "mesh"},
    {Cause::kMeshWait, "mesh_wait"},
    {Cause::kHost, "host"},
    {Cause::kBarrier, "barrier"},
    {Cause::kHostStep, "host_step"},
});
inline constexpr std::size_t kCauses = isa::kStages + kCauseNames.size();
/// Spelling in reports: "update", ..., "mesh", "mesh_wait", "host", "barrier", "host_step".
[[nodiscard]] std::string_view name_of(Cause cause);
using CauseTimes = std::array<std::uint64_t, kCauses>;  ///< ps

/// Why a step took as long as it did: the chain of work, each part waiting for the one before, that
/// ended last. The parts add up to the duration of the step, to the picosecond.
struct CriticalPath {
    static constexpr std::uint32_t kNone = 0xFFFFFFFE;
    static constexpr CoreSlot kNoCore{kNone};

    CauseTimes parts{};
    CoreSlot core = kNoCore;  ///< that was last at the barrier
    /// If it was busy with packets: who sent the one that the busy time began with.
    CoreSlot source = kNoCore;     ///< or SpikePacket::kFromHost
    std::uint32_t packet = kNone;  ///< that one; index into StepActivity::packets
    std::uint64_t arrived_ps = 0;  ///< its arrival, since the start of the step
    std::uint32_t served = 0;      ///< packets that the core took in, in the whole step
    LinkDelay link;                ///< where it waited longest; if the mesh watches delays

    /// The cause with the largest part.
    [[nodiscard]] Cause largest() const noexcept;
    [[nodiscard]] std::uint64_t of(Cause cause) const noexcept {
        return parts[static_cast<std::size_t>(cause)];
    }
};

/// Finds critical paths by playing the two cores in question once more, with instants that remember
/// what they are made of. Costs as much as the stages of two cores.
class CriticalPathFinder {
public:
    /// `timing` and `mesh` must outlive the finder. `links`: the mesh watches delays.
    CriticalPathFinder(const isa::ChipSpec& chip, const StepTiming& timing, const MeshModel& mesh,
                       bool links);

    /// The path of the step that was just played.
    [[nodiscard]] CriticalPath find(const StepActivity& activity, Picoseconds duration) const;

private:
    void trace_core(const StepActivity& activity, CriticalPath& path) const;
    void trace_packet(const StepActivity& activity, CriticalPath& path) const;

    const CoreTiming stages_;
    const MeshGrid grid_;
    const StepTiming& timing_;
    const MeshModel& mesh_;
    const bool links_;
    const std::uint64_t management_ps_;  ///< Event::kHostStep
};

}  // namespace seamount::emu
