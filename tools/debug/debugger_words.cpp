// What neurons hold, and how it is changed.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "emulator/trace/probes.hpp"
#include "isa/base/assert.hpp"
#include "tools/debug/debugger.hpp"

namespace seamount::debug {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();

std::int32_t word_value(std::int64_t value, const SourceLocation& where) {
    if (value < kLeast || value > kMost) {
        refuse("DBG-VALUE", where,
               fmt::format("value is {}, must be in [{}, {}]", value, kLeast, kMost));
    }
    return static_cast<std::int32_t>(value);
}

/// Sets or removes what is due for (neuron, accumulator, delay).
void set_sum(emu::MachineState& state, NeuronId neuron, const Word& word, std::int64_t value) {
    const auto key = [](const emu::PendingSum& sum) {
        return std::tuple{sum.neuron, sum.accumulator, sum.delay};
    };
    const emu::PendingSum sum{neuron.value(), static_cast<std::uint16_t>(word.index),
                              static_cast<std::uint16_t>(word.later), value};
    auto at = std::ranges::lower_bound(state.sums, key(sum), {}, key);
    const bool is_there = at != state.sums.end() && key(*at) == key(sum);
    if (is_there) at = state.sums.erase(at);
    if (value != 0) state.sums.insert(at, sum);
}

}  // namespace

const isa::NeuronGroup& Debugger::group_of(NeuronId neuron) const {
    const Place& place = places_[neuron];
    return image_->cores[place.core.index()].groups[place.group];
}

const isa::ProgramImage& Debugger::program_of(NeuronId neuron) const {
    return image_->programs[group_of(neuron).program];
}

void Debugger::need_boundary(const SourceLocation& where) const {
    if (!is_inside()) return;
    refuse("DBG-STATE", where, fmt::format("step {} is not over", step()),
           "this goes between two steps: 'step' ends this one, 'back' goes to its start");
}

/// Of a core whose turn is over, or has come, what was computed here.
const isa::Lane& Debugger::lane_inside(const Place& place) {
    const auto known = walks_.find(place.core.index());
    if (place.core < core_) {
        CoreWalk& walk = walk_of(place.core);
        walk.finish();
        return walk.lane(place.compartment);
    }
    if (known != walks_.end()) return known->second->lane(place.compartment);
    scratch_ = machine_->lane(place.core, place.compartment);
    return scratch_;
}

std::int64_t Debugger::read(NeuronId neuron, const Word& word, const SourceLocation& where) {
    const Place& place = places_[neuron];
    if (word.kind >= WordKind::kRegister) {
        refuse("DBG-STATE", where,
               fmt::format("registers are of the compartment in work, and that is not {}",
                           name_of(*image_, neuron)));
    }
    if (word.later != 0) {
        return machine_->pending(place.core, place.compartment, word.index, word.later);
    }
    if (is_inside()) return read_lane(lane_inside(place), neuron, word);
    scratch_ = machine_->lane(place.core, place.compartment);
    return read_lane(scratch_, neuron, word);
}

std::int64_t Debugger::read_lane(const isa::Lane& lane, NeuronId neuron, const Word& word) {
    switch (word.kind) {
        case WordKind::kState:
            return lane.state[word.index];
        case WordKind::kParameter:
            return group_of(neuron).params[word.index];
        case WordKind::kAccumulator:
            return lane.accumulators[word.index];
        case WordKind::kTrace:
            return lane.traces[word.index];
        case WordKind::kView:
            return read_view(lane, neuron, word.index);
        case WordKind::kRegister:
        case WordKind::kFlag:
        case WordKind::kPc:
            break;
    }
    SM_ASSERT(false, "a register is no word of a lane");
    return 0;
}

std::int64_t Debugger::read_view(const isa::Lane& lane, NeuronId neuron, std::uint32_t view) {
    const isa::ProgramImage& program = program_of(neuron);
    const isa::Expression expression =
        isa::Expression::parse(program.views[view].expression, {program.file, 0, 0});
    return expression.evaluate([&](std::string_view name) -> std::int64_t {
        const auto word = find_word(program, name);
        SM_ASSERT(word && word->kind <= WordKind::kParameter,
                  "a view is over states and parameters");
        return read_lane(lane, neuron, *word);
    });
}

std::int64_t Debugger::value(const Formula& formula, std::size_t i) {
    return formula.evaluate(
        *image_, i, [this](const Formula::Term& term, std::optional<NeuronId> neuron) {
            const bool is_here = !neuron || (term.word.kind >= WordKind::kRegister && is_inside() &&
                                             walk().neuron() == *neuron);
            return is_here ? read_here(term.name, term.where)
                           : read(*neuron, term.word, term.where);
        });
}

std::int64_t Debugger::read_here(const std::string& name, const SourceLocation& where) {
    if (!is_inside()) {
        refuse("DBG-STATE", where,
               fmt::format("'{}' belongs to the compartment in work, and no step is open", name),
               "'stepi' goes into the next step; a neuron's word is POPULATION[INDEX].WORD");
    }
    const CoreWalk& at = walk();
    const auto word = find_word(image_->programs[at.group().program], name);
    if (!word) {
        refuse(
            "DBG-NAME", where,
            fmt::format("the program of {} has no word '{}'", name_of(*image_, at.neuron()), name));
    }
    switch (word->kind) {
        case WordKind::kRegister:
            return at.execution().register_at(word->index);
        case WordKind::kFlag:
            return at.execution().flag() ? 1 : 0;
        case WordKind::kPc:
            return at.execution().pc();
        default:
            return read(at.neuron(), *word, where);
    }
}

