#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "emulator/base/parallel.hpp"
#include "emulator/machine/activity.hpp"
#include "emulator/mesh/grid/mesh_model.hpp"
#include "emulator/timing/arrival_order.hpp"
#include "emulator/timing/core_timing.hpp"
#include "emulator/timing/layout.hpp"
#include "emulator/timing/step_timing.hpp"
#include "isa/base/units.hpp"
#include "isa/chip/chip_spec.hpp"

// What the parts of a chip do in a step with the work that the machine counted, in picoseconds
// since its start. The SystemC modules (emulator/chip) and the plain StepLoop call the same
// functions.

namespace seamount::emu {

/// Plays the stages of one core. Holds no architectural state.
class CorePlayer {
public:
    struct Params {
        CoreSlot slot;
        const ChipLayout* layout = nullptr;  ///< outlives the player, as do the next two
        const isa::ChipSpec* chip = nullptr;
        StepTiming* timing = nullptr;  ///< where it leaves its times
    };
    explicit CorePlayer(const Params& params) : params_{params}, timing_{*params.chip} {}

    /// The sending stages. `range` are the core's packets; `sent` has room for as many.
    void send(const StepActivity& step, PacketRange range, std::span<MeshPacket> sent);
    /// The receiving stages, then learning, for all packets of the step, in order of arrival.
    /// `stalled_ps` is how long the mesh kept the core's own packets waiting at its way in. Returns
    /// when the core is at the barrier.
    std::uint64_t receive(const StepActivity& step, std::span<const Arrival> arrivals,
                          std::uint64_t stalled_ps);

private:
    template <class Watch>
    void send_watched(const StepActivity& step, PacketRange range, std::span<MeshPacket> sent,
                      Watch& watch);
    template <class Watch>
    std::uint64_t receive_watched(const StepActivity& step, std::span<const Arrival> arrivals,
                                  Watch& watch);

    Params params_;
    CoreTiming timing_;
};

/// Plays the host port: at the start of a step it writes state words and tells rewards, then
/// injects `range`, the packets of host inputs, at its tile, one after another. Returns when the
/// last one has left.
std::uint64_t play_host(const StepActivity& step, PacketRange range, std::span<MeshPacket> sent,
                        const ChipLayout& layout, const isa::ChipSpec& chip);

/// Plays the mesh: carries the packets of a step and hands them out in order of arrival.
class MeshPlayer {
public:
    struct Params {
        std::uint32_t cores = 0;
        MeshModel* model = nullptr;  ///< outlives the player, as does the next one
        StepTiming* timing = nullptr;
        Parallel* threads = nullptr;  ///< that help; null: none. They outlive the player
        /// Called with the packets of each step before they are carried.
        std::function<void(Picoseconds started, std::span<const MeshPacket>)> on_packets;
    };
    /// Tells `timing` where the arrivals are.
    explicit MeshPlayer(const Params& params);
    MeshPlayer(const MeshPlayer&) = delete;
    MeshPlayer& operator=(const MeshPlayer&) = delete;

    /// Room for all packets of a step, to be filled before it is carried.
    void begin(const StepActivity& step) { params_.timing->packets.resize(step.packets.size()); }
    [[nodiscard]] std::span<MeshPacket> room(PacketRange range) {
        return std::span{params_.timing->packets}.subspan(range.first, range.count);
    }
    /// Returns when the last packet has arrived, 0 without packets.
    std::uint64_t carry(const StepActivity& step, Picoseconds started);
    /// What arrived at a core in the step that was carried.
    [[nodiscard]] std::span<const Arrival> at(CoreSlot core) const noexcept {
        return order_.at(core);
    }
    /// How long the packets `range` of one core waited to enter the mesh.
    [[nodiscard]] std::uint64_t stalled_ps(PacketRange range) const;

private:
    Params params_;
    Parallel alone_{1};
    ArrivalOrder order_;
};

}  // namespace seamount::emu
