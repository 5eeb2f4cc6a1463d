#include <fmt/core.h>
#include <catch2/catch.hpp>

#include "isa/learning/rule_parser.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

namespace {

const std::string kNetwork =
    "populations:\n"
    "  a: {neuron: lif, size: 3, params: {vth: 5}}\n"
    "inputs:\n"
    "  in: {size: 4, rate: 0.5}\n";

std::string with_rule(const std::string& rule) {
    return kNetwork + "learning:\n  rules:\n    r: " + rule +
           "\nprojections:\n  - {from: in, to: a, rule: all_to_all, weights: 1, learning: r}\n";
}

isa::LearningRuleImage only_rule(const std::string& rule) {
    const test::TemporaryFolder folder;
    const auto network = test::read(folder, with_rule(rule));
    REQUIRE(network.learning.rules.size() == 1);
    CHECK(network.projections.front().learning_rule == 0U);
    return network.learning.rules.front();
}

std::string errors_in(const std::string& rule) {
    const test::TemporaryFolder folder;
    return test::errors_of(folder, with_rule(rule));
}

}  // namespace

TEST_CASE("a learning rule is read with its traces, mode and rounding", "[yaml]") {
    const auto rule = only_rule(
        "{dw: 2^-2*x1*y0 - 2^-2*y1*x0, epoch: 4, x1: {impulse: 16.5, tau: 10}, y1: {impulse: 20, "
        "tau: 0}, rounding: half, seed: 9}");
    CHECK(rule.epoch == 4);
    CHECK(rule.mode == isa::LearnMode::kExact);
    CHECK(rule.rounding == isa::LearnRounding::kHalf);
    CHECK((rule.own_seed && rule.seed == 9));
    CHECK(rule.traces[0].impulse == 16);
    CHECK(rule.traces[0].impulse_fraction == 128);
    // 100 * exp(-1/10) = 90.4837...
    CHECK(rule.traces[0].whole[100] == 90);
    CHECK(rule.traces[0].fraction[100] / 0x1p32 == Approx(0.4837418).margin(1e-6));
    CHECK(rule.traces[2].whole[127] == 0);
    CHECK(isa::decode_learning(rule.words).size() == 2);
    CHECK(only_rule("{dw: x0, mode: lava_compat, rounding: 0.25}").threshold == 0x40000000U);
    const auto delays = only_rule("{dd: x0, delay: {max: 20}}");
    CHECK((delays.moves_delay && delays.max_delay == 20));
}

TEST_CASE("brian2loihi decays by exact fractions, nengo once per epoch", "[yaml]") {
    const auto brian = only_rule("{dw: x0, mode: brian2loihi, x1: {impulse: 1, tau: 3}}");
    CHECK(brian.traces[0].whole[9] == 6);
    CHECK(brian.traces[0].fraction[9] == 0);
    CHECK(brian.traces[0].whole[10] == 6);
    CHECK(brian.traces[0].fraction[10] == 0xAAAAAAAAU);
    const auto nengo = only_rule("{dw: u0, mode: nengo, epoch: 2, x1: {impulse: 1, tau: 20}}");
    CHECK(nengo.traces[0].whole[100] == 90);
}

TEST_CASE("an error in a rule of a network names its place in the file", "[yaml]") {
    CHECK_THAT(errors_in("{dw: 2^-2*x1*z0}"),
               Contains("net.yaml:7:21: error") && Contains("RULE-NAME"));
    CHECK_THAT(errors_in("{dw: \"2^-2*x1*z0\"}"), Contains("net.yaml:7:22: error"));
    CHECK_THAT(errors_in("{dw: x1, dt: x0*}"), Contains("RULE-GATE") && Contains("RULE-SYNTAX"));
    CHECK_THAT(errors_in("{dw: 2^-12*x0, mode: lava_compat}"), Contains("RULE-RANGE"));
    CHECK_THAT(errors_in("{dw: u0*w*w*w*t*t}"), Contains("RULE-WIDTH"));
}

