#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "emulator/trace/spike_hash.hpp"
#include "isa/base/id_vector.hpp"
#include "isa/image/image.hpp"
#include "tools/debug/breakpoint.hpp"
#include "tools/debug/checkpoints.hpp"
#include "tools/debug/core_walk.hpp"

namespace seamount::debug {

/// How far a run goes on.
enum class Move : std::uint8_t { kInstruction, kCompartment, kStep, kContinue };

/// Why it stopped.
struct Stopped {
    enum class Why : std::uint8_t { kMoved, kBreakpoint, kEnd, kInterrupted };
    struct Hit {
        std::uint32_t number = 0;  ///< of the breakpoint
        std::string says;
    };
    Why why = Why::kMoved;
    std::vector<Hit> hits;
};

/// A run that is looked into, changed and taken back: the machine of `seamount run`, and inside a
/// step the reference interpreter, compartment by compartment. As long as nothing is changed it is
/// the run: the same spikes, the same state. Without time.
///
/// Errors of the user are InputErrors (DBG-STATE, DBG-VALUE); nothing has happened then.
class Debugger {
public:
    struct Setting {
        std::uint64_t seed = 1;
        bool learning = true;
        std::optional<std::uint64_t> end;  ///< steps of the run, at most; none: for ever
        std::size_t checkpoint_bytes = Checkpoints::kBytes;
        /// The step of the dataset before which it ends.
        std::uint64_t dataset_end = std::numeric_limits<std::uint64_t>::max();
    };
    Debugger(std::shared_ptr<const isa::Image> image, const Setting& setting);

    [[nodiscard]] const isa::Image& image() const noexcept { return *image_; }
    [[nodiscard]] const Setting& setting() const noexcept { return setting_; }
    /// The step that comes next, or is open.
    [[nodiscard]] std::uint64_t step() const noexcept { return machine_->steps_done(); }
    [[nodiscard]] bool at_end() const noexcept {
        return !is_inside() && ((setting_.end && step() >= *setting_.end) ||
                                machine_->position().step >= setting_.dataset_end);
    }
    [[nodiscard]] bool is_inside() const noexcept { return machine_->step_is_open(); }
    /// The core in work. Requires: is_inside().
    [[nodiscard]] const CoreWalk& walk() const { return *walks_.at(core_.index()); }
    [[nodiscard]] CoreSlot core() const noexcept { return core_; }
    [[nodiscard]] std::uint64_t spikes() const noexcept { return spikes_; }
    [[nodiscard]] std::uint64_t spike_hash() const noexcept { return hash_.value(); }
    /// Of the step before.
    [[nodiscard]] const std::vector<SeenSpike>& last() const noexcept { return last_; }
    [[nodiscard]] const Checkpoints& checkpoints() const noexcept { return checkpoints_; }
    [[nodiscard]] const emu::Machine& machine() const noexcept { return *machine_; }

    // Movement.
    /// Up to the next breakpoint, at the most as far as `move` says, and to before step `until`.
    Stopped advance(Move move, std::optional<std::uint64_t> until = {});
    /// To before `step`, forward or back; breakpoints do not count. What was changed after it is
    /// forgotten, what was changed before it stays. DBG-STATE if no checkpoint leads there any
    /// more.
    void go_to(std::uint64_t step, const SourceLocation& where = {});
    /// To before the first step of the network as it was opened.
    void restart();
    /// Asked now and then: true ends a movement.
    std::function<bool()> interrupted;

    std::vector<Breakpoint> breakpoints;

    // What neurons hold. Inside a step: cores whose turn is over as they are after it, those whose
    // turn has not come as they are before it.
    [[nodiscard]] std::int64_t read(NeuronId neuron, const Word& word,
                                    const SourceLocation& where = {});
    [[nodiscard]] std::int64_t value(const Formula& formula, std::size_t i);
    /// A word of the compartment in work (DBG-STATE if there is none).
    [[nodiscard]] std::int64_t read_here(const std::string& name, const SourceLocation& where);

