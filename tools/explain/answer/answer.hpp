#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tools/explain/decision.hpp"
#include "tools/explain/learned.hpp"
#include "tools/session/listener.hpp"
#include "tools/session/request.hpp"

namespace seamount::explain {

/// What is to be explained.
struct Request {
    session::RunRequest run;     ///< `file` is an image, a network, or the folder of a run
    std::string spike;           ///< "POPULATION[INDEX]@STEP", or empty
    std::string decision;        ///< "SAMPLE", "FIRST..LAST" or "all", or empty
    std::uint64_t window = 200;  ///< steps before a spike that are looked at, without a dataset
    Limits limits;
    bool verify = false;
    ProofSetting proof;
};

/// One thing that was explained.
struct Account {
    std::optional<Decision> decision;
    std::optional<Question> spike;
    std::uint64_t first = 0;  ///< of the window that was looked at
    std::uint64_t end = 0;
    Explanation explanation;
    std::optional<Proof> proof;
    WeightHistories learned;
};

struct Answer {
    session::Loaded loaded;
    Setting setting;
    std::vector<Account> accounts;  ///< of several decisions without their explanations
    std::uint64_t samples = 0;      ///< that were looked at
    std::uint64_t skipped = 0;      ///< of these: no answer, or a wrong one
    std::optional<Ratio> ratio;     ///< over several decisions that were verified
};

/// Plays the run again as far as needed, and explains. Of several samples those are explained that
/// were answered right (all that were answered, without labels). Throws InputError (EXPL-SPIKE,
/// EXPL-SAMPLE, EXPL-RUN, RUN-NAME, RUN-RECORDS).
[[nodiscard]] Answer answer(const Request& request, session::Listener& listener);

/// For people: the largest parts first, at most `lines` of each list.
[[nodiscard]] std::string text_of(const Answer& answer, std::size_t lines = 12);
/// For programs: all of it.
[[nodiscard]] std::string json_of(const Answer& answer);
/// A page that needs no network, with a heat map of inputs that have two dimensions.
[[nodiscard]] std::string page_of(const Answer& answer);

}  // namespace seamount::explain
