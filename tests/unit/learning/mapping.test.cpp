#include <fmt/core.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "compiler/driver/driver.hpp"
#include "compiler/ir/network.hpp"
#include "emulator/machine/machine.hpp"
#include "isa/assembly/assembler.hpp"
#include "isa/learning/rule_parser.hpp"
#include "isa/learning/trace_table.hpp"
#include "tests/unit/learning/random_rule.hpp"

using namespace seamount;
using testing::Numbers;

namespace {

constexpr const char* kNeuron = R"(
.acc input
.state v
        rdc   r0, input, 6
        mulz  v, v, p0, 12
        add.sat v, v, r0
        shr   r1, v, 7
        trc   r1, 1
        cmp.gt v, p1
        spk?f #1
        sel   v, #0, v
        end
)";

class ListedRows final : public compiler::RowGenerator {
public:
    explicit ListedRows(std::vector<std::vector<compiler::RawSynapse>> rows)
        : rows_{std::move(rows)} {}
    void row(std::uint32_t source, std::vector<compiler::RawSynapse>& row) const override {
        row = rows_.at(source);
    }

private:
    std::vector<std::vector<compiler::RawSynapse>> rows_;
};

std::shared_ptr<const isa::Program> neuron(isa::Accumulate rule) {
    std::string text = kNeuron;
    text.insert(1, ".param keep = 3500\n.param vth = 4000\n");
    isa::Program program = isa::assemble(text, "plastic.asm");
    program.combine[0] = rule;
    return std::make_shared<isa::Program>(std::move(program));
}

isa::LearningRuleImage stdp() {
    isa::LearningRuleImage rule;
    rule.name = "stdp";
    rule.epoch = 3;
    for (isa::TraceImage& trace : rule.traces) {
        isa::set_impulse(30.3, trace);
        isa::fill_decay(8.0, rule.mode, rule.epoch, trace);
    }
    isa::RuleProblem problem;
    std::vector<isa::LearnProduct> all;
    const std::array<std::string, 3> texts{"2^-3*x1*y0 - 2^-4*y1*x0 + 2^-6*u1*(t + 3)*r0",
                                           "2^-4*x0*(y2 - 9)", "2^-4*x1*y0 - 2^-3*u0*t"};
    for (int t = 0; t < 3; ++t) {
        const auto products =
            isa::parse_learning_rule(texts[static_cast<std::size_t>(t)],
                                     static_cast<isa::LearnTarget>(t), isa::kWideLimits, problem);
        REQUIRE(products);
        all.insert(all.end(), products->begin(), products->end());
    }
    rule.words = isa::encode(all);
    rule.moves_delay = true;
    rule.max_delay = 9;
    return rule;
}

/// Two populations with plastic projections between them and from an input; population b rewards.
/// Neurons are spread over cores by `mapping`.
compiler::Network network(std::uint32_t mapping, isa::Accumulate rule) {
    Numbers numbers{77};
    Numbers where{mapping};
    compiler::Network network;
    network.name = "plastic";
    network.file = "plastic.yaml";
    network.learning.rules.push_back(stdp());
    network.learning.rewards.push_back({0, 1});
    network.learning.switches = {150, 180};
    for (const char* name : {"a", "b"}) {
        compiler::Population population;
        population.name = name;
        population.size = 30;
        population.shape = {30};
        population.first_neuron = NeuronId{network.neuron_count()};
        population.program = neuron(rule);
        for (int i = 0; i < 30; ++i) {
            population.pinned.list.emplace_back(
                mapping == 0
                    ? 0U
                    : static_cast<std::uint32_t>(where.in(0, 4 * static_cast<int>(mapping))));
        }
        network.populations.push_back(std::move(population));
    }
    compiler::Input input;
    input.image.name = "in";
    input.image.kind = isa::InputKind::kPoisson;
    input.image.size = 20;
    input.image.shape = {20};
    input.image.rates.assign(20, std::uint64_t{1} << 61);
    network.inputs.push_back(std::move(input));
    const std::array<std::pair<compiler::SourceRef, std::uint32_t>, 3> ends{
        {{{true, 0}, 0}, {{false, 0}, 1}, {{false, 1}, 0}}};
    for (const auto& [from, to] : ends) {
        const std::uint32_t sources = network.source_size(from);
        std::vector<std::vector<compiler::RawSynapse>> rows(sources);
        for (auto& row : rows) {
            for (int i = numbers.in(0, 12); i > 0; --i) {
                row.push_back({static_cast<std::uint32_t>(numbers.in(0, 29)),
                               static_cast<double>(numbers.in(-100, 140)),
                               static_cast<std::uint32_t>(numbers.in(0, 9))});
            }
        }
        compiler::Projection projection;
        projection.name = fmt::format("p{}", network.projections.size());
        projection.from = from;
        projection.to = to;
        projection.rows = std::make_shared<ListedRows>(std::move(rows));
        projection.sign_mode = 1;
        projection.learning_rule = 0;
        network.projections.push_back(std::move(projection));
    }
    return network;
}

