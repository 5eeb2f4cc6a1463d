#include "tools/conform/conform.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <map>

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

Outcome dispatch(const Json& file, const Context& context) {
    static const std::map<std::string, Runner> runners{
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
    const std::string schema = file.value("schema", "");
    if (schema.empty() && file.contains("model") && file.contains("cases")) {
        return Outcome::skipped(
            fmt::format("no neuron program for {} in this version", file["model"].dump()));
    }
    const auto found = runners.find(schema);
    if (found == runners.end()) {
        return Outcome::failed(fmt::format("unknown schema '{}'", schema));
    }
    return found->second(file, context);
}

Outcome run_file(const fs::path& path, const Context& context) {
    std::ifstream stream(path);
    const Json file = Json::parse(stream, nullptr, false);
    if (file.is_discarded()) {
        throw InputError(Diagnostic{"CLI-JSON",
                                    {path.string(), 0, 0},
                                    "not JSON",
                                    "give golden-vector files (.json) or folders of them"});
    }
    if (!file.is_object()) return Outcome::skipped("no golden vector: a list, not an object");
    try {
        return dispatch(file, context);
    } catch (const Json::exception& error) {
        return Outcome::failed(fmt::format("malformed vector: {}", error.what()));
    } catch (const InputError& error) {
        return Outcome::failed(error.what());
    }
}

}  // namespace

int run_conform(const std::vector<fs::path>& paths, const ConformOptions& options) {
    const Context context{options};
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t skipped = 0;
    for (const fs::path& path : collect(paths)) {
        const Outcome outcome = run_file(path, context);
        const std::string name = path.stem().string();
        switch (outcome.kind) {
            case Outcome::Kind::kPassed:
                ++passed;
                if (!options.quiet) fmt::print("PASS {}\n", name);
                break;
            case Outcome::Kind::kSkipped:
                ++skipped;
                if (!options.quiet) fmt::print("SKIP {}: {}\n", name, outcome.detail);
                break;
            case Outcome::Kind::kFailed:
                ++failed;
                fmt::print("FAIL {}: {}\n", name, outcome.detail);
                break;
        }
    }
    fmt::print("{} passed, {} failed, {} skipped\n", passed, failed, skipped);
    return failed == 0 ? 0 : 1;
}

}  // namespace seamount::conform