void Debugger::write_here(const std::string& name, std::int64_t value,
                          const SourceLocation& where) {
    (void)read_here(name, where);  // refuses what is not there
    CoreWalk& at = walk_of(core_);
    const Word word = *find_word(image_->programs[at.group().program], name);
    if (word.kind == WordKind::kPc) {
        refuse("DBG-VALUE", where, "pc cannot be changed", "programs only branch forward");
    }
    if (word.kind < WordKind::kRegister) return write(at.neuron(), word, value, where);
    const std::int32_t bits = word_value(value, where);
    at.change();
    if (word.kind == WordKind::kFlag) {
        at.execution().write_flag(bits != 0);
    } else {
        at.execution().write_register(word.index, bits);
    }
}

void Debugger::write(NeuronId neuron, const Word& word, std::int64_t value,
                     const SourceLocation& where) {
    const std::int32_t bits = word_value(value, where);
    const Place& place = places_[neuron];
    if (word.kind == WordKind::kParameter || word.kind == WordKind::kView) {
        refuse("DBG-VALUE", where,
               fmt::format("a {} cannot be changed", name_of(kWordKindNames, word.kind)),
               word.kind == WordKind::kView
                   ? "it is computed from states and parameters"
                   : "it is shared by a group of neurons: change the network");
    }
    if (is_inside()) {
        if (word.later != 0) need_boundary(where);
        (void)lane_inside(place);
        CoreWalk& walk = walk_of(place.core);
        walk.change();
        isa::Lane& lane = walk.lane(place.compartment);
        (word.kind == WordKind::kState   ? lane.state[word.index]
         : word.kind == WordKind::kTrace ? lane.traces[word.index]
                                         : lane.accumulators[word.index]) = bits;
        return;
    }
    if (word.kind == WordKind::kState) {
        machine_->write_state(neuron, word.index, bits);
        take_checkpoint(true);
    } else if (word.kind == WordKind::kAccumulator) {
        change_state([&](emu::MachineState& state) { set_sum(state, neuron, word, bits); }, where);
        if (machine_->pending(place.core, place.compartment, word.index, word.later) != bits) {
            refuse("DBG-VALUE", where,
                   fmt::format(
                       "accumulator '{}' of {} does not take {}: nothing reaches it, or its "
                       "rule ({}) keeps another value",
                       program_of(neuron).accumulators[word.index], name_of(*image_, neuron), bits,
                       seamount::name_of(isa::kAccumulateNames,
                                         program_of(neuron).combine[word.index])));
        }
    } else {
        std::size_t at = 0;
        for (const NeuronId other : places_.ids()) {
            if (other == neuron) break;
            at += machine_->trace_registers(other);
        }
        if (machine_->trace_registers(neuron) == 0) {
            refuse("DBG-VALUE", where, "the program writes no trace registers");
        }
        change_state([&](emu::MachineState& state) { state.traces[at + word.index] = bits; },
                     where);
    }
}

void Debugger::load(const emu::MachineState& state, const SourceLocation& where) {
    try {
        machine_->load(state);
    } catch (const std::invalid_argument& error) {
        refuse("DBG-VALUE", where, fmt::format("that cannot be: {}", error.what()));
    }
}

void Debugger::change_state(const std::function<void(emu::MachineState&)>& change,
                            const SourceLocation& where) {
    need_boundary(where);
    emu::MachineState state = machine_->save();
    change(state);
    load(state, where);
    take_checkpoint(true);
}

void Debugger::change_image(const std::function<void(isa::Image&)>& change,
                            const SourceLocation& where) {
    need_boundary(where);
    const auto image = std::make_shared<isa::Image>(*image_);
    change(*image);
    const std::vector<std::string> faults = isa::check_image(*image);
    if (!faults.empty()) {
        refuse("DBG-VALUE", where, fmt::format("that cannot be: {}", faults.front()));
    }
    const emu::MachineState state = machine_->save();
    const std::shared_ptr<const isa::Image> before = image_;
    build(image);
    try {
        load(state, where);
    } catch (const InputError&) {
        build(before);
        machine_->load(state);
        throw;
    }
    take_checkpoint(true);
}

void Debugger::inject(std::uint32_t input, std::uint32_t source, std::int32_t payload,
                      const SourceLocation& where) {
    need_boundary(where);
    const isa::InputImage& to = image_->inputs[input];
    if (to.kind == isa::InputKind::kWrite || to.kind == isa::InputKind::kReward) {
        refuse("DBG-VALUE", where, fmt::format("input '{}' does not spike", to.name));
    }
    machine_->inject(input, {&source, 1}, {&payload, 1});
    take_checkpoint(true);
}

void Debugger::reward(std::uint32_t channel, std::int32_t value, const SourceLocation& where) {
    need_boundary(where);
    machine_->reward(channel, value);
    take_checkpoint(true);
}

}  // namespace seamount::debug
