// What neurons hold.
#include <fmt/format.h>

#include "isa/base/assert.hpp"
#include "tools/debug/debugger.hpp"

namespace seamount::debug {
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

}  // namespace seamount::debug
