#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/explain/replay.hpp"
#include "tools/explain/replays.hpp"

namespace seamount::explain {

/// An event's part in an effect.
struct Cause {
    Event event;
    std::int64_t contribution = 0;  ///< to the effect's value, in its unit
    /// What the neuron does without the event; of the largest contributions only.
    std::optional<Without> without{};
    double score = 0.0;  ///< its part of what is explained
};

/// A spike, a push or a word, with all that it came from.
struct Effect {
    Question question;
    std::int64_t value = 0;  ///< = all contributions + all entries
    std::optional<std::int64_t> threshold{};
    /// By Entry: what of the value no event has.
    std::array<std::int64_t, kEntries> entries{};
    /// The program is not linear in what came: contributions are differences to executions without
    /// the event, and what is left is mixed.
    bool is_re_executed = false;
    std::vector<Cause> causes;  ///< by contribution, largest magnitude first
    double score = 0.0;         ///< its part of what is explained
    bool is_root = false;
};

/// An input spike's part in what is explained.
struct InputPart {
    Origin origin;
    Emission spike;
    double tree = 0.0;  ///< by the tree of causes
    /// How much less the roots come to if the whole network runs without it; see measure_inputs().
    std::optional<double> measured{};
    double score = 0.0;  ///< `tree`, or the mean of both on one scale
};

/// What is asked for: a spike, or words with weights (a decision: winner minus runner-up).
struct Root {
    Question question;
    double weight = 1.0;
};

struct Limits {
    /// Effects with less than this part of the roots' scores are not looked into.
    double prune = 0.001;
    std::size_t most_effects = 20000;
    /// Events of an effect that it is executed without, one by one.
    std::size_t most_re_executions = 1024;
    /// Input spikes of a window that the network is run without, one by one. If there are more, it
    /// is run so often without a random tenth of their sources, which decisions alone are,
    std::size_t most_measured = 512;
    /// and only if these runs update neurons at most so often.
    std::uint64_t most_updates = 100'000'000;
};

struct Explanation {
    std::vector<Effect> effects;    ///< the roots, then back in time
    std::vector<InputPart> inputs;  ///< by score, largest first; magnitude breaks no tie
    std::uint64_t pruned = 0;       ///< effects that were not looked into
};

/// The tree of causes. An event's score is its part of the score of what it caused: of a word or a
/// payload in proportion to its contribution; of a spike half in proportion to that, and half by
/// what is lost of the spike without it: all of it if there is none, else what the spike does less
/// when it comes later, or more when it comes earlier.
[[nodiscard]] Explanation explain(Replays& replays, const std::vector<Root>& roots,
                                  const Limits& limits = {});

}  // namespace seamount::explain