TEST_CASE("settings of a rule that exclude each other are errors", "[yaml]") {
    CHECK_THAT(errors_in("{epoch: 2}"),
               Contains("none of dw, dd and dt") && Contains("NET-LEARNING"));
    CHECK_THAT(errors_in("{dw: x0, epoch: 256}"), Contains("must be in [1, 255]"));
    CHECK_THAT(errors_in("{dw: x0, mode: brian2loihi, epoch: 2}"), Contains("NET-LEARNING"));
    CHECK_THAT(errors_in("{dt: x0, mode: brian2loihi}"), Contains("learns weights only"));
    CHECK_THAT(errors_in("{dw: x0, post: program, y1: {impulse: 3}}"), Contains("NET-LEARNING"));
    CHECK_THAT(errors_in("{dw: x0, graded: add, x1: {impulse: 3}}"), Contains("NET-LEARNING"));
    CHECK_THAT(errors_in("{dw: x0, x1: {impulse: 128}}"), Contains("must be in [0, 127]"));
    CHECK_THAT(errors_in("{dw: x0, roundng: half}"), Contains("unknown key"));
    const test::TemporaryFolder folder;
    CHECK_THAT(test::errors_of(folder, kNetwork + "projections:\n  - {from: in, to: a, rule: "
                                                  "all_to_all, weights: 1, learning: stdp}\n"),
               Contains("there is no learning rule 'stdp'"));
}

TEST_CASE("rewards come with the samples of a dataset, one for each", "[yaml]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({3, 4}, std::vector<std::int32_t>(12, 1)));
    folder.write("r.npy", test::npy_i4({3}, {5, 0, -128}));
    folder.write("two.npy", test::npy_i4({2}, {5, 1}));
    folder.write("many.npy", test::npy_i4({3, 2}, {5, 1, 2, 2, 2, 2}));
    folder.write("large.npy", test::npy_i4({3}, {5, 128, 0}));
    const auto with = [](const std::string& reward) {
        return kNetwork +
               "  seen: {size: 4, dataset: {samples: {file: x.npy}, max: 1, steps: 10, blank: 2}}\n"
               "  cheese: " +
               reward + "\n";
    };
    const auto rewards_of = [&](const std::string& reward) {
        return test::read(folder, with(reward)).inputs.back().image;
    };
    const auto last =
        rewards_of("{reward: r1, dataset: {samples: {file: r.npy}, steps: 10, blank: 2}}");
    CHECK(last.kind == isa::InputKind::kReward);
    CHECK(last.spike_steps == std::vector<std::uint64_t>{9, 29});  // of samples 0 and 2; 0 is none
    CHECK(last.spike_sources == std::vector<std::uint32_t>{1, 1});
    CHECK(last.spike_payloads == std::vector<std::int32_t>{5, -128});
    const auto early =
        rewards_of("{reward: r0, dataset: {samples: {file: r.npy}, steps: 10, blank: 2, at: 4}}");
    CHECK(early.spike_steps == std::vector<std::uint64_t>{4, 24});

    const auto errors = [&](const std::string& reward) {
        return test::errors_of(folder, with(reward));
    };
    CHECK_THAT(
        errors("{reward: r0, dataset: {samples: {file: r.npy}, steps: 10, blank: 2, at: 10}}"),
        Contains("step 10 of samples of 10 steps") && Contains("[NET-DATASET]"));
    CHECK_THAT(errors("{reward: r0, dataset: {samples: {file: r.npy}, steps: 9, blank: 2}}"),
               Contains("has steps: 9, an earlier one has 10") && Contains("[NET-DATASET]"));
    CHECK_THAT(errors("{reward: r0, dataset: {samples: {file: two.npy}, steps: 10, blank: 2}}"),
               Contains("has samples: 2, an earlier one has 3") && Contains("[NET-DATASET]"));
    CHECK_THAT(errors("{reward: r0, dataset: {samples: {file: many.npy}, steps: 10, blank: 2}}"),
               Contains("rewards of 3 samples have shape (3,), the array has (3, 2)") &&
                   Contains("[NET-SHAPE]"));
    CHECK_THAT(errors("{reward: r0, dataset: {samples: {file: large.npy}, steps: 10, blank: 2}}"),
               Contains("of sample 1 is 128, must be an integer in [-128, 127]"));
    CHECK_THAT(
        errors("{reward: r0, values: [[1, 2]], dataset: {samples: {file: r.npy}, steps: 10}}"),
        Contains("both 'dataset' and 'values'") && Contains("[NET-INPUT]"));
}

