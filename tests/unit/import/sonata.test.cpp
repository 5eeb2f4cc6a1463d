#include <hdf5.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "isa/base/diagnostic.hpp"
#include "tests/unit/import/netx_file.hpp"
#include "tools/import/sonata/sonata_import.hpp"
#include "tools/import/sonata/sonata_weights.hpp"

using namespace seamount;
using namespace seamount::importer;
using Catch::Contains;
using test::NetxFile;
using test::TemporaryFolder;

namespace {

/// Text that a test may change before the circuit is read.
struct Texts {
    std::string config = R"({
        "manifest": {"$BASE": "${configdir}", "$NET": "$BASE/net"},
        "components": {"point_neuron_models_dir": "$BASE/models",
                       "synaptic_models_dir": "$BASE/models"},
        "networks": {
            "nodes": [{"nodes_file": "$NET/nodes.h5", "node_types_file": "$NET/node_types.csv"}],
            "edges": [{"edges_file": "$NET/edges.h5", "edge_types_file": "$NET/edge_types.csv"}]},
        "run": {"tstop": 100.0, "dt": 1.0},
        "inputs": {"drive": {"input_type": "spikes", "module": "h5", "node_set": "IN",
                             "input_file": "$NET/spikes.h5"}}})";
    std::string node_types =
        "node_type_id model_type model_template dynamics_params\n"
        "7 point_process nrn:IntFire1 cell.json\n"
        "3 virtual NULL NULL\n";
    std::string edge_types =
        "edge_type_id syn_weight delay weight_function dynamics_params\n"
        "1 0.5 2.0 wmax exc.json\n"
        "2 0.25 3.0 wmax inh.json\n";
    std::string cell = R"({"tau": 0.02, "refrac": 0.003, "type": "NEURON_IntFire1"})";
};

/// Two cells with the ids 10 and 4, which inhibit each other, and two virtual nodes.
std::string write_circuit(const TemporaryFolder& folder, const Texts& texts) {
    std::filesystem::create_directories(folder / "net");
    std::filesystem::create_directories(folder / "models");
    folder.write("net/node_types.csv", texts.node_types);
    folder.write("net/edge_types.csv", texts.edge_types);
    folder.write("models/cell.json", texts.cell);
    folder.write("models/exc.json", R"({"sign": 1})");
    folder.write("models/inh.json", R"({"sign": -1})");
    NetxFile nodes{folder / "net/nodes.h5"};
    nodes.integers("/nodes/cells/node_type_id", {7, 7});
    nodes.integers("/nodes/cells/node_id", {10, 4});
    nodes.integers("/nodes/in/node_type_id", {3, 3});
    NetxFile edges{folder / "net/edges.h5"};
    edges.integers("/edges/e/edge_type_id", {1, 1, 2});
    edges.integers("/edges/e/edge_group_id", {0, 0, 0});
    edges.integers("/edges/e/edge_group_index", {2, 1, 0});
    edges.integers("/edges/e/0/nsyns", {1, 4, 2});
    edges.integers("/edges/e/source_node_id", {0, 1, 1});
    edges.integers("/edges/e/target_node_id", {10, 4, 4});
    edges.attribute("/edges/e/source_node_id", "node_population", "in");
    edges.attribute("/edges/e/target_node_id", "node_population", "cells");
    edges.integers("/edges/r/edge_type_id", {2, 2});
    edges.integers("/edges/r/source_node_id", {10, 4});
    edges.integers("/edges/r/target_node_id", {4, 10});
    edges.attribute("/edges/r/source_node_id", "node_population", "cells");
    edges.attribute("/edges/r/target_node_id", "node_population", "cells");
    NetxFile spikes{folder / "net/spikes.h5"};
    spikes.integers("/spikes/gids", {1, 0, 9});
    spikes.floats("/spikes/timestamps", {3}, {5.2F, 3.0F, 1.0F});
    return folder.write("config.json", texts.config);
}

std::string errors_of(const Texts& texts) {
    const TemporaryFolder folder;
    try {
        (void)import_sonata(write_circuit(folder, texts), "n.npz", {});
        return "";
    } catch (const InputError& error) {
        return error.what();
    }
}

std::string with(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a SONATA circuit becomes point neurons, inputs and lists of edges", "[sonata]") {
    const TemporaryFolder folder;
    const Imported imported = import_sonata(write_circuit(folder, {}), "n.npz", {});
    CHECK(imported.neurons == 2);
    CHECK(imported.weights == 5);
    CHECK(imported.dt_ms == 1.0);
    CHECK_THAT(imported.network.yaml(),
               Contains("  cells:") && Contains("neuron: point_lif") &&
                   Contains("dv: 51140") &&  // 2^20 (1 - exp(-1/20))
                   Contains("refractory_period: 2") && Contains("from: in") &&
                   Contains("from: cells"));
    CHECK(imported.notes.size() >= 3);
    CHECK_THAT(imported.notes.front(), Contains("no SONATA magic"));
}

