#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::session {

/// One thing that the host does before a step.
struct HostAct {
    enum class Kind : std::uint8_t { kSpike, kWrite, kReward, kLearning, kClearTags, kClearTraces };
    Kind kind = Kind::kSpike;
    std::uint64_t step = 0;
    std::uint32_t of = 0;     ///< input, state word, channel or entry of LearningImage::projections
    std::uint32_t index = 0;  ///< source, or global id of the neuron
    std::int32_t value = 0;   ///< payload, value, reward, or 1 for learning
};

/// The steps that an answer is for.
struct AnswerSteps {
    std::uint64_t first = 0;  ///< that comes
    std::uint64_t end = 0;    ///< of the next exchange
};

/// Reads an answer of a host, a line of JSON, into `acts` (what they held is gone, their memory is
/// used again): in order of steps, as given within a step. Throws InputError (RUN-HOST for what is
/// no answer, RUN-NAME, RUN-VALUE; the file is `name`) with the step and the place.
void read_answer(std::string_view line, const isa::Image& image, const std::string& name,
                 const AnswerSteps& steps, std::vector<HostAct>& acts);

}  // namespace seamount::session
