#include "compiler/verify/verify.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "compiler/verify/stored_weight.hpp"
#include "isa/image/weights.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/verify/corruptions.hpp"
#include "tests/unit/verify/shipped.hpp"

using namespace seamount;
using namespace seamount::test;

namespace {

std::string text_of(const compiler::VerifyResult& result) {
    std::string text;
    for (const Diagnostic& finding : result.findings) {
        text += finding.message + " [" + finding.code + "]\n";
    }
    return text;
}

bool has_code(const compiler::VerifyResult& result, const std::string& code) {
    return std::any_of(result.findings.begin(), result.findings.end(),
                       [&](const Diagnostic& finding) { return finding.code == code; });
}

struct Compiled {
    compiler::Network network;
    Victim whole;
};

Compiled compiled(const Shipped& shipped, std::uint32_t compartments = 0,
                  std::uint64_t mapping_seed = 1) {
    compiler::CompileOptions options;
    options.mapping_seed = mapping_seed;
    const isa::ChipSpec chip = chip_of(shipped, compartments);
    isa::Image image = compiler::compile(read(shipped), chip, options).image;
    return {read(shipped), {std::move(image), chip}};
}

compiler::VerifyResult verified(const compiler::Network& network, const Victim& victim) {
    return compiler::verify_image(network, victim.image, victim.chip, "net.smi");
}

}  // namespace

TEST_CASE("verify accepts the images of all networks of configs/networks", "[verify]") {
    const TemporaryFolder folder;
    for (const Shipped& shipped : shipped_networks(folder.path())) {
        INFO(shipped.file);
        const Compiled net = compiled(shipped);
        const compiler::VerifyResult result = verified(net.network, net.whole);
        INFO(text_of(result));
        CHECK(result.found == 0);
        CHECK(result.neurons == net.network.neuron_count());
        CHECK(result.synapses > 0);
    }
}

TEST_CASE("verify accepts every mapping of a network", "[verify]") {
    const TemporaryFolder folder;
    for (const Shipped& shipped : shipped_networks(folder.path())) {
        if (shipped.file != "balanced.yaml" && shipped.file != "random.yaml") continue;
        for (const std::uint64_t seed : {2U, 3U}) {
            const Compiled net = compiled(shipped, 0, seed);
            CHECK(verified(net.network, net.whole).found == 0);
        }
    }
}

TEST_CASE("verify rejects 200 corrupted images, each for what is wrong with it", "[verify]") {
    const TemporaryFolder folder;
    std::map<std::string, Compiled> nets;
    for (const Shipped& shipped : shipped_networks(folder.path())) {
        if (shipped.file == "digits.yaml") nets.emplace("digits", compiled(shipped, 20));
        if (shipped.file == "random.yaml") nets.emplace("random", compiled(shipped));
        if (shipped.file == "edges.yaml") nets.emplace("edges", compiled(shipped, 30));
    }
    REQUIRE(nets.size() == 3);
    std::size_t rejected = 0;
    std::set<std::string> kinds;
    for (std::uint32_t round = 0; rejected < 200 || kinds.size() < corruptions().size(); ++round) {
        REQUIRE(round < 20);
        for (auto& [name, net] : nets) {
            for (const Corruption& corruption : corruptions()) {
                Victim victim = net.whole;
                Draw draw{1000 * round + static_cast<std::uint32_t>(rejected)};
                if (!corruption.damage(victim, draw)) continue;
                INFO(corruption.name << " of " << name << ", round " << round);
                // Damage that isa::check_image finds never reaches verify: load_image refuses it.
                if (isa::check_image(victim.image).empty() || corruption.code == "VFY-NEURON" ||
                    corruption.code == "VFY-CHIP") {
                    const compiler::VerifyResult result = verified(net.network, victim);
                    INFO(text_of(result));
                    CHECK(result.found != 0);
                    CHECK(has_code(result, corruption.code));
                    kinds.insert(corruption.name);
                }
                ++rejected;
            }
        }
    }
    for (const Corruption& corruption : corruptions()) {
        INFO(corruption.name);
        CHECK(kinds.count(corruption.name) == 1);
    }
}

