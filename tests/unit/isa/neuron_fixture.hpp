#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "isa/assembly/assembler.hpp"
#include "isa/microcode/interpreter.hpp"

namespace seamount::testing {

using Args = std::map<std::string, std::int64_t, std::less<>>;

/// One neuron of a library program, run by the reference interpreter.
class Neuron {
public:
    Neuron(const isa::Program& program, const Args& args) : program_{&program} {
        const auto lookup = [&](std::string_view name) {
            const auto given = args.find(name);
            return given != args.end() ? given->second : program.find_arg(name)->initial.value();
        };
        for (const auto& p : program.params) {
            params[static_cast<std::size_t>(p.index)] =
                static_cast<std::int32_t>(p.initial.evaluate(lookup));
        }
        for (const auto& s : program.states) {
            lane.state[static_cast<std::size_t>(s.index)] =
                static_cast<std::int32_t>(s.initial.evaluate(lookup));
        }
    }

    /// One step with `input` in accumulator 0.
    isa::LaneResult step(std::int32_t input, const isa::RandomSource& random, NeuronId neuron,
                         std::uint64_t step) {
        lane.accumulators[0] = input;
        return isa::interpret(program_->words, params, lane, random, neuron, step);
    }

    /// The parameter of that name, else the state word.
    [[nodiscard]] std::int32_t& word(std::string_view name) {
        for (const auto& p : program_->params) {
            if (p.name == name) return params[static_cast<std::size_t>(p.index)];
        }
        if (const auto* s = program_->find_state(name)) {
            return lane.state[static_cast<std::size_t>(s->index)];
        }
        throw std::out_of_range{std::string{name}};
    }

    [[nodiscard]] std::int64_t view(std::size_t index) {
        return program_->views.at(index).value.evaluate(
            [this](std::string_view name) { return word(name); });
    }

    std::array<std::int32_t, isa::kParameters> params{};
    isa::Lane lane;

private:
    const isa::Program* program_;
};

/// Draws that a test dictates, by step and neuron.
class ScriptedSource final : public isa::RandomSource {
public:
    explicit ScriptedSource(std::vector<std::vector<std::int32_t>> draws)
        : draws_{std::move(draws)} {}
    void draw(std::span<const NeuronId> neurons, std::uint64_t step, std::uint32_t /*pc*/, int bits,
              isa::Draw kind, std::int32_t* out) const override {
        if (bits != 8 || kind != isa::Draw::kSymmetric) throw std::logic_error{"other draw"};
        for (const auto neuron : neurons) *out++ = draws_.at(step).at(neuron.index());
    }

private:
    std::vector<std::vector<std::int32_t>> draws_;
};

inline isa::Program loihi1_cuba() {
    return isa::assemble_file(SEAMOUNT_SOURCE_DIR "/configs/neurons/loihi1_cuba.asm");
}

}  // namespace seamount::testing
