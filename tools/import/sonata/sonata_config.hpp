#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"

namespace seamount::importer::sonata {

/// A place of a JSON file: its name with the path of the key, "config.json:/networks/nodes/0".
[[nodiscard]] SourceLocation at(const std::filesystem::path& file, const std::string& path);

/// Nodes or edges with the table of their types.
struct TableFiles {
    std::filesystem::path data;   ///< .h5
    std::filesystem::path types;  ///< .csv
    SourceLocation where;
};

/// A rule of a node set, or several that all must hold; or names of sets whose union it is.
struct NodeSet {
    std::map<std::string, std::vector<std::string>> rules;  ///< attribute -> values as text
    std::vector<std::string> sets;
};

/// Spikes of virtual nodes.
struct SpikeInput {
    std::string name;
    std::filesystem::path file;
    NodeSet nodes;
    SourceLocation where;
};

/// What the files of a run say, with all paths found.
struct Config {
    std::filesystem::path file;
    std::vector<TableFiles> nodes;
    std::vector<TableFiles> edges;
    std::filesystem::path neuron_models;   ///< folder; may be empty
    std::filesystem::path synapse_models;  ///< folder; may be empty
    std::optional<double> dt_ms;
    std::optional<double> stop_ms;
    std::map<std::string, NodeSet> node_sets;
    std::vector<SpikeInput> inputs;
    std::vector<std::string> moved;  ///< "PATH THAT IS THERE for PATH OF THE FILE"
    std::vector<std::string> notes;
    std::vector<std::filesystem::path> files_read;
};

/// Reads a config.json, or a circuit_config.json alone. Findings go to `found`, after which the
/// result is of no use if there are errors. Throws InputError for a file that is no JSON.
[[nodiscard]] Config read_config(const std::filesystem::path& file, Diagnostics& found);

/// The values of a model's JSON file, as text. Throws InputError (CLI-FILE, IMP-JSON).
[[nodiscard]] std::map<std::string, std::string> read_model(const std::filesystem::path& file);

}  // namespace seamount::importer::sonata