TEST_CASE("learning is switched by a schedule and rewarded by inputs and populations", "[yaml]") {
    const test::TemporaryFolder folder;
    const std::string text = kNetwork +
                             "  cheese: {reward: r1, values: [[7, -3], [2, 5]]}\n"
                             "learning:\n"
                             "  enabled: [[0, false], [10, true], [12, true], [20, false]]\n"
                             "  rewards: {r0: a}\n"
                             "projections:\n  - {from: in, to: a, rule: all_to_all, weights: 1}\n";
    const auto network = test::read(folder, text);
    CHECK_FALSE(network.learning.enabled);
    CHECK(network.learning.switches == std::vector<std::uint64_t>{10, 20});
    CHECK(network.learning.rewards == std::vector<isa::RewardImage>{{0, 0}});
    const isa::InputImage& reward = network.inputs.back().image;
    CHECK(reward.kind == isa::InputKind::kReward);
    CHECK(reward.spike_steps == std::vector<std::uint64_t>{2, 7});
    CHECK(reward.spike_sources == std::vector<std::uint32_t>{1, 1});
    CHECK(reward.spike_payloads == std::vector<std::int32_t>{5, -3});

    CHECK_THAT(test::errors_of(folder, kNetwork + "learning: {enabled: [[5, true], [5, false]]}\n"),
               Contains("NET-LEARNING"));
    CHECK_THAT(test::errors_of(folder, kNetwork + "  bad: {reward: r0, values: [[1, 200]]}\n"),
               Contains("must be in [-128, 127]"));
    CHECK_THAT(test::errors_of(folder, kNetwork + "  bad: {reward: r2, values: [[1, 2]]}\n"),
               Contains("must be one of r0, r1"));
    CHECK_THAT(
        test::errors_of(folder, kNetwork + "  bad: {reward: r0, values: [[1, 2], [1, 3]]}\n"),
        Contains("more than one reward"));
}

TEST_CASE("spikes switch a rule and clear its tags", "[yaml]") {
    const test::TemporaryFolder folder;
    const auto one = [&folder](const std::string& rule) {
        std::string text = with_rule(rule);
        text.insert(text.find("inputs:"), "  lock: {neuron: lif, size: 1, params: {vth: 5}}\n");
        return test::read(folder, text).learning.rule_spikes;
    };
    using Spikes = std::vector<isa::RuleSpikesImage>;
    CHECK(one("{dw: x0}").empty());
    CHECK(one("{dw: x0, enabled: {until: lock}}") == Spikes{{.until = 1}});
    CHECK(one("{dw: x0, enabled: {from: a}}") == Spikes{{.from = 0, .start = 0}});
    CHECK(one("{dw: x0, dt: y0, enabled: {from: a, until: lock, start: true}, clear_tags: lock}") ==
          Spikes{{.from = 0, .until = 1, .clear_tags = 1}});
    CHECK(one("{dw: x0, dd: x0, clear_tags: a}") == Spikes{{.clear_tags = 0}});

    CHECK_THAT(errors_in("{dw: x0, enabled: {}}"), Contains("neither 'from' nor 'until'"));
    CHECK_THAT(errors_in("{dw: x0, enabled: {until: b}}"), Contains("NET-NAME") && Contains("'b'"));
    CHECK_THAT(errors_in("{dw: x0, enabled: true}"), Contains("enabled"));
    CHECK_THAT(errors_in("{dw: x0, clear_tags: a}"),
               Contains("rule 'r' has no tags to clear") && Contains("[NET-LEARNING]"));
    CHECK_THAT(errors_in("{dw: x0, dd: x0, delay: {max: 3}, clear_tags: a}"),
               Contains("has no tags"));
}

TEST_CASE("a rule normalises the weights of its targets", "[yaml]") {
    CHECK(only_rule("{dw: x0}").normal_sum == 0);
    CHECK(only_rule("{dw: x0, normalise: 700}").normal_sum == 700);
    const auto seldom = only_rule("{dw: x0, normalise: {sum: 90, every: 20}}");
    CHECK((seldom.normal_sum == 90 && seldom.normal_every == 20));
    CHECK_THAT(errors_in("{dw: x0, normalise: 0}"), Contains("must be in [1, 16777216]"));
    CHECK_THAT(errors_in("{dw: x0, normalise: {every: 2}}"), Contains("sum"));
    CHECK_THAT(errors_in("{dw: x0, mode: nengo, normalise: 9}"),
               Contains("does not normalise") && Contains("[NET-LEARNING]"));
}

