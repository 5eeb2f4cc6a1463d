#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "tests/support/random_program.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tools/explain/answer/answer.hpp"
#include "tools/session/open.hpp"

namespace seamount::explain {
namespace {

const std::filesystem::path kNetworks =
    std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs" / "networks";

session::Loaded open(const std::filesystem::path& file) {
    session::Listener silent;
    return session::open(file, {}, silent);
}

std::int64_t sum_of(const Effect& effect) {
    std::int64_t sum =
        std::accumulate(effect.entries.begin(), effect.entries.end(), std::int64_t{0});
    for (const Cause& cause : effect.causes) sum += cause.contribution;
    return sum;
}

void check(const Effect& effect, const Recording& recording) {
    CHECK(sum_of(effect) == effect.value);
    const std::int64_t rounding = effect.entries[static_cast<std::size_t>(Entry::kRounding)];
    const std::uint64_t steps = effect.question.step - recording.first() + 1;
    const std::size_t words = recording.image()
                                  .programs[recording.group_of(effect.question.neuron).program]
                                  .states.size();
    CHECK(static_cast<std::uint64_t>(std::abs(rounding)) <=
          steps * std::max<std::size_t>(words, 1));
}

/// Explains the last spikes of a run, and says how many effects that had.
std::size_t check_network(const std::string& name, std::uint64_t steps, std::size_t most = 5) {
    const session::Loaded loaded = open(kNetworks / name);
    const Recording recording{loaded.image, {loaded.image.seed, true}, steps / 2, steps};
    std::vector<Question> questions;
    for (const auto& [origin, spikes] : recording.spikes()) {
        if (origin.is_input()) continue;
        questions.push_back({Question::Kind::kSpike, NeuronId{origin.index}, spikes.back().step,
                             spikes.back().ordinal, false});
    }
    Replays replays{recording};
    std::size_t effects = 0;
    const std::size_t stride = std::max<std::size_t>(questions.size() / most, 1);
    for (std::size_t i = 0; i < questions.size(); i += stride) {
        Limits limits;
        limits.most_effects = 200;
        limits.most_re_executions = 20;
        const Explanation explanation = explain(replays, {{questions[i], 1.0}}, limits);
        for (const Effect& effect : explanation.effects) {
            check(effect, recording);
            ++effects;
        }
    }
    return effects;
}

/// A network in a folder of its own.
class Written {
public:
    Written(const std::string& network, const std::string& neuron) {
        std::ofstream{std::string{folder_ / "own.asm"}} << neuron;
        std::ofstream{std::string{folder_ / "net.yaml"}} << network;
    }
    [[nodiscard]] std::string file() const { return folder_ / "net.yaml"; }

private:
    test::TemporaryFolder folder_;
};

Request spike_of(const std::string& file, const std::string& spike) {
    Request request;
    request.run.file = file;
    request.spike = spike;
    return request;
}

Answer answer_of(const Request& request) {
    session::Listener silent;
    return answer(request, silent);
}

}  // namespace

TEST_CASE("an execution with parts does what the reference interpreter does", "[explain]") {
    testing::RandomProgram random{20261129};
    const isa::PhiloxSource philox{7};
    for (int c = 0; c < 2000; ++c) {
        const std::vector<std::uint32_t> words = random.any_words();
        const auto params = random.params();
        isa::Lane lane = random.lane();
        TracedLane traced;
        for (std::size_t w = 0; w < lane.state.size(); ++w) {
            traced.state[w] = {lane.state[w], {}};
            traced.state[w].shares.add(kEntries + w, Amount{lane.state[w]} << kFractionBits);
        }
        for (std::size_t k = 0; k < lane.accumulators.size(); ++k) {
            traced.accumulators[k] = {lane.accumulators[k],
                                      Shares::of(Entry::kBefore, lane.accumulators[k])};
        }
        const isa::LaneResult result = isa::interpret(words, params, lane, philox, NeuronId{5}, 9);
        Execution execution{{words, params, &philox, NeuronId{5}, 9, true}, traced};
        execution.finish();
        for (std::size_t w = 0; w < lane.state.size(); ++w) {
            REQUIRE(traced.state[w].value == lane.state[w]);
            REQUIRE(traced.state[w].shares.sum() == Amount{lane.state[w]} << kFractionBits);
        }
        for (std::size_t k = 0; k < lane.accumulators.size(); ++k) {
            REQUIRE(traced.accumulators[k].value == lane.accumulators[k]);
        }
        REQUIRE(execution.spikes().size() == result.spikes.size());
        REQUIRE(execution.pushes().size() == result.pushes.size());
        for (std::size_t s = 0; s < result.spikes.size(); ++s) {
            REQUIRE(execution.spikes()[s].payload.value == result.spikes[s].payload);
        }
    }
}

TEST_CASE("contributions add up to what crossed the threshold in networks of every kind",
          "[explain]") {
    CHECK(check_network("balanced.yaml", 60) > 100);
    CHECK(check_network("dendrites.yaml", 40) >= 5);
    CHECK(check_network("winner.yaml", 80) >= 1);
    CHECK(check_network("argmax.yaml", 80) >= 1);
    CHECK(check_network("feature_maps.yaml", 12) >= 5);
    CHECK(check_network("noise.yaml", 60) >= 5);
    CHECK(check_network("bandit.yaml", 80) >= 1);
    CHECK(check_network("pes.yaml", 60) >= 1);
}

TEST_CASE("contributions to a decision add up to the state that decides", "[explain]") {
    for (const char* const name :
         {"digits.yaml", "conv_digits.yaml", "class_incremental_test.yaml"}) {
        const session::Loaded loaded = open(kNetworks / name);
        const Setting setting{loaded.image.seed, true};
        Ablation again{loaded.image, setting};
        for (const std::uint64_t sample : {0U, 7U}) {
            const Recording recording{loaded.image, setting, sample * 10, (sample + 1) * 10};
            const auto decision = decision_of(recording, again);
            REQUIRE(decision);
            Replays replays{recording};
            const Explanation explanation = explain(replays, decision->roots);
            CHECK(explanation.effects[0].value == decision->scores[decision->winner]);
            CHECK(explanation.effects[1].value == decision->scores[decision->runner_up]);
            for (const Effect& effect : explanation.effects) check(effect, recording);
        }
    }
}

TEST_CASE("a decision of classes is that of all their cells, each with its weight", "[explain]") {
    const auto decide = [](const std::string& keys) {
        const test::TemporaryFolder folder;
        std::ofstream{std::string{folder / "x.csv"}} << "3,2,4,1,6\n";
        std::ofstream{std::string{folder / "net.yaml"}}
            << "populations:\n  out: {neuron: loihi1_cuba, size: 5, params: {vth: 10, decay_u: "
               "4096, decay_v: 4096}}\ninputs:\n"
               "  in: {size: 5, dataset: {samples: {file: x.csv}, steps: 6, max: 6}}\n"
               "projections:\n  - {from: in, to: out, rule: one_to_one, weights: 100}\n"
               "readout: {population: out, by: spike_count, " +
                   keys + "}\n";
        const session::Loaded loaded = open(std::string{folder / "net.yaml"});
        const Recording recording{loaded.image, {}, 0, 6};
        Ablation again{loaded.image, {}};
        return decision_of(recording, again).value();
    };
    const auto weights_of = [](const Decision& decision) {
        std::vector<double> weights(5);
        for (const Root& root : decision.roots)
            weights[root.question.neuron.value()] += root.weight;
        return weights;
    };
    // Each cell spikes as often as its value is, class 1 has 7 spikes and class 4 has 3.
    const Decision sum = decide("classes: [1, 4, 1, 4, -1]");
    CHECK(sum.winner == 1);
    CHECK(sum.runner_up == 4);
    CHECK(sum.scores == std::vector<std::int64_t>{0, 7, 0, 0, 3});
    CHECK(weights_of(sum) == std::vector<double>{3, -2, 4, -1, 0});
    const Decision mean = decide("classes: [0, 1, 0, 0, -1], combine: mean");
    CHECK(mean.winner == 0);
    CHECK(weights_of(mean) == std::vector<double>{1, -2, 4.0 / 3, 1.0 / 3, 0});
    const Decision most =
        decide("classes: [1, 0, 1, 0, 1], combine: max, weights: [2, 3, 1, 1, 0]");
    CHECK(most.scores == std::vector<std::int64_t>{6, 6});
    CHECK(most.winner == 0);
    CHECK(weights_of(most) == std::vector<double>{-6, 6, 0, 0, 0});
}

TEST_CASE("a spike is explained by its delayed events and by what it was without each",
          "[explain]") {
    const Written net{
        "populations:\n  out: {neuron: lif, size: 1, params: {vth: 100}}\ninputs:\n"
        "  a: {size: 1, spikes: [[0, 0]]}\n  b: {size: 1, spikes: [[2, 0]]}\n"
        "  c: {size: 1, spikes: [[2, 0]]}\nprojections:\n"
        "  - {from: a, to: out, rule: all_to_all, weights: 60, delay: 2}\n"
        "  - {from: b, to: out, rule: all_to_all, weights: 70}\n"
        "  - {from: c, to: out, rule: all_to_all, weights: -20}\n",
        ""};
    const Answer answer = answer_of(spike_of(net.file(), "out[0]@2"));
    const Effect& root = answer.accounts.front().explanation.effects.front();
    REQUIRE(root.causes.size() == 3);
    CHECK(root.causes[0].event.weight == 70);
    CHECK_FALSE(root.causes[0].without->happens);
    CHECK(root.causes[1].event.delay == 2);
    CHECK(root.causes[1].event.step == 0);
    CHECK_FALSE(root.causes[1].without->happens);
    CHECK(root.causes[2].contribution < 0);
    CHECK(root.causes[2].without->happens);
    CHECK(sum_of(root) == root.value);
}

TEST_CASE("a program that multiplies what came is explained by executions without each event",
          "[explain]") {
    const Written net{
        "populations:\n  out: {neuron: own.asm, size: 1}\ninputs:\n"
        "  a: {size: 1, spikes: [[0, 0], [1, 0]]}\n  b: {size: 1, spikes: [[1, 0]]}\nprojections:\n"
        "  - {from: a, to: out, rule: all_to_all, weights: 10, sign: excitatory}\n"
        "  - {from: b, to: out, rule: all_to_all, weights: 4, sign: excitatory, accumulator: "
        "right}\n",
        ".acc left\n.acc right\n.state x\n  rdc r0, left\n  add x, x, r0\n  rdc r1, right\n"
        "  muls r2, x, r1, 0\n  cmp.gt r2, #64\n  spk?f #1\n  end\n"};
    const Answer answer = answer_of(spike_of(net.file(), "out[0]@1"));
    const Effect& root = answer.accounts.front().explanation.effects.front();
    CHECK(root.is_re_executed);
    CHECK(root.value == 80);  // (10 + 10) * 4
    REQUIRE(root.causes.size() == 3);
    CHECK(root.causes[0].contribution == 80);
    CHECK(root.causes[1].contribution == 40);
    CHECK(root.causes[2].contribution == 40);
    CHECK(sum_of(root) == root.value);
}

TEST_CASE("a maximum is explained by the spike that has it", "[explain]") {
    const Written net{
        "populations:\n  out: {neuron: own.asm, size: 1}\ninputs:\n"
        "  a: {size: 3, spikes: [[1, 0, 5], [1, 1, 9], [1, 2, 7]]}\nprojections:\n"
        "  - {from: a, to: out, rule: all_to_all, graded: true, weights: 2, sign: excitatory}\n",
        ".acc best max\n  rdc r0, best\n  cmp.gt r0, #8\n  spk?f #1\n  end\n"};
    const Answer answer = answer_of(spike_of(net.file(), "out[0]@1"));
    const Effect& root = answer.accounts.front().explanation.effects.front();
    CHECK(root.value == 18);
    REQUIRE(!root.causes.empty());
    CHECK(root.causes[0].contribution == 18);
    CHECK(sum_of(root) == root.value);
}

TEST_CASE("a learned weight says when it changed and after which spikes", "[explain]") {
    Request request;
    request.run.file = kNetworks / "bandit.yaml";
    request.spike = "arm[0]@57";
    const Answer answer = answer_of(request);
    const WeightHistories& learned = answer.accounts.front().learned;
    REQUIRE_FALSE(learned.empty());
    bool changed = false;
    for (const auto& [key, history] : learned) {
        if (history.changes == 0) continue;
        changed = true;
        CHECK(history.last.back().after == history.now);
        CHECK(history.last.back().step < 57);
        CHECK(history.last.back().pre.has_value());
    }
    CHECK(changed);
}

TEST_CASE("removing what an explanation names flips answers more often than chance", "[explain]") {
    Request request;
    request.run.file = kNetworks / "digits.yaml";
    request.decision = "0..39";
    request.verify = true;
    const Answer answer = answer_of(request);
    REQUIRE(answer.ratio);
    CHECK(answer.ratio->low >= 2.0);
    CHECK(answer.accounts.size() + answer.skipped == 40);
}

TEST_CASE("rank correlation averages the ranks of ties", "[explain]") {
    CHECK(*spearman({1, 2, 3, 4}, {10, 20, 30, 40}) == Approx(1.0));
    CHECK(*spearman({1, 2, 3}, {3, 2, 1}) == Approx(-1.0));
    CHECK(*spearman({1, 1, 2, 3}, {1, 2, 3, 3}) == Approx(0.8888888889));
    CHECK_FALSE(spearman({1, 1, 1}, {1, 2, 3}));
}

}  // namespace seamount::explain
