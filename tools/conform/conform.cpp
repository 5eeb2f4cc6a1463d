#include "tools/conform/conform.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <new>
#include <stdexcept>

#include "isa/base/diagnostic.hpp"
#include "isa/base/json.hpp"
#include "isa/input/input_file.hpp"
#include "tools/conform/learning/cases.hpp"
#include "tools/conform/neurons/cases.hpp"
#include "tools/conform/synapses/cases.hpp"
#include "tools/conform/vectors/case.hpp"
#include "tools/conform/vectors/vector.hpp"
#include "tools/conform/vectors/vector_keys.hpp"

namespace seamount::conform {
namespace {

namespace fs = std::filesystem;

/// A case and how it went.
struct NamedOutcome {
    std::string name;
    Outcome outcome;
};

/// Files to run, and what could not be looked into.
struct Collected {
    std::vector<fs::path> files;
    std::vector<NamedOutcome> unreadable;
};

/// Appends the .json files below a folder in name order. Links to folders are not followed.
void collect_below(const fs::path& folder, Collected& out) {
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        entries.push_back(at->path());
    }
    if (error) {
        out.unreadable.push_back(
            {folder.string(), Outcome::failed("cannot be read: " + error.message())});
    }
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) {
        const fs::file_status status = fs::status(entry, error);
        if (fs::is_directory(status)) {
            if (!fs::is_symlink(entry, error)) collect_below(entry, out);
        } else if (entry.extension() == ".json") {
            out.files.push_back(entry);
        }
    }
}

[[noreturn]] void no_vectors(const fs::path& path, const char* what) {
    throw InputError(Diagnostic{"CLI-FILE",
                                {path.string(), 0, 0},
                                what,
                                "give golden-vector files (.json) or folders of them"});
}

Collected collect(const std::vector<fs::path>& paths) {
    Collected collected;
    for (const fs::path& path : paths) {
        std::error_code error;
        if (fs::is_directory(path, error)) {
            const std::size_t before = collected.files.size() + collected.unreadable.size();
            collect_below(path, collected);
            if (collected.files.size() + collected.unreadable.size() == before) {
                no_vectors(path, "the folder has no golden vectors");
            }
        } else if (fs::is_regular_file(path, error) || is_stream(path)) {
            collected.files.push_back(path);
        } else {
            no_vectors(path, "no such file or folder");
        }
    }
    return collected;
}

/// Runners of whole files, by `schema`.
CaseRunner file_runner(const std::string& schema) {
    static const std::map<std::string, CaseRunner> runners{
        {"loihi1-golden/1", run_static_case},
        {"loihi1-noise/1", run_static_case},
        {"loihi1-pop/1", run_population_axons},
        {"loihi1-prim/1", run_primitives},
        {"loihi1-weights/1", run_weight_table},
        {"loihi1-weights-nengo/1", run_weight_table_nengo},
        {"loihi1-synbits/1", run_synapse_bits},
        {"loihi1-validate/1", run_validator},
        {"loihi1-learn-brian/1", run_brian_learning},
        {"loihi1-learn-lava/1", run_lava_learning_constant},
        {"loihi1-learn-nengo-pes/1", run_nengo_pes},
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
        {"PyLearningDenseModelBitApproximate", run_lava_learning},
    };
    const auto found = runners.find(model);
    return found == runners.end() ? neuron_model_runner(model) : found->second;
}

Outcome run_case(const CaseRunner& runner, const std::string& kind, const Json& vector,
                 const Context& context) {
    if (const std::string fault = fault_of_keys(kind, vector); !fault.empty()) {
        return Outcome::failed(fault);
    }
    try {
        return runner(vector, context);
    } catch (const Json::exception& error) {
        return Outcome::failed(fmt::format("malformed vector: {}", error.what()));
    } catch (const std::out_of_range&) {
        return Outcome::failed("malformed vector: its lists differ in length");
    } catch (const std::bad_alloc&) {
        return Outcome::failed("out of memory");
    } catch (const std::exception& error) {
        return Outcome::failed(error.what());
    }
}

std::vector<NamedOutcome> run_cases(const std::string& name, const Json& file,
                                    const Context& context) {
    const std::string model = text_of(file, "model");
    const CaseRunner runner = model_runner(model);
    if (!runner) return {{name, Outcome::failed(fmt::format("unknown model '{}'", model))}};
    if (file["cases"].empty()) return {{name, Outcome::failed("no cases")}};
    std::vector<NamedOutcome> outcomes;
    for (const Json& entry : file["cases"]) {
        std::string label = text_of(entry, "name");
        if (label.empty()) label = std::to_string(outcomes.size());
        outcomes.push_back(
            {fmt::format("{}/{}", name, label), run_case(runner, model, entry, context)});
    }
    return outcomes;
}

/// A list of {file, case, what: true or false, ...}.
bool is_cross_check(const Json& file) {
    return file.is_array() && !file.empty() &&
           std::all_of(file.begin(), file.end(), [](const Json& entry) {
               return entry.is_object() && entry.contains("file") && entry.contains("case");
           });
}

/// All cases of a file. `name` is that of the file; those of `cases` have theirs behind a slash.
std::vector<NamedOutcome> run_vectors(const std::string& name, const Json& file,
                                      const Context& context) {
    if (is_cross_check(file)) {
        return {{name, Outcome::skipped(fmt::format(
                           "no golden vector: a record of {} cases that a second model of the "
                           "authors reproduced; the cases stand in the files that it names",
                           file.size()))}};
    }
    if (!file.is_object()) {
        return {{name, Outcome::skipped(fmt::format("no golden vector: {} {}, not an object",
                                                    file.is_array() ? "a" : "of type",
                                                    file.is_array() ? "list" : file.type_name()))}};
    }
    const std::string schema = text_of(file, "schema");
    if (schema.empty() && file.contains("cases") && file["cases"].is_array()) {
        return run_cases(name, file, context);
    }
    const CaseRunner runner = file_runner(schema);
    if (!runner) return {{name, Outcome::failed(fmt::format("unknown schema '{}'", schema))}};
    return {{name, run_case(runner, schema, file, context)}};
}

std::vector<NamedOutcome> run_file(const fs::path& path, const Context& context) {
    const std::string name = path.stem().string();
    try {
        std::ifstream stream(readable_path(path));
        if (!stream) return {{name, Outcome::failed(path.string() + " cannot be read")}};
        const Json file = parse_json(stream);
        if (file.is_discarded()) return {{name, Outcome::failed(path.string() + " is not JSON")}};
        return run_vectors(name, file, context);
    } catch (const std::exception& error) {
        return {{name, Outcome::failed(error.what())}};
    }
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
    const Collected collected = collect(paths);
    for (const NamedOutcome& result : collected.unreadable) tally.add(result);
    for (const fs::path& path : collected.files) {
        for (const NamedOutcome& result : run_file(path, context)) tally.add(result);
    }
    return tally.finish();
}

}  // namespace seamount::conform
