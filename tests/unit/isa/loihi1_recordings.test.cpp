#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/unit/isa/neuron_fixture.hpp"

using namespace seamount;
using nlohmann::json;
using testing::Neuron;
using testing::ScriptedSource;

namespace {

/// The folder with the golden vectors, or an empty path.
std::filesystem::path vectors() {
    const char* given = std::getenv("SEAMOUNT_GOLDEN");
    for (const std::filesystem::path& folder :
         {std::filesystem::path{given != nullptr ? given : ""} / "loihi1",
          std::filesystem::path{SEAMOUNT_SOURCE_DIR "/tests/conformance/loihi1"}}) {
        if (std::filesystem::is_directory(folder)) return folder;
    }
    return {};
}

/// Entry `name` of an object for neuron i: a number for all, or a list.
std::int64_t entry(const json& object, const char* name, std::size_t i) {
    const json& value = object.at(name);
    return (value.is_array() ? value.at(i) : value).get<std::int64_t>();
}

std::vector<Neuron> make_neurons(const isa::Program& program, const json& vector) {
    const json& n = vector.at("neuron");
    const bool noise = vector.contains("random_draws");
    std::vector<Neuron> neurons;
    for (std::size_t i = 0; i < vector.at("n").get<std::size_t>(); ++i) {
        testing::Args args{{"decay_u", entry(n, "decay_u_eff", i)},
                           {"decay_v", entry(n, "decay_v_eff", i)},
                           {"vth", entry(n, "vth_mant", i)},
                           {"refract", entry(n, "refract", i)}};
        if (noise) {
            args["bias"] = entry(vector, "bias", i);
            args["noise_enable"] = entry(vector, "enable_noise", i);
            args["noise_exp"] = entry(vector, "noise_exp", i);
            args["noise_offset"] = entry(vector, "noise_mant_offset", i);
            args["noise_at_membrane"] = entry(vector, "noise_at_membrane", i);
        } else {
            args["bias"] = entry(n, "bias_mant", i);
            args["bias_exp"] = entry(n, "bias_exp", i);
        }
        neurons.emplace_back(program, args);
        neurons.back().word("vmin") = static_cast<std::int32_t>(entry(n, "vmin", i));
        neurons.back().word("vmax") = static_cast<std::int32_t>(entry(n, "vmax", i));
    }
    return neurons;
}

/// Runs a vector and returns the number of steps after which a neuron's u, v or spike differs.
std::size_t mismatches(const isa::Program& program, const json& vector) {
    std::vector<Neuron> neurons = make_neurons(program, vector);
    const auto steps = vector.at("steps").get<std::size_t>();
    std::vector<std::vector<std::int32_t>> input(steps + 64,
                                                 std::vector<std::int32_t>(neurons.size()));
    const auto deliver = [&](const char* from, std::size_t pre, std::size_t step) {
        if (!vector.contains("synapses")) return;
        for (const json& group : vector.at("synapses")) {
            if (group.at("src") != from) continue;
            for (std::size_t k = 0; k < group.at("pre").size(); ++k) {
                if (group["pre"][k].get<std::size_t>() != pre) continue;
                const std::size_t when = step + static_cast<std::size_t>(entry(group, "delay", k));
                const auto weight = static_cast<std::int32_t>(entry(group, "w_eff", k));
                if (when < input.size()) input[when][group["post"][k]] += weight >> 6;
            }
        }
    };
    for (const json& spike : vector.value("input_spikes", json::array())) {
        deliver("input", spike.at(1), spike.at(0));
    }
    std::vector<std::vector<std::int32_t>> draws;
    if (vector.contains("random_draws")) vector.at("random_draws").get_to(draws);
    const ScriptedSource random{draws};

    std::size_t wrong = 0;
    json spikes = json::array();
    for (std::size_t k = 0; k < steps; ++k) {
        for (std::size_t i = 0; i < neurons.size(); ++i) {
            Neuron& neuron = neurons[i];
            if (!neuron.step(input[k][i], random, NeuronId{static_cast<std::uint32_t>(i)}, k)
                     .spikes.empty()) {
                spikes.push_back({k, i});
                deliver("neuron", i, k + 1);
            }
            if (neuron.word("u") != vector["u"][k][i] || neuron.word("v") != vector["v"][k][i]) {
                ++wrong;
            }
        }
    }
    return wrong + (spikes == vector.at("spikes") ? 0 : 1);
}

}  // namespace

TEST_CASE("loihi1_cuba reproduces the golden vectors of the public models", "[loihi1_recordings]") {
    const std::filesystem::path folder = vectors();
    const isa::Program program = testing::loihi1_cuba();
    std::size_t run = 0;
    for (const auto& file : std::filesystem::directory_iterator{folder}) {
        if (file.path().extension() != ".json") continue;
        std::ifstream stream{file.path()};
        const json vector = json::parse(stream);
        if (!vector.is_object() || !vector.contains("neuron") || !vector.contains("u")) continue;
        const std::string schema = vector.value("schema", "");
        if (schema != "loihi1-golden/1" && schema != "loihi1-noise/1") continue;
        INFO(file.path().filename());
        CHECK(mismatches(program, vector) == 0);
        ++run;
    }
    CHECK(run > 0);
}
