#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/conform/conform.hpp"

namespace seamount::conform {

using Json = nlohmann::json;

/// The outcome of one golden case.
struct Outcome {
    enum class Kind { kPassed, kFailed, kSkipped };
    Kind kind = Kind::kPassed;
    std::string detail;  ///< the first difference, or why it was skipped

    static Outcome passed() { return {}; }
    static Outcome failed(std::string detail) { return {Kind::kFailed, std::move(detail)}; }
    static Outcome skipped(std::string why) { return {Kind::kSkipped, std::move(why)}; }
    /// Passed if there is no difference.
    static Outcome of(std::string difference) {
        return difference.empty() ? passed() : failed(std::move(difference));
    }
};

/// What every runner may use.
struct Context {
    ConformOptions options;
};

/// Runs one case: a whole file of the loihi1 schemas, or an entry of the `cases` of a loihi2 file.
using CaseRunner = std::function<Outcome(const Json& vector, const Context& context)>;

// Neuron cases: schemas loihi1-golden/1 (static and silicon), loihi1-noise/1 and loihi1-pop/1.
[[nodiscard]] Outcome run_static_case(const Json& file, const Context& context);
[[nodiscard]] Outcome run_population_axons(const Json& file, const Context& context);

// Tables: against isa/fixed.hpp and the compiler's functions.
[[nodiscard]] Outcome run_primitives(const Json& file, const Context& context);
[[nodiscard]] Outcome run_weight_table(const Json& file, const Context& context);
[[nodiscard]] Outcome run_weight_table_nengo(const Json& file, const Context& context);
[[nodiscard]] Outcome run_synapse_bits(const Json& file, const Context& context);
[[nodiscard]] Outcome run_validator(const Json& file, const Context& context);

// Cases of the loihi2 files.
[[nodiscard]] Outcome run_dense(const Json& vector, const Context& context);
[[nodiscard]] Outcome run_convolution(const Json& vector, const Context& context);
[[nodiscard]] Outcome run_two_layers(const Json& vector, const Context& context);
[[nodiscard]] Outcome run_weight_quantisation(const Json& vector, const Context& context);

// Learning: lava with roundings floor and half, lava with a constant, brian2_loihi, nengo's PES.
[[nodiscard]] Outcome run_lava_learning(const Json& vector, const Context& context);
[[nodiscard]] Outcome run_lava_learning_constant(const Json& file, const Context& context);
[[nodiscard]] Outcome run_brian_learning(const Json& file, const Context& context);
[[nodiscard]] Outcome run_nengo_pes(const Json& file, const Context& context);

/// The runner of a neuron model of lava, by the `model` of its file; nothing if there is none.
[[nodiscard]] CaseRunner neuron_model_runner(const std::string& model);

}  // namespace seamount::conform