    // Changes: all of one, or, if it is refused, nothing.
    /// Between steps a state is written as a host does. One value for all of the neurons, or one
    /// for each.
    void write(const std::vector<NeuronId>& neurons, const Word& word,
               const std::vector<std::int64_t>& values, const SourceLocation& where);
    void write_here(const std::string& name, std::int64_t value, const SourceLocation& where);
    /// Sources spike in the next step.
    void inject(std::uint32_t input, const std::vector<std::uint32_t>& sources,
                std::int32_t payload, const SourceLocation& where);
    void reward(std::uint32_t channel, std::int32_t value, const SourceLocation& where);
    /// What is changed between two steps; what is missing stays.
    struct Change {
        std::function<void(isa::Image&)> image;  ///< what the cores are loaded with
        std::function<void(emu::MachineState&)> state;
        std::function<void()> check;  ///< throws InputError if the machine did not take it
    };
    /// Goes on from here with the change. DBG-VALUE with the reason if it would not be sound.
    void change(const Change& change, const SourceLocation& where);

    struct Place {
        CoreSlot core;
        std::uint32_t compartment = 0;
        std::uint32_t group = 0;  ///< of the core
    };
    [[nodiscard]] const Place& place_of(NeuronId neuron) const { return places_[neuron]; }
    [[nodiscard]] const isa::NeuronGroup& group_of(NeuronId neuron) const;
    [[nodiscard]] const isa::ProgramImage& program_of(NeuronId neuron) const;
    /// Throws InputError (DBG-STATE) inside a step.
    void need_boundary(const SourceLocation& where) const;

private:
    void build(std::shared_ptr<const isa::Image> image);
    void play_step();
    void open();
    void close();
    void note(const emu::StepActivity& activity);
    void take_checkpoint(bool pinned);
    void restore(const Checkpoint& checkpoint);
    void load(const emu::MachineState& state, const SourceLocation& where);
    void write_inside(const std::vector<NeuronId>& neurons, const Word& word,
                      const std::vector<std::int32_t>& bits);
    void write_between(const std::vector<NeuronId>& neurons, const Word& word,
                       const std::vector<std::int32_t>& bits, const SourceLocation& where);
    void check_sum(NeuronId neuron, const Word& word, std::int32_t bits,
                   const SourceLocation& where) const;

    [[nodiscard]] CoreWalk& walk_of(CoreSlot core);
    [[nodiscard]] const isa::Lane& lane_inside(const Place& place);
    [[nodiscard]] std::int64_t read_lane(const isa::Lane& lane, NeuronId neuron, const Word& word);
    [[nodiscard]] std::int64_t read_view(const isa::Lane& lane, NeuronId neuron,
                                         std::uint32_t view);
    [[nodiscard]] bool visits(CoreSlot core, Move move) const;
    [[nodiscard]] bool enter_from(std::size_t core, Move move);
    [[nodiscard]] bool next_position(Move move);
    [[nodiscard]] std::vector<Stopped::Hit> hits_between();
    [[nodiscard]] std::vector<Stopped::Hit> hits_inside();
    [[nodiscard]] std::string spike_of(const Breakpoint& breakpoint) const;
    [[nodiscard]] std::string truth_of(const Breakpoint& breakpoint);
    [[nodiscard]] bool allowed(const Breakpoint& breakpoint);
    void note_conditions();

    std::shared_ptr<const isa::Image> image_;
    const std::shared_ptr<const isa::Image> first_image_;
    Setting setting_;
    isa::PhiloxSource random_;
    std::unique_ptr<emu::Machine> machine_;
    IdVector<NeuronId, Place> places_;
    emu::SpikeHash hash_;
    std::uint64_t spikes_ = 0;
    std::vector<SeenSpike> last_;
    Checkpoints checkpoints_;
    // Of the open step.
    std::map<std::size_t, std::unique_ptr<CoreWalk>> walks_;  ///< by core
    CoreSlot core_;
    isa::Lane scratch_;
};

}  // namespace seamount::debug
