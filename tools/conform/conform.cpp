#include "tools/conform/conform.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

#include "isa/spec/diagnostic.hpp"
#include "tools/conform/case.hpp"

namespace seamount::conform {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> collect(const std::vector<fs::path>& paths) {
    std::vector<fs::path> files;
    for (const fs::path& path : paths) {
        if (fs::is_directory(path)) {
            std::vector<fs::path> found;
            for (const auto& entry : fs::recursive_directory_iterator(path)) {
                if (entry.is_regular_file() && entry.path().extension() == ".json") {
                    found.push_back(entry.path());
                }
            }
            std::sort(found.begin(), found.end());
            files.insert(files.end(), found.begin(), found.end());
        } else if (fs::is_regular_file(path)) {
            files.push_back(path);
        } else {
            throw InputError(Diagnostic{"CLI-FILE",
                                        {path.string(), 0, 0},
                                        "no such file or folder",
                                        "give golden-vector files (.json) or folders of them"});
        }
    }
    return files;
}

Outcome skip_learning(const Json&, const Context&) {
    return Outcome::skipped("on-chip learning is not modelled by this version");
}

/// Runners of whole files, by `schema`.
CaseRunner file_runner(const std::string& schema) {
    static const std::map<std::string, CaseRunner> runners{
        {"loihi1-golden/1", run_static_case},
        {"loihi1-noise/1", run_noise_case},
        {"loihi1-pop/1", run_population_axons},
        {"loihi1-prim/1", run_primitives},
        {"loihi1-weights/1", run_weight_table},
        {"loihi1-weights-nengo/1", run_weight_table_nengo},
        {"loihi1-synbits/1", run_synapse_bits},
        {"loihi1-validate/1", run_validator},
        {"loihi1-learn-brian/1", skip_learning},
        {"loihi1-learn-lava/1", skip_learning},
        {"loihi1-learn-nengo-pes/1", skip_learning},
    };
    const auto found = runners.find(schema);
    return found == runners.end() ? CaseRunner{} : found->second;
}

/// Runners of the `cases` of a file, by its `model`.
CaseRunner model_runner(const std::string& model) {
    static const std::map<std::string, CaseRunner> runners{
        {"PyDenseModelBitAcc", run_dense},
        {"PyDelayDenseModelBitAcc", run_dense},
        {"PyConvModelFixed", run_convolution},
        {"LIF -> Dense(exp 1) -> LIF + recurrent Dense, full lava runtime", run_two_layers},
        {"clip_weights+truncate_weights / optimize_weight_bits", run_weight_quantisation},
        {"PyLearningDenseModelBitApproximate", skip_learning},
    };
    const auto found = runners.find(model);
    return found == runners.end() ? neuron_model_runner(model) : found->second;
}

/// A case and how it went.
struct NamedOutcome {
    std::string name;
    Outcome outcome;
};

Outcome run_case(const CaseRunner& runner, const Json& vector, const Context& context) {
    try {
        return runner(vector, context);
    } catch (const Json::exception& error) {
        return Outcome::failed(fmt::format("malformed vector: {}", error.what()));
    } catch (const std::out_of_range&) {
        return Outcome::failed("malformed vector: its lists differ in length");
    } catch (const InputError& error) {
        return Outcome::failed(error.what());
    }
}

/// The text of a member, or nothing.
std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// All cases of a file. `name` is that of the file; those of `cases` have theirs behind a slash.
std::vector<NamedOutcome> run_vectors(const std::string& name, const Json& file,
                                      const Context& context) {
    if (!file.is_object()) {
        return {{name, Outcome::skipped("no golden vector: a list, not an object")}};
    }
    const std::string schema = text_of(file, "schema");
    if (schema.empty() && file.contains("cases") && file["cases"].is_array()) {
        const std::string model = text_of(file, "model");
        const CaseRunner runner = model_runner(model);
        if (!runner) return {{name, Outcome::failed(fmt::format("unknown model '{}'", model))}};
        std::vector<NamedOutcome> outcomes;
        for (const Json& entry : file["cases"]) {
            const std::string label =
                entry.is_object() ? text_of(entry, "name") : std::to_string(outcomes.size());
            outcomes.push_back(
                {fmt::format("{}/{}", name, label), run_case(runner, entry, context)});
        }
        return outcomes;
    }
    const CaseRunner runner = file_runner(schema);
    if (!runner) return {{name, Outcome::failed(fmt::format("unknown schema '{}'", schema))}};
    return {{name, run_case(runner, file, context)}};
}

std::vector<NamedOutcome> run_file(const fs::path& path, const Context& context) {
    std::ifstream stream(path);
    const Json file = Json::parse(stream, nullptr, false);
    if (file.is_discarded()) {
        throw InputError(Diagnostic{"CLI-JSON",
                                    {path.string(), 0, 0},
                                    "not JSON",
                                    "give golden-vector files (.json) or folders of them"});
    }
    return run_vectors(path.stem().string(), file, context);
}

/// Counts outcomes and prints a line for each.
class Tally {
public:
    explicit Tally(bool quiet) : quiet_{quiet} {}

    void add(const NamedOutcome& result) {
        const auto& [name, outcome] = result;
        switch (outcome.kind) {
            case Outcome::Kind::kPassed:
                ++passed_;
                if (!quiet_) fmt::print("PASS {}\n", name);
                break;
            case Outcome::Kind::kSkipped:
                ++skipped_;
                if (!quiet_) fmt::print("SKIP {}: {}\n", name, outcome.detail);
                break;
            case Outcome::Kind::kFailed:
                ++failed_;
                fmt::print("FAIL {}: {}\n", name, outcome.detail);
                break;
        }
    }

    /// Prints the last line; the exit code.
    [[nodiscard]] int finish() const {
        fmt::print("{} passed, {} failed, {} skipped\n", passed_, failed_, skipped_);
        return failed_ == 0 ? 0 : 1;
    }

private:
    bool quiet_;
    std::size_t passed_ = 0;
    std::size_t failed_ = 0;
    std::size_t skipped_ = 0;
};

}  // namespace

int run_conform(const std::vector<fs::path>& paths, const ConformOptions& options) {
    const Context context{options};
    Tally tally(options.quiet);
    for (const fs::path& path : collect(paths)) {
        for (const NamedOutcome& result : run_file(path, context)) tally.add(result);
    }
    return tally.finish();
}

}  // namespace seamount::conform
