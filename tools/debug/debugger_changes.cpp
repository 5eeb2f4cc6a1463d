// How what a run holds is changed.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "isa/microcode/range_analysis.hpp"
#include "tools/debug/debugger.hpp"

namespace seamount::debug {
namespace {

/// What words that stay in 24 bits can hold: those of membranes (isa/README.md).
constexpr isa::Range k24Bits{-((std::int64_t{1} << 23) - 1), (std::int64_t{1} << 23) - 1};

std::int32_t word_value(std::int64_t value, isa::Range range, const SourceLocation& where) {
    if (value < range.min || value > range.max) {
        refuse("DBG-VALUE", where,
               fmt::format("value is {}, must be in [{}, {}]", value, range.min, range.max));
    }
    return static_cast<std::int32_t>(value);
}

/// What a state word of the group can be: 24 bits if the program keeps it there, else 32.
isa::Range range_of(const isa::ProgramImage& program, const isa::NeuronGroup& group,
                    std::uint32_t word) {
    isa::RangeInputs known;
    for (std::size_t p = 0; p < known.params.size(); ++p) {
        known.params[p] = {group.params[p], group.params[p]};
    }
    for (std::size_t w = 0; w < known.state.size(); ++w) {
        known.state[w] = {0, 0};
        if (w >= group.state.size() || group.state[w].empty()) continue;
        const auto [least, most] = std::ranges::minmax(group.state[w]);
        known.state[w] = {least, most};
    }
    const isa::Range range = isa::analyse_ranges(program.words, known).state[word];
    const bool is_written = range != known.state[word];
    const bool is_narrow = range.min >= k24Bits.min - 1 && range.max <= k24Bits.max + 1;
    if (!is_written || !is_narrow) return {};
    return {std::min(range.min, k24Bits.min), std::max(range.max, k24Bits.max)};
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

/// Words that nobody can write.
void reject_fixed(const Word& word, const SourceLocation& where) {
    if (word.kind != WordKind::kParameter && word.kind != WordKind::kView) return;
    refuse("DBG-VALUE", where,
           fmt::format("a {} cannot be changed", name_of(kWordKindNames, word.kind)),
           word.kind == WordKind::kView ? "it is computed from states and parameters"
                                        : "it is shared by a group of neurons: change the network");
}

}  // namespace

void Debugger::write_here(const std::string& name, std::int64_t value,
                          const SourceLocation& where) {
    (void)read_here(name, where);  // refuses what is not there
    CoreWalk& at = walk_of(core_);
    const Word word = *find_word(image_->programs[at.group().program], name);
    if (word.kind == WordKind::kPc) {
        refuse("DBG-VALUE", where, "pc cannot be changed", "programs only branch forward");
    }
    if (word.kind < WordKind::kRegister) return write({at.neuron()}, word, {value}, where);
    const std::int32_t bits = word_value(value, {}, where);
    at.change();
    if (word.kind == WordKind::kFlag) {
        at.execution().write_flag(bits != 0);
    } else {
        at.execution().write_register(word.index, bits);
    }
}

void Debugger::write(const std::vector<NeuronId>& neurons, const Word& word,
                     const std::vector<std::int64_t>& values, const SourceLocation& where) {
    reject_fixed(word, where);
    if (word.later != 0) need_boundary(where);
    std::vector<std::int32_t> bits;
    std::map<const isa::NeuronGroup*, isa::Range> ranges;
    for (std::size_t i = 0; i < neurons.size(); ++i) {
        const isa::NeuronGroup& group = group_of(neurons[i]);
        const auto [known, is_new] = ranges.try_emplace(&group);
        if (is_new && word.kind == WordKind::kState) {
            known->second = range_of(program_of(neurons[i]), group, word.index);
        }
        bits.push_back(word_value(values[values.size() == 1 ? 0 : i], known->second, where));
        if (word.kind == WordKind::kTrace && machine_->trace_registers(neurons[i]) == 0) {
            refuse("DBG-VALUE", where, "the program writes no trace registers");
        }
    }
    if (is_inside()) return write_inside(neurons, word, bits);
    write_between(neurons, word, bits, where);
}

void Debugger::write_inside(const std::vector<NeuronId>& neurons, const Word& word,
                            const std::vector<std::int32_t>& bits) {
    for (std::size_t i = 0; i < neurons.size(); ++i) {
        const Place& place = places_[neurons[i]];
        (void)lane_inside(place);
        CoreWalk& walk = walk_of(place.core);
        walk.change();
        isa::Lane& lane = walk.lane(place.compartment);
        (word.kind == WordKind::kState   ? lane.state[word.index]
         : word.kind == WordKind::kTrace ? lane.traces[word.index]
                                         : lane.accumulators[word.index]) = bits[i];
    }
}

void Debugger::write_between(const std::vector<NeuronId>& neurons, const Word& word,
                             const std::vector<std::int32_t>& bits, const SourceLocation& where) {
    if (word.kind == WordKind::kState) {
        for (std::size_t i = 0; i < neurons.size(); ++i) {
            machine_->write_state(neurons[i], word.index, bits[i]);
        }
        return take_checkpoint(true);
    }
    Change change;
    if (word.kind == WordKind::kAccumulator) {
        change.state = [&](emu::MachineState& state) {
            for (std::size_t i = 0; i < neurons.size(); ++i) {
                set_sum(state, neurons[i], word, bits[i]);
            }
        };
        change.check = [&] {
            for (std::size_t i = 0; i < neurons.size(); ++i) {
                check_sum(neurons[i], word, bits[i], where);
            }
        };
        return this->change(change, where);
    }
    change.state = [&](emu::MachineState& state) {
        IdVector<NeuronId, std::size_t> first(places_.size(), 0);
        std::size_t next = 0;
        for (const NeuronId neuron : places_.ids()) {
            first[neuron] = next;
            next += machine_->trace_registers(neuron);
        }
        for (std::size_t i = 0; i < neurons.size(); ++i) {
            state.traces[first[neurons[i]] + word.index] = bits[i];
        }
    };
    this->change(change, where);
}

void Debugger::check_sum(NeuronId neuron, const Word& word, std::int32_t bits,
                         const SourceLocation& where) const {
    const Place& place = places_[neuron];
    if (machine_->pending(place.core, place.compartment, word.index, word.later) == bits) return;
    const isa::ProgramImage& program = program_of(neuron);
    refuse("DBG-VALUE", where,
           fmt::format("accumulator '{}' of {} does not take {}: nothing reaches it, or its rule "
                       "({}) keeps another value",
                       program.accumulators[word.index], name_of(*image_, neuron), bits,
                       seamount::name_of(isa::kAccumulateNames, program.combine[word.index])));
}

void Debugger::load(const emu::MachineState& state, const SourceLocation& where) {
    try {
        machine_->load(state);
    } catch (const std::invalid_argument& error) {
        refuse("DBG-VALUE", where, fmt::format("that cannot be: {}", error.what()));
    }
}

void Debugger::change(const Change& change, const SourceLocation& where) {
    need_boundary(where);
    const std::shared_ptr<const isa::Image> image_before = image_;
    std::shared_ptr<const isa::Image> image = image_before;
    if (change.image) {
        const auto other = std::make_shared<isa::Image>(*image_before);
        change.image(*other);
        const std::vector<std::string> faults = isa::check_image(*other);
        if (!faults.empty()) {
            refuse("DBG-VALUE", where, fmt::format("that cannot be: {}", faults.front()));
        }
        image = other;
    }
    const emu::MachineState before = machine_->save();
    emu::MachineState state = before;
    if (change.state) change.state(state);
    try {
        if (image != image_before) build(image);
        load(state, where);
        if (change.check) change.check();
    } catch (const InputError&) {
        if (image != image_before) build(image_before);
        machine_->load(before);
        throw;
    }
    take_checkpoint(true);
}

void Debugger::inject(std::uint32_t input, const std::vector<std::uint32_t>& sources,
                      std::int32_t payload, const SourceLocation& where) {
    need_boundary(where);
    const isa::InputImage& to = image_->inputs[input];
    if (to.kind == isa::InputKind::kWrite || to.kind == isa::InputKind::kReward) {
        refuse("DBG-VALUE", where, fmt::format("input '{}' does not spike", to.name));
    }
    const std::vector<std::int32_t> payloads(sources.size(), payload);
    machine_->inject(input, sources, payloads);
    take_checkpoint(true);
}

void Debugger::reward(std::uint32_t channel, std::int32_t value, const SourceLocation& where) {
    need_boundary(where);
    machine_->reward(channel, value);
    take_checkpoint(true);
}

}  // namespace seamount::debug
