// How a run moves on, stops and goes back.
#include "tools/debug/debugger.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "isa/base/assert.hpp"

namespace seamount::debug {

Debugger::Debugger(std::shared_ptr<const isa::Image> image, const Setting& setting)
    : first_image_{image},
      setting_{setting},
      random_{setting.seed},
      checkpoints_{setting.checkpoint_bytes} {
    build(std::move(image));
    take_checkpoint(false);
}

void Debugger::build(std::shared_ptr<const isa::Image> image) {
    emu::Machine::Params params;
    params.seed = setting_.seed;
    params.learning = setting_.learning;
    params.packets = false;
    machine_ = std::make_unique<emu::Machine>(*image, params);
    image_ = std::move(image);
    places_.assign(image_->neuron_count(), {});
    for (std::uint32_t c = 0; c < image_->cores.size(); ++c) {
        const isa::CoreImage& core = image_->cores[c];
        for (std::uint32_t g = 0; g < core.groups.size(); ++g) {
            const isa::NeuronGroup& group = core.groups[g];
            for (std::uint32_t i = group.first; i < group.first + group.count; ++i) {
                places_[core.neurons[i]] = {CoreSlot{c}, i, g};
            }
        }
    }
}

void Debugger::take_checkpoint(bool pinned) {
    checkpoints_.take({image_, machine_->save(), spikes_, hash_.value(), last_, pinned});
}

void Debugger::restore(const Checkpoint& checkpoint) {
    walks_.clear();
    if (checkpoint.image != image_) build(checkpoint.image);
    machine_->load(checkpoint.machine);
    spikes_ = checkpoint.spikes;
    hash_ = emu::SpikeHash{checkpoint.spike_hash};
    last_ = checkpoint.last;
}

void Debugger::go_to(std::uint64_t step, const SourceLocation& where) {
    const bool is_back = is_inside() || step < this->step();
    if (is_back) {
        if (step < checkpoints_.first_step()) {
            refuse("DBG-STATE", where,
                   fmt::format("step {} cannot be gone back to: what leads there was dropped, all "
                               "checkpoints together take at most {} MB",
                               step, setting_.checkpoint_bytes >> 20U),
                   fmt::format("the earliest is step {}; 'run' starts again without changes",
                               checkpoints_.first_step()));
        }
        restore(checkpoints_.before(step));
        checkpoints_.forget_after(step);
    }
    while (this->step() < step && !at_end()) {
        if (interrupted && interrupted()) return;
        play_step();
    }
}

void Debugger::restart() {
    checkpoints_ = Checkpoints{setting_.checkpoint_bytes};
    build(first_image_);
    hash_ = {};
    spikes_ = 0;
    last_.clear();
    walks_.clear();
    take_checkpoint(false);
}

/// Counts a step that was played.
void Debugger::note(const emu::StepActivity& activity) {
    hash_.begin_step(activity.step);
    last_.clear();
    for (const emu::HostEmission& spike : activity.host) {
        last_.push_back({spike.input, spike.source, spike.payload});
    }
    for (std::size_t c = 0; c < activity.cores.size(); ++c) {
        for (const emu::EmittedSpike& spike : activity.cores[c].spikes) {
            const NeuronId neuron = image_->cores[c].neurons[spike.compartment];
            hash_.add(neuron, spike.payload);
            last_.push_back({SeenSpike::kNeuron, neuron.value(), spike.payload});
            ++spikes_;
        }
    }
}

void Debugger::play_step() {
    if (checkpoints_.wants(step())) take_checkpoint(false);
    note(machine_->step());
}

void Debugger::open() {
    if (checkpoints_.wants(step())) take_checkpoint(false);
    machine_->open_step();
}

/// Ends the open step: cores in which something was changed do what was computed here.
void Debugger::close() {
    bool changed = false;
    for (const auto& [slot, walk] : walks_) {
        if (!walk->changed()) continue;
        walk->finish();
        machine_->give_update(CoreSlot{static_cast<std::uint32_t>(slot)}, walk->update());
        changed = true;
    }
    note(machine_->step());
    for (const auto& [slot, walk] : walks_) {
        if (!walk->done() || walk->changed()) continue;
        const CoreSlot core{static_cast<std::uint32_t>(slot)};
        for (std::uint32_t c = 0; c < walk->core().neurons.size(); ++c) {
            SM_ASSERT(machine_->lane(core, c).state == walk->lane(c).state,
                      "the interpreter did not do what the machine did");
        }
    }
    walks_.clear();
    if (changed) take_checkpoint(true);
}

CoreWalk& Debugger::walk_of(CoreSlot core) {
    std::unique_ptr<CoreWalk>& walk = walks_[core.index()];
    if (!walk) {
        walk = std::make_unique<CoreWalk>(CoreWalk::Params{image_.get(), core, step(), &random_},
                                          *machine_);
    }
    return *walk;
}

/// Whether a core is walked through.
bool Debugger::visits(CoreSlot core, Move move) const {
    if (move == Move::kInstruction || move == Move::kCompartment) return true;
    const isa::CoreImage& image = image_->cores[core.index()];
    return std::ranges::any_of(breakpoints, [&](const Breakpoint& breakpoint) {
        if (breakpoint.kind == BreakKind::kCore) return breakpoint.core == core;
        if (breakpoint.kind != BreakKind::kLine) return false;
        return std::ranges::any_of(image.groups, [&](const isa::NeuronGroup& group) {
            if (breakpoint.neurons && breakpoint.neurons->index != group.population) return false;
            return std::ranges::any_of(
                breakpoint.words, [&](const auto& word) { return word.first == group.program; });
        });
    });
}

/// Goes to the first compartment of the next core that is walked through, from `core` on; false if
/// there is none, and the step is over.
bool Debugger::enter_from(std::size_t core, Move move) {
    for (; core < image_->cores.size(); ++core) {
        const CoreSlot slot{static_cast<std::uint32_t>(core)};
        if (!visits(slot, move) || image_->cores[core].neurons.empty()) continue;
        core_ = slot;
        (void)walk_of(slot);
        return true;
    }
    close();
    return false;
}

/// Executes an instruction; false if that, or the lack of any, ended the step.
bool Debugger::next_position(Move move) {
    CoreWalk& walk = walk_of(core_);
    walk.step();
    return !walk.done() || enter_from(core_.index() + 1, move);
}

Stopped Debugger::advance(Move move, std::optional<std::uint64_t> until) {
    note_conditions();
    for (;;) {
        if (interrupted && interrupted()) return {Stopped::Why::kInterrupted, {}};
        if (at_end()) return {Stopped::Why::kEnd, {}};
        const std::uint32_t compartment = is_inside() ? walk().compartment() : 0;
        const CoreSlot core = core_;
        bool has_entered = false;
        bool inside = false;
        if (is_inside()) {
            inside = next_position(move);
        } else {
            const auto slots = IdRange<CoreSlot>{static_cast<std::uint32_t>(image_->cores.size())};
            if (std::ranges::any_of(slots.begin(), slots.end(),
                                    [&](CoreSlot slot) { return visits(slot, move); })) {
                open();
                inside = enter_from(0, move);
                has_entered = true;
            } else {
                play_step();
            }
        }
        std::vector<Stopped::Hit> hits = inside ? hits_inside() : hits_between();
        if (!hits.empty()) return {Stopped::Why::kBreakpoint, std::move(hits)};
        if (!inside) {
            if (move != Move::kContinue || step() == until) {
                return {at_end() ? Stopped::Why::kEnd : Stopped::Why::kMoved, {}};
            }
            continue;
        }
        const bool is_new = has_entered || core != core_ || compartment != walk().compartment();
        if (move == Move::kInstruction || (move == Move::kCompartment && is_new)) {
            return {Stopped::Why::kMoved, {}};
        }
    }
}

/// Formulas that are true already stop the run when they become true again.
void Debugger::note_conditions() {
    if (is_inside()) return;
    for (Breakpoint& breakpoint : breakpoints) {
        if (breakpoint.kind == BreakKind::kWhen) {
            breakpoint.held = !truth_of(breakpoint).empty();
        }
    }
}

/// Who spiked of those that the breakpoint names; empty: nobody.
std::string Debugger::spike_of(const Breakpoint& breakpoint) const {
    const Selection& selection = *breakpoint.neurons;
    std::vector<std::string> who;
    for (const SeenSpike& spike : last_) {
        const bool is_input = spike.input != SeenSpike::kNeuron;
        if (is_input != selection.is_input || (is_input && spike.input != selection.index)) {
            continue;
        }
        std::uint32_t member = spike.index;
        if (!is_input) {
            member -= image_->populations[selection.index].first_neuron.value();
        }
        if (!std::ranges::binary_search(selection.members, member)) continue;
        who.push_back(fmt::format("{}[{}]",
                                  is_input ? image_->inputs[selection.index].name
                                           : image_->populations[selection.index].name,
                                  member));
    }
    if (who.empty()) return {};
    const std::size_t shown = std::min<std::size_t>(who.size(), 8);
    return fmt::format(
        "{}{} spiked",
        fmt::join(who.begin(), who.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown < who.size() ? fmt::format(" and {} more", who.size() - shown) : "");
}

/// What of a formula is true; empty: nothing.
std::string Debugger::truth_of(const Breakpoint& breakpoint) {
    const Formula& formula = *breakpoint.condition;
    for (std::size_t i = 0; i < formula.count(); ++i) {
        if (value(formula, i) == 0) continue;
        const auto neuron = formula.neuron(*image_, i);
        return neuron ? fmt::format("{} for {}", formula.text(), name_of(*image_, *neuron))
                      : formula.text();
    }
    return {};
}

bool Debugger::allowed(const Breakpoint& breakpoint) {
    return !breakpoint.condition || !truth_of(breakpoint).empty();
}

std::vector<Stopped::Hit> Debugger::hits_between() {
    std::vector<Stopped::Hit> hits;
    for (Breakpoint& breakpoint : breakpoints) {
        std::string says;
        switch (breakpoint.kind) {
            case BreakKind::kStep:
                if (breakpoint.step == step() && allowed(breakpoint)) says = breakpoint.text;
                break;
            case BreakKind::kSpike:
                says = spike_of(breakpoint);
                if (!says.empty() && !allowed(breakpoint)) says.clear();
                break;
            case BreakKind::kWhen: {
                const std::string truth = truth_of(breakpoint);
                const bool held = std::exchange(breakpoint.held, !truth.empty());
                if (!held && !truth.empty()) says = truth;
                break;
            }
            case BreakKind::kCore:
            case BreakKind::kLine:
                break;
        }
        if (says.empty()) continue;
        ++breakpoint.hits;
        hits.push_back({breakpoint.number, std::move(says)});
    }
    return hits;
}

std::vector<Stopped::Hit> Debugger::hits_inside() {
    std::vector<Stopped::Hit> hits;
    const CoreWalk& at = walk();
    const std::uint32_t pc = at.execution().pc();
    for (Breakpoint& breakpoint : breakpoints) {
        bool hit = false;
        if (breakpoint.kind == BreakKind::kCore) {
            hit = breakpoint.core == core_ && at.compartment() == 0 && pc == 0;
        } else if (breakpoint.kind == BreakKind::kLine) {
            hit = std::ranges::find(breakpoint.words, std::pair{at.group().program, pc}) !=
                      breakpoint.words.end() &&
                  at.execution().holds();
            if (hit && breakpoint.neurons) {
                const Selection& only = *breakpoint.neurons;
                const std::uint32_t member =
                    at.neuron() - image_->populations[only.index].first_neuron;
                hit = std::ranges::binary_search(only.members, member);
            }
        }
        if (!hit || !allowed(breakpoint)) continue;
        ++breakpoint.hits;
        hits.push_back({breakpoint.number, breakpoint.text});
    }
    return hits;
}

}  // namespace seamount::debug
