#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "isa/microcode/program.hpp"
#include "tools/neuron/neuron_stimulus.hpp"

namespace seamount::tools {

/// A quantity over time: a state word, a view or an input.
struct Curve {
    std::string name;
    std::vector<std::int64_t> values;  ///< one per step, after the step
};

/// What one compartment did.
struct NeuronTrace {
    std::vector<Curve> inputs;
    std::vector<Curve> records;
    /// Payloads of the spikes of each step, in program order.
    std::vector<std::vector<std::int32_t>> spikes;
    std::uint64_t overflows = 0;     ///< results that wrapped or saturated at their width
    std::uint64_t failed_views = 0;  ///< views without a value, which became 0
    std::uint64_t cycles = 0;
};

/// Arguments of a program by name, from NAME=VALUE texts. Throws InputError (CLI-PARAM) with all
/// that are malformed, unknown, out of range, given twice or missing.
[[nodiscard]] std::map<std::string, std::int64_t> read_params(
    const std::vector<std::string>& assignments, const isa::Program& program);

/// Runs one compartment on the lockstep engine, as a network with one neuron would. `records` are
/// names of state words and views; empty: the state words that the program writes. Throws
/// InputError (CLI-RECORD for unknown names, CLI-PARAM for words that do not fit 32 bits).
[[nodiscard]] NeuronTrace run_neuron(const isa::Program& program,
                                     const std::map<std::string, std::int64_t>& args,
                                     const Stimulus& stimulus, std::uint32_t steps,
                                     std::uint64_t seed, const std::vector<std::string>& records);

}  // namespace seamount::tools