struct Result {
    /// Weight, delay and tag by projection and synapse id.
    std::vector<std::array<std::int32_t, 5>> synapses;
    std::vector<std::uint64_t> counts;
    friend bool operator==(const Result&, const Result&) = default;
};

Result run(const isa::Image& image, std::uint32_t threads, std::uint64_t steps) {
    emu::Machine machine{image, {.threads = threads, .seed = 5}};
    Result result;
    emu::LearningActivity sum;
    std::uint64_t spikes = 0;
    for (std::uint64_t step = 0; step < steps; ++step) {
        const emu::StepActivity& activity = machine.step();
        spikes += activity.spikes;
        for (const emu::CoreActivity& core : activity.cores) sum += core.learning;
    }
    result.counts = {spikes,
                     sum.synapse_updates,
                     sum.synapse_writes,
                     sum.multiply_accumulates,
                     sum.trace_updates,
                     sum.saturations};
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        if (machine.learning(CoreSlot{c}) == nullptr) continue;
        for (const emu::PlasticProjection& part : machine.learning(CoreSlot{c})->projections()) {
            part.for_each([&](const emu::PlasticSynapse& s) {
                result.synapses.push_back({static_cast<std::int32_t>(part.projection()),
                                           static_cast<std::int32_t>(s.id), s.weight, s.delay,
                                           s.tag});
            });
        }
    }
    std::sort(result.synapses.begin(), result.synapses.end());
    return result;
}

isa::Image image_of(compiler::Network network) {
    const auto chip = isa::ChipSpec{};
    const auto compiled = compiler::compile(std::move(network), chip, {});
    return isa::deserialize(isa::serialize(compiled.image), "plastic.smi");
}

isa::Image image_of(std::uint32_t mapping, isa::Accumulate rule = isa::Accumulate::kSum) {
    return image_of(network(mapping, rule));
}

/// The same, but the rule is off until one of three neurons spikes, and after a spike of one of
/// three others; a spike of a tenth neuron clears tags. They hear the input alone.
compiler::Network switched(std::uint32_t mapping, bool by_spikes) {
    Numbers numbers{5};
    compiler::Network network = ::network(mapping, isa::Accumulate::kSum);
    network.learning.switches.clear();
    const std::array<std::pair<const char*, std::uint32_t>, 3> populations{
        {{"gate", 3}, {"lock", 3}, {"done", 1}}};
    for (const auto& [name, size] : populations) {
        compiler::Population population;
        population.name = name;
        population.size = size;
        population.shape = {size};
        population.first_neuron = NeuronId{network.neuron_count()};
        population.program = neuron(isa::Accumulate::kSum);
        for (std::uint32_t i = 0; i < size; ++i) {
            population.pinned.list.emplace_back(mapping == 0 ? 0U : i % mapping);
        }
        const auto to = static_cast<std::uint32_t>(network.populations.size());
        network.populations.push_back(std::move(population));
        std::vector<std::vector<compiler::RawSynapse>> rows(20);
        for (auto& row : rows) {
            row.push_back({static_cast<std::uint32_t>(numbers.in(0, static_cast<int>(size) - 1)),
                           static_cast<double>(numbers.in(0, 18)), 0});
        }
        compiler::Projection projection;
        projection.name = fmt::format("to_{}", name);
        projection.from = {true, 0};
        projection.to = to;
        projection.rows = std::make_shared<ListedRows>(std::move(rows));
        projection.sign_mode = 2;
        network.projections.push_back(std::move(projection));
    }
    if (by_spikes) {
        network.learning.rule_spikes.push_back(
            {.rule = 0, .from = 2, .until = 3, .clear_tags = 4, .start = 0});
    }
    return network;
}