TEST_CASE("the verifier's quantisation is the compiler's, written a second time", "[verify]") {
    using compiler::verifier::WeightRule;
    for (const int bits : {1, 2, 3, 4, 5, 6, 8}) {
        for (const int sign : {1, 2, 3}) {
            for (int exponent = -8; exponent <= 7; ++exponent) {
                for (double asked = -300.0; asked <= 300.0; asked += 0.25) {
                    WeightRule rule{static_cast<WeightRule::Sign>(sign),
                                    static_cast<std::uint32_t>(bits), exponent,
                                    compiler::WeightRounding::kNearest};
                    const auto mode = static_cast<isa::SignMode>(sign);
                    REQUIRE(compiler::verifier::stored_weight(asked, rule) ==
                            isa::round_mantissa(asked, mode, bits, exponent));
                    if (asked != static_cast<int>(asked) || exponent != 0) continue;
                    rule.rounding = compiler::WeightRounding::kTruncate;
                    const auto [low, high] = isa::mantissa_range(mode);
                    REQUIRE(compiler::verifier::stored_weight(asked, rule) ==
                            isa::truncate_mantissa(std::clamp(static_cast<int>(asked), low, high),
                                                   mode, bits));
                }
            }
        }
    }
}

TEST_CASE("findings name the synapse, the neuron and the core", "[verify]") {
    const TemporaryFolder folder;
    for (const Shipped& shipped : shipped_networks(folder.path())) {
        if (shipped.file != "edges.yaml") continue;
        const Compiled net = compiled(shipped);
        Victim victim = net.whole;
        victim.image.cores[0].groups[0].params[0] += 1;
        auto& word = victim.image.cores[0].synapses[1];
        word = isa::SynapseWord::pack(9, 0, isa::SynapseWord::target(word));
        const std::string text = text_of(verified(net.network, victim));
        CHECK_THAT(text, Catch::Contains("synapse 'neurons' 0 -> 'neurons' "));
        CHECK_THAT(text, Catch::Contains("on core 0 has stored weight 9, the network says 1"));
        CHECK_THAT(text, Catch::Contains("neuron 'neurons' 0 on core 0: parameter '"));
    }
}

TEST_CASE("verify compares learning rules and which synapse learns as which", "[verify]") {
    const TemporaryFolder folder;
    const std::string file = (folder.path() / "net.yaml").string();
    std::ofstream{file} << R"(
populations:
  hidden: {neuron: loihi1_cuba, size: 40, params: {vth: 300}}
  out: {neuron: loihi1_cuba, size: 8, params: {vth: 400}}
inputs:
  noise: {size: 30, poisson: 0.1}
learning:
  rules:
    stdp: {dw: "2^-3*x1*y0 - 2^-4*y1*x0", dt: "2^-3*x1*y0", x1: {impulse: 40, tau: 12}, y1: {impulse: 40, tau: 9}}
projections:
  - {from: noise, to: hidden, rule: all_to_all, weights: {uniform: [0, 120]}, sign: mixed, learning: stdp}
  - {from: hidden, to: out, rule: fixed_probability, probability: 0.5, weights: 60, sign: mixed, learning: stdp}
)";
    const Shipped shipped{file, {}};
    const Compiled net = compiled(shipped, 12);
    const compiler::VerifyResult whole = verified(net.network, net.whole);
    INFO(text_of(whole));
    REQUIRE(whole.found == 0);
    const auto code_after = [&net](const std::function<void(isa::Image&)>& damage) {
        Victim victim = net.whole;
        damage(victim.image);
        const compiler::VerifyResult result = verified(net.network, victim);
        return result.findings.empty() ? std::string{} : result.findings.front().code;
    };
    CHECK(code_after([](isa::Image& image) {
              auto& ids = image.cores[0].plastic.ids;
              std::swap(ids[0], ids[1]);
          }) == "VFY-SYNAPSE");
    CHECK(code_after([](isa::Image& image) { ++image.cores[0].plastic.blocks[0].source; }) ==
          "VFY-LEARNING");
    CHECK(code_after([](isa::Image& image) { image.learning.rules[0].epoch += 1; }) ==
          "VFY-LEARNING");
    CHECK(code_after([](isa::Image& image) { image.learning.enabled = false; }) == "VFY-LEARNING");
    CHECK(code_after([](isa::Image& image) { image.learning.rules[0].normal_sum = 9; }) ==
          "VFY-LEARNING");
    CHECK(code_after([](isa::Image& image) { image.inputs[0].events.bin = 9; }) == "VFY-INPUT");
    CHECK(code_after([](isa::Image& image) { image.dataset.until = 0; }) == "VFY-INPUT");
    CHECK(code_after([](isa::Image& image) {
              image.learning.rule_spikes.push_back({.until = 0});
          }) == "VFY-LEARNING");
    CHECK(code_after([](isa::Image& image) {
              image.learning.ties.push_back({0, 0});
          }) == "VFY-LEARNING");
    CHECK(code_after([](isa::Image& image) {
              auto& plastic = image.cores[0].plastic;
              plastic.tags.assign(plastic.ids.size(), 0);
              plastic.tags.back() = 3;
          }) == "VFY-LEARNING");
}
