#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace seamount::conform {

using Json = nlohmann::ordered_json;

struct ConformOptions {
    std::filesystem::path neuron_library;  ///< configs/neurons
    std::filesystem::path chip;            ///< chip file whose limits and mesh the cases run under
    bool quiet = false;                    ///< print failures and the last line only
};

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

}  // namespace seamount::conform