TEST_CASE("what a SONATA circuit cannot be here is refused by name", "[sonata]") {
    Texts texts;
    texts.node_types = with(texts.node_types, "nrn:IntFire1", "nest:iaf_psc_alpha");
    CHECK_THAT(errors_of(texts), Contains("nodes.h5:/nodes/cells: error: node type 7") &&
                                     Contains("'nest:iaf_psc_alpha' has no counterpart") &&
                                     Contains("nest:iaf_psc_delta") && Contains("[IMP-TYPE]"));
    texts = {};
    texts.node_types = with(texts.node_types, "point_process", "biophysical");
    CHECK_THAT(errors_of(texts), Contains("Seamount has point neurons only"));
    texts = {};
    texts.edge_types = with(texts.edge_types, "wmax", "gauss");
    CHECK_THAT(errors_of(texts), Contains("edge type 1: weight_function 'gauss'"));
    texts = {};
    texts.config = with(texts.config, "\"spikes\"", "\"current_clamp\"");
    CHECK_THAT(errors_of(texts), Contains("config.json:/inputs/drive: error: an input of type "
                                          "'current_clamp'"));
}

TEST_CASE("faults of a SONATA circuit are told at their place", "[sonata]") {
    Texts texts;
    texts.config = with(texts.config, "\"run\":", "\"networks\": {}, \"run\":");
    CHECK_THAT(errors_of(texts), Contains("'networks' is given twice [IMP-JSON]"));
    texts = {};
    texts.config = with(texts.config, "\"run\":", "\"run\"");
    CHECK_THAT(errors_of(texts), Contains("config.json:8:") && Contains("[IMP-JSON]"));
    texts = {};
    texts.config = with(texts.config, "$NET/nodes.h5", "$NTE/nodes.h5");
    CHECK_THAT(errors_of(texts), Contains("config.json:/networks/nodes/0/nodes_file: error:") &&
                                     Contains("a variable that is not known"));
    texts = {};
    texts.cell = with(texts.cell, "0.02", "0.0002");
    CHECK_THAT(errors_of(texts), Contains("'tau' is 0.0002 s, shorter than a step") &&
                                     Contains("'tau' and 'refrac' in seconds"));
    texts = {};
    texts.edge_types = with(texts.edge_types, "3.0", "0.1");
    CHECK_THAT(errors_of(texts), Contains("delay of 0.1 ms is less than a step of 1 ms"));
    texts = {};
    texts.node_types = with(texts.node_types, "7 ", "8 ");
    CHECK_THAT(errors_of(texts), Contains("node 0 has the type 7, of which the table of types has "
                                          "no row"));
}

TEST_CASE("attributes in groups need to say whose they are", "[sonata]") {
    const auto error_of = [](const char* without, const char* instead) {
        const TemporaryFolder folder;
        const std::string config = write_circuit(folder, {});
        {
            const hid_t file =
                H5Fopen((folder / "net/edges.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
            if (instead == nullptr) {
                H5Ldelete(file, without, H5P_DEFAULT);
            } else {
                H5Lmove(file, without, file, instead, H5P_DEFAULT, H5P_DEFAULT);
            }
            H5Fclose(file);
        }
        try {
            (void)import_sonata(config, "n.npz", {});
            return std::string{};
        } catch (const InputError& error) {
            return to_string(error.diagnostics().front());
        }
    };
    CHECK_THAT(
        error_of("/edges/e/edge_group_id", nullptr),
        Contains("edges.h5:/edges/e/edge_group_id: error: missing") && Contains("[IMP-KEY]"));
    CHECK_THAT(error_of("/edges/e/edge_group_index", nullptr), Contains("edge_group_index: error"));
    CHECK_THAT(error_of("/edges/e/0", "/edges/e/5"),
               Contains("edge 0 is in group 0, which is not there"));
    // What is without attributes needs no places of them.
    CHECK(error_of("/edges/e/0", nullptr).empty());
}

TEST_CASE("weights with a common unit become whole numbers", "[sonata]") {
    using namespace sonata;
    const Scale decimal = choose_scale({0.0019, 0.0038, -0.0023}, {1.0});
    CHECK(decimal.exact);
    CHECK(0.0019 * decimal.factor == Approx(std::round(0.0019 * decimal.factor)));
    const Scale one = choose_scale({5.0}, {1.0});
    CHECK(one.exact);
    CHECK_FALSE(one.split);
    const Scale odd = choose_scale({0.1, std::sqrt(2.0)}, {1.0});
    CHECK_FALSE(odd.exact);
    CHECK(odd.error < 0.01);
}

TEST_CASE("parts of weights add up to them", "[sonata]") {
    using namespace sonata;
    std::vector<Connection> edges;
    for (std::uint32_t i = 0; i < 40; ++i) {
        edges.push_back({i, i, (i % 2 == 0 ? 0.0019 : -0.0023) * (i + 1), 0});
    }
    std::vector<double> weights;
    for (const Connection& edge : edges) weights.push_back(edge.weight);
    const Scale scale = choose_scale(weights, {1.0});
    std::vector<double> sums(edges.size());
    for (const Part& part : parts_of(edges, scale)) {
        for (const Connection& edge : part.connections) {
            CHECK(std::abs(edge.weight) <= 255);
            sums[edge.source] += edge.weight * (1 << part.exponent);
        }
    }
    for (std::size_t i = 0; i < edges.size(); ++i) {
        CHECK(sums[i] == Approx(edges[i].weight * scale.factor));
    }
}
