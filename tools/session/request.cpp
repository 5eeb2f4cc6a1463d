#include "tools/session/request.hpp"

#include <optional>

#include "isa/base/json.hpp"
#include "tools/import/import_options.hpp"
#include "tools/session/bind_inputs.hpp"
#include "tools/session/probe/probe_reader.hpp"

namespace seamount::session {
namespace {

template <class T>
void put(Json& json, const char* key, const std::optional<T>& value) {
    if (value) json[key] = *value;
}

template <class Enum, std::size_t N, Enum First>
void put(Json& json, const char* key, const NameTable<Enum, N, First>& table,
         const std::optional<Enum>& value) {
    if (value) json[key] = name_of(table, *value);
}

template <class T>
void take(const Json& json, const char* key, std::optional<T>& value) {
    if (json.contains(key)) value = json.at(key).get<T>();
}

/// Throws Json::exception for a word that the table does not have, as for any other bad value.
template <class Enum, std::size_t N, Enum First>
void take(const Json& json, const char* key, const NameTable<Enum, N, First>& table,
          std::optional<Enum>& value) {
    if (!json.contains(key)) return;
    value = parse(table, json.at(key).get<std::string>());
    if (!value) throw Json::type_error::create(302, std::string{"unknown word in "} + key, nullptr);
}

Json to_json(const CompileSettings& mapping) {
    Json json{{"chip", mapping.chip},
              {"default_mapping_seed", mapping.default_mapping_seed},
              {"assignments", mapping.assignments},
              {"profile", mapping.profile.string()},
              {"cache", mapping.cache.string()},
              {"max_input", mapping.max_input},
              {"budget", mapping.budget}};
    put(json, "partitioner", compiler::kPartitionerNames, mapping.partitioner);
    put(json, "effort", mapping.effort);
    put(json, "placer", compiler::kPlacerNames, mapping.placer);
    put(json, "mapping_seed", mapping.mapping_seed);
    put(json, "optimise", compiler::kObjectiveNames, mapping.optimise);
    put(json, "candidates", mapping.candidates);
    return json;
}

CompileSettings mapping_of(const Json& json) {
    CompileSettings mapping;
    mapping.chip = json.at("chip");
    mapping.default_mapping_seed = json.at("default_mapping_seed");
    mapping.assignments = json.at("assignments").get<std::vector<std::string>>();
    mapping.profile = json.at("profile").get<std::string>();
    mapping.cache = json.at("cache").get<std::string>();
    mapping.max_input = json.at("max_input").get<std::string>();
    mapping.budget = json.at("budget").get<std::string>();
    take(json, "partitioner", compiler::kPartitionerNames, mapping.partitioner);
    take(json, "effort", mapping.effort);
    take(json, "placer", compiler::kPlacerNames, mapping.placer);
    take(json, "mapping_seed", mapping.mapping_seed);
    take(json, "optimise", compiler::kObjectiveNames, mapping.optimise);
    take(json, "candidates", mapping.candidates);
    return mapping;
}

Json to_json(const RunSettings& run) {
    Json json{{"mesh", name_of(emu::kMeshFidelityNames, run.mesh)},
              {"threads", run.threads},
              {"untimed", run.untimed},
              {"learning", run.learning}};
    put(json, "steps", run.steps);
    put(json, "samples", run.samples);
    put(json, "seed", run.seed);
    return json;
}

RunSettings run_of(const Json& json) {
    RunSettings run;
    std::optional<emu::MeshFidelity> mesh;
    take(json, "mesh", emu::kMeshFidelityNames, mesh);
    run.mesh = mesh.value_or(run.mesh);
    run.threads = json.at("threads");
    run.untimed = json.at("untimed");
    run.learning = json.at("learning");
    take(json, "steps", run.steps);
    take(json, "samples", run.samples);
    take(json, "seed", run.seed);
    return run;
}

}  // namespace

std::string text_of(const RunRequest& request) {
    Json json{{"file", request.file.string()}, {"inputs", request.inputs},
              {"data", request.data},          {"probes", request.probes},
              {"import", request.import},      {"mapping", to_json(request.mapping)},
              {"run", to_json(request.run)},   {"dry", request.dry}};
    put(json, "input_dt_ms", request.input_dt_ms);
    return json_text(json);
}

RunRequest request_of(const std::string& text) {
    try {
        const Json json = parse_json_or_throw(text);
        RunRequest request;
        request.file = json.at("file").get<std::string>();
        request.inputs = json.at("inputs").get<std::vector<std::string>>();
        request.data = json.at("data").get<std::vector<std::string>>();
        request.probes = json.value("probes", std::vector<std::string>{});
        request.import = json.at("import").get<std::vector<std::pair<std::string, std::string>>>();
        take(json, "input_dt_ms", request.input_dt_ms);
        request.mapping = mapping_of(json.at("mapping"));
        request.run = run_of(json.at("run"));
        request.dry = json.at("dry");
        return request;
    } catch (const Json::exception& error) {
        bad_input("CLI-REQUEST", "request", std::string{"is no request: "} + error.what(),
                  "what starts runs and what runs them must be of one build");
    }
}

Loaded open(const RunRequest& request, Listener& listener) {
    CompileSettings mapping = request.mapping;
    mapping.import = importer::read_import_options(request.import);
    Loaded loaded = open(request.file, mapping, listener);
    loaded.request = text_of(request);
    const std::optional<double> dt_ms = request.input_dt_ms ? request.input_dt_ms : loaded.dt_ms;
    for (const Diagnostic& warning :
         bind_inputs(request.inputs, loaded, dt_ms, mapping.max_input)) {
        listener.warning(warning);
    }
    for (const Diagnostic& warning : bind_data(request.data, loaded, dt_ms, mapping.max_input)) {
        listener.warning(warning);
    }
    for (const Diagnostic& warning : bind_probes(request.probes, loaded.image)) {
        listener.warning(warning);
    }
    return loaded;
}

}  // namespace seamount::session