/// The population of each spike of a step, by index.
std::vector<std::uint32_t> who_spiked(const isa::Image& image, const emu::StepActivity& activity) {
    std::vector<std::uint32_t> who;
    for (std::size_t c = 0; c < activity.cores.size(); ++c) {
        for (const emu::EmittedSpike& spike : activity.cores[c].spikes) {
            const NeuronId neuron = image.cores[c].neurons[spike.compartment];
            std::uint32_t p = 0;
            while (neuron >= image.populations[p].first_neuron + image.populations[p].count) ++p;
            who.push_back(p);
        }
    }
    return who;
}

}  // namespace

TEST_CASE("learned weights do not depend on mapping and threads", "[mapping]") {
    const isa::Image alone = image_of(0);
    REQUIRE(alone.cores.size() == 1);
    const Result expected = run(alone, 1, 240);
    CHECK(expected.counts[0] > 500);   // spikes
    CHECK(expected.counts[2] > 2000);  // changed synapses
    for (const std::uint32_t mapping : {1U, 3U}) {
        const isa::Image spread = image_of(mapping);
        CHECK(spread.cores.size() > mapping);
        CHECK(run(spread, 1, 240) == expected);
        CHECK(run(spread, 2, 240) == expected);
    }
}

TEST_CASE("synapses that learn may go to accumulators that do not add", "[mapping]") {
    const Result sums = run(image_of(0), 1, 240);
    for (const isa::Accumulate rule :
         {isa::Accumulate::kMax, isa::Accumulate::kMin, isa::Accumulate::kOr}) {
        const Result expected = run(image_of(0, rule), 1, 240);
        INFO(name_of(isa::kAccumulateNames, rule));
        CHECK_FALSE(expected == sums);
        if (rule != isa::Accumulate::kMin) CHECK(expected.counts[2] > 500);  // changed synapses
        for (const std::uint32_t mapping : {1U, 3U}) {
            const isa::Image spread = image_of(mapping, rule);
            CHECK(run(spread, 1, 240) == expected);
            CHECK(run(spread, 2, 240) == expected);
        }
    }
}

TEST_CASE("delays are really learned", "[mapping]") {
    const isa::Image image = image_of(1);
    const Result result = run(image, 1, 240);
    const Result before = run(image, 1, 0);
    std::size_t moved = 0;
    for (std::size_t i = 0; i < result.synapses.size(); ++i) {
        CHECK((result.synapses[i][3] >= 0 && result.synapses[i][3] <= 9));
        moved += result.synapses[i][3] != before.synapses[i][3] ? 1U : 0U;
    }
    CHECK(moved > 50);
}

TEST_CASE("an image with what was learned starts where the run ended", "[mapping]") {
    isa::Image image = image_of(3);
    emu::Machine machine{image, {.threads = 1, .seed = 5}};
    for (int step = 0; step < 120; ++step) machine.step();
    isa::Image learned = image;
    machine.store_learned(learned);
    CHECK_FALSE(learned == image);
    CHECK(isa::check_image(learned).empty());
    const isa::Image again = isa::deserialize(isa::serialize(learned), "learned.smi");
    CHECK(run(again, 1, 0).synapses == run(learned, 1, 0).synapses);
    emu::Machine resumed{again, {.threads = 1, .seed = 5}};
    isa::Image copy = again;
    resumed.store_learned(copy);
    CHECK(copy == again);
}