namespace {

/// Errors after a change of `text` in a network with tied projections.
std::string tied_errors(const std::string& text, const std::string& replacement) {
    std::string network = R"(populations:
  a: {neuron: lif, size: 3, params: {vth: 5}}
  b: {neuron: lif, size: 9, params: {vth: 5}}
inputs:
  in: {size: 4, rate: 0.5}
learning:
  rules: {r: {dw: x0}}
projections:
  - {from: in, to: a, rule: fixed_probability, probability: 0.4, weights: {uniform: [20, 90]}}
  - {from: b, to: a, name: back, tied: forth, delay: 2}
  - {from: a, to: b, name: forth, rule: all_to_all, weights: 1, sign: mixed, learning: r}
  - {from: a, to: a, name: inner, rule: all_to_all, weights: 1, learning: r}
  - {from: a, to: a, name: turned, tied: inner}
)";
    network.replace(network.find(text), text.size(), replacement);
    const test::TemporaryFolder folder;
    return test::errors_of(folder, network);
}

}  // namespace

TEST_CASE("what a tied projection cannot have is said at its place", "[yaml]") {
    const std::string turned = "name: turned, tied: inner";
    CHECK_THAT(tied_errors("tied: forth", "tied: fourth"),
               Contains("net.yaml:10:40: error: there is no projection 'fourth' that learns") &&
                   Contains("did you mean 'forth'?") && Contains("[NET-NAME]"));
    CHECK_THAT(tied_errors("tied: forth", "tied: in->a"),
               Contains("projection 'in->a' does not learn") && Contains("[NET-LEARNING]"));
    CHECK_THAT(tied_errors(turned, "name: turned, tied: turned"),
               Contains("projection 'turned' is tied itself") && Contains("[NET-LEARNING]"));
    CHECK_THAT(tied_errors(turned, "name: turned, tied: back"), Contains("is tied itself"));
    CHECK_THAT(tied_errors(turned, "name: turned, tied: forth"),
               Contains("projection 'forth' goes from 'a' to 'b', the one that is tied to it from "
                        "'a' to 'a', must go the other way") &&
                   Contains("from: b, to: a"));
    CHECK_THAT(tied_errors("from: b, to: a, name: back", "from: a, to: b, name: back"),
               Contains("must go the other way"));
    CHECK_THAT(tied_errors("weights: {uniform: [20, 90]}}",
                           "name: seen, weights: {uniform: [20, 90]}, learning: r}\n"
                           "  - {from: a, to: a, tied: seen}"),
               Contains("nothing goes to an input"));
    CHECK_THAT(tied_errors("from: b, to: a, name: back", "from: \"b[0:5]\", to: a, name: back"),
               Contains("between two whole populations") && Contains("[NET-RULE]"));
    CHECK_THAT(tied_errors("from: b, to: a, name: back", "from: [b], to: a, name: back"),
               Contains("between two whole populations"));
    CHECK_THAT(tied_errors("from: b, to: a, name: back", "from: in, to: a, name: back"),
               Contains("between two whole populations"));
    CHECK_THAT(tied_errors("delay: 2", "delay: {uniform: [0, 3]}"),
               Contains("have one delay") && Contains("[NET-RULE]"));
    CHECK_THAT(tied_errors("delay: 2", "delay: 64"), Contains("must be in [0, 63]"));
    for (const char* key :
         {"rule: all_to_all", "weights: 3", "learning: r", "sign: mixed", "exponent: 1", "bits: 4",
          "scale: 2", "probability: 0.5", "rounding: nearest", "share: true"}) {
        const std::string name{key, std::string{key}.find(':')};
        CHECK_THAT(tied_errors(turned, turned + ", " + key),
                   Contains(fmt::format("'{}' has no meaning beside 'tied'", name)) &&
                       Contains("[NET-RULE]"));
    }
    CHECK_THAT(tied_errors(turned, turned + ", delai: 3"), Contains("did you mean 'delay'?"));
    CHECK_THAT(tied_errors("tied: forth, delay: 2", "delay: 2"), Contains("rule"));
}

TEST_CASE("the scale of weights that are tied is a number", "[yaml]") {
    CHECK_THAT(tied_errors("sign: mixed, learning: r", "scale: auto, learning: r"),
               Contains("the weights of 'forth' have scale: auto") && Contains("[NET-SCALE]"));
}
