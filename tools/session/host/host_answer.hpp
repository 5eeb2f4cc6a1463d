#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::session {

/// One thing that the host does before a step.
struct HostAct {
    enum class Kind : std::uint8_t { kSpike, kWrite, kReward, kLearning };
    Kind kind = Kind::kSpike;
    std::uint64_t step = 0;
    std::uint32_t of = 0;     ///< input, state word or channel
    std::uint32_t index = 0;  ///< source, or global id of the neuron
    std::int32_t value = 0;   ///< payload, value, reward, or 1 for learning
};

/// Reads an answer of a host, a line of JSON; `first` is the step that comes, `end` that of the
/// next exchange. In order of steps, as given within a step. Throws InputError (RUN-HOST for what
/// is no answer, RUN-NAME, RUN-VALUE; the file is `name`) with the step and the place.
[[nodiscard]] std::vector<HostAct> read_answer(const std::string& line, const isa::Image& image,
                                               const std::string& name, std::uint64_t first,
                                               std::uint64_t end);

}  // namespace seamount::session