TEST_CASE("without learning, synapses keep their values", "[mapping]") {
    const isa::Image image = image_of(1);
    emu::Machine machine{image, {.threads = 1, .seed = 5, .learning = false}};
    for (int step = 0; step < 120; ++step) machine.step();
    isa::Image after = image;
    machine.store_learned(after);
    CHECK(after == image);
}

TEST_CASE("a rule that spikes switch does what a schedule of these spikes does", "[mapping]") {
    const isa::Image image = image_of(switched(0, true));
    isa::Image scheduled = image_of(switched(0, false));
    scheduled.learning.enabled = false;
    emu::Machine machine{image, {.threads = 1, .seed = 5}};
    std::vector<std::uint64_t> clears;
    bool on = false;
    for (std::uint64_t step = 0; step < 240; ++step) {
        const auto who = who_spiked(image, machine.step());
        const auto has = [&who](std::uint32_t population) {
            return std::find(who.begin(), who.end(), population) != who.end();
        };
        const bool now = has(3) ? false : (has(2) ? true : on);
        if (now != on) scheduled.learning.switches.push_back(step);
        on = now;
        if (has(4)) clears.push_back(step);
    }
    REQUIRE(scheduled.learning.switches.size() > 8);
    REQUIRE(clears.size() > 3);
    REQUIRE(isa::check_image(scheduled).empty());

    emu::Machine other{scheduled, {.threads = 1, .seed = 5}};
    std::uint64_t writes = 0;
    for (std::uint64_t step = 0; step < 240; ++step) {
        writes += other.step().host_writes;
        if (std::find(clears.begin(), clears.end(), step) == clears.end()) continue;
        for (std::uint32_t entry = 0; entry < 3; ++entry) other.clear_tags(entry);
    }
    CHECK(writes > 0);
    isa::Image learned = image;
    isa::Image expected = scheduled;
    machine.store_learned(learned);
    other.store_learned(expected);
    CHECK_FALSE(learned == image);
    CHECK(learned.cores == expected.cores);
}

TEST_CASE("rules that spikes switch do not depend on mapping and threads", "[mapping]") {
    const Result expected = run(image_of(switched(0, true)), 1, 240);
    CHECK(expected.counts[2] > 300);  // changed synapses
    CHECK_FALSE(expected == run(image_of(switched(0, false)), 1, 240));
    for (const std::uint32_t mapping : {1U, 3U}) {
        const isa::Image spread = image_of(switched(mapping, true));
        CHECK(run(spread, 1, 240) == expected);
        CHECK(run(spread, 2, 240) == expected);
    }
}

TEST_CASE("a machine with rules that spikes switch goes on from a saved state", "[mapping]") {
    const isa::Image here = image_of(switched(0, true));
    const isa::Image there = image_of(switched(3, true));
    emu::Machine whole{here, {.threads = 1, .seed = 5}};
    for (const std::uint64_t stop : {37U, 61U, 90U}) {
        while (whole.steps_done() < stop) (void)whole.step();
        if (stop == 61) whole.clear_tags(1);
        if (stop == 90) whole.clear_traces(0);
        const emu::MachineState state = whole.save();
        CHECK((state.learning_messages != 0) == (stop != 37));
        emu::Machine second{there, {.threads = 2, .seed = 5}};
        second.load(state);
        CHECK(second.save() == state);
        emu::Machine first{here, {.threads = 1, .seed = 5}};
        first.load(state);
        for (int step = 0; step < 50; ++step) {
            CHECK(first.step().host_writes == second.step().host_writes);
        }
        CHECK(first.save() == second.save());
    }
    emu::MachineState odd = whole.save();
    odd.rules_on = {2};
    CHECK_THROWS_AS(whole.load(odd), std::invalid_argument);
    odd.rules_on.clear();
    CHECK_THROWS_AS(whole.load(odd), std::invalid_argument);
}
