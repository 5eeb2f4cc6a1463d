#pragma once

#include <string_view>
#include <vector>

#include "isa/image/image.hpp"
#include "tools/session/host/host_answer.hpp"

namespace seamount::session {

/// Reads an answer of the usual kind, in one pass and without a tree of it: each name once and
/// without escapes, whole numbers in range. Appends to `acts`, which are emptied first. False for
/// anything else, right or wrong: read_answer() knows which, and `acts` hold nothing of use then.
[[nodiscard]] bool read_plain_answer(std::string_view line, const isa::Image& image,
                                     const AnswerSteps& steps, std::vector<HostAct>& acts);

}  // namespace seamount::session
