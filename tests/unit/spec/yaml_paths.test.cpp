#include "isa/yaml/yaml_paths.hpp"

#include <catch2/catch.hpp>

using namespace seamount;
using Catch::Contains;

namespace {

constexpr const char* kNetwork =
    "vars: {bits: 8}\n"
    "populations:\n"
    "  hidden: {neuron: lif, size: 9, params: {vth: 100}}\n"
    "projections:\n"
    "  - {from: image, to: hidden, name: fc1, weights: 3, bits: \"${bits}\"}\n"
    "  - {from: hidden, to: hidden, weights: {uniform: [1, 2]}}\n";

/// The tree with values put over it, and what was found wrong.
struct Set {
    Diagnostics found;
    std::unique_ptr<yaml::Node> tree;
    explicit Set(const yaml::PathValues& values) : tree{yaml::parse(kNetwork, "net.yaml", found)} {
        yaml::put_paths(*tree, values, "the network", found);
        yaml::substitute(*tree, {}, found);
    }
    [[nodiscard]] std::string projection(std::size_t item, const char* key) const {
        return tree->map->find("projections")->value->items[item]->map->find(key)->value->text;
    }
};

std::string complaint(const std::string& path) {
    const Set set{{{path, "1"}}};
    REQUIRE(set.found.all().size() == 1);
    return to_string(set.found.all().front());
}

}  // namespace

TEST_CASE("a path sets a scalar of a network: keys by name, items by name, ends or number",
          "[yaml_paths]") {
    const Set set{{{"populations.hidden.params.vth", "7"},
                   {"projections.fc1.weights", "5"},
                   {"projections.hidden->hidden.weights", "6"},
                   {"projections.0.bits", "4"}}};
    CHECK(set.found.all().empty());
    const yaml::Node& hidden =
        *set.tree->map->find("populations")->value->map->find("hidden")->value;
    CHECK(hidden.map->find("params")->value->map->find("vth")->value->text == "7");
    CHECK(set.projection(0, "weights") == "5");
    CHECK(set.projection(0, "bits") == "4");
    CHECK(set.projection(1, "weights") == "6");
}

TEST_CASE("a path may set what the file leaves to its default", "[yaml_paths]") {
    const Set set{{{"projections.fc1.delay", "2"}}};
    CHECK(set.found.all().empty());
    CHECK(set.projection(0, "delay") == "2");
}

TEST_CASE("a path that a network does not have is told with the nearest that it has",
          "[yaml_paths]") {
    CHECK_THAT(complaint("populations.hiden.params.vth"),
               Contains("the network has no 'populations.hiden.params.vth'") &&
                   Contains("did you mean 'populations.hidden.params.vth'?") &&
                   Contains("CLI-SET-PATH"));
    CHECK_THAT(complaint("projections.fc2.weights"), Contains("'projections.fc1.weights'"));
    CHECK_THAT(complaint("projections.2"), Contains("CLI-SET-PATH"));
    CHECK_THAT(complaint("populations.hidden.size.x"), Contains("CLI-SET-PATH"));
}

TEST_CASE("paths into a network and into a chip are told apart by how they begin", "[yaml_paths]") {
    Settings settings;
    settings.add("populations.hidden.size=3");
    settings.add("prices.synapse_pj=30");
    CHECK(settings.take_paths(Settings::Into::kChip) ==
          yaml::PathValues{{"prices.synapse_pj", "30"}});
    CHECK(settings.unused() == std::vector<std::string>{"populations.hidden.size"});
    CHECK(settings.take_paths(Settings::Into::kNetwork) ==
          yaml::PathValues{{"populations.hidden.size", "3"}});
    CHECK(settings.unused().empty());
}
