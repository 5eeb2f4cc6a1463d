#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "isa/image/weights.hpp"
#include "isa/learning/learning_image.hpp"
#include "tools/conform/vectors/case.hpp"
#include "tools/conform/vectors/trace.hpp"

namespace seamount::conform {

/// A learning vector in one form, whoever made it: sources whose spikes the host sends, targets
/// whose spikes and post traces are given, and synapses between them.
struct LearningExperiment {
    struct Synapse {
        std::uint32_t pre = 0;
        std::uint32_t post = 0;
        std::int32_t weight = 0;
        std::int32_t tag = 0;
        std::int32_t second_tag = 0;
    };
    isa::LearningRuleImage rule;
    isa::SignMode sign_mode = isa::kMixed;
    int weight_bits = 8;
    bool graded = false;  ///< payloads multiply the weight
    std::uint32_t sources = 0;
    std::uint32_t targets = 0;
    std::vector<Synapse> synapses;
    Trace pre;                                ///< [step][source]: payload, 0 for no spike
    Trace post;                               ///< [step][target]: 0 or 1
    std::array<Trace, isa::kPostTraces> y{};  ///< [step][target]; empty: from spikes

    /// What must hold after each step: w, t, d by synapse in the order of `synapses`; x1 x2 by
    /// source; y1 y2 y3 by target; a_out by target, one step later than the spikes that make it.
    std::map<std::string, Trace> expected;
};

/// Sets a rule's product strings; a string that cannot be parsed is a bad vector.
void set_products(LearningExperiment& experiment, const std::string& dw, const std::string& dd,
                  const std::string& dt);

/// Compiles the experiment to an image, runs it and compares what it names.
[[nodiscard]] Outcome run_experiment(const LearningExperiment& experiment, const Json& vector,
                                     const Context& context);

}  // namespace seamount::conform
