#include "tools/session/results.hpp"

#include <algorithm>
#include <set>

namespace seamount::session {
namespace {

std::size_t place_of(const std::vector<std::int32_t>& sorted, std::int32_t value) {
    return static_cast<std::size_t>(std::ranges::lower_bound(sorted, value) - sorted.begin());
}

}  // namespace

Confusion confusion_of(const std::vector<AnswerCount>& answers) {
    std::set<std::int32_t> labels;
    std::set<std::int32_t> classes;
    for (const AnswerCount& count : answers) {
        labels.insert(count.label);
        if (count.label >= 0) classes.insert(count.label);
        if (count.answer != AnswerCount::kNone) classes.insert(count.answer);
    }
    Confusion matrix{{labels.begin(), labels.end()}, {classes.begin(), classes.end()}, {}, {}};
    matrix.counts.assign(labels.size(), std::vector<std::uint64_t>(classes.size()));
    matrix.unanswered.resize(labels.size());
    for (const AnswerCount& count : answers) {
        const std::size_t row = place_of(matrix.labels, count.label);
        if (count.answer == AnswerCount::kNone) {
            matrix.unanswered[row] = count.samples;
        } else {
            matrix.counts[row][place_of(matrix.classes, count.answer)] = count.samples;
        }
    }
    return matrix;
}

}  // namespace seamount::session
