// Gated synapse updates per second of the learning engine, and what plasticity costs at rest.
//
//     bench_learning [steps] [neurons] [epoch] [pairs]
//
// All-to-all plastic synapses from 1024 host sources to 1024 neurons in one core, pair STDP with
// stochastic rounding; sources and neurons spike in 2 % of the steps. CPU time of this thread;
// medians over pairs of runs, plastic and static in turn.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <time.h>  // clock_gettime

#include <fmt/format.h>

#include "compiler/driver/driver.hpp"
#include "compiler/ir/network.hpp"
#include "emulator/machine/machine.hpp"
#include "isa/assembly/assembler.hpp"
#include "isa/learning/rule_parser.hpp"
#include "isa/learning/trace_table.hpp"

using namespace seamount;

namespace {

constexpr double kRate = 0.02;  ///< spikes per step

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

class Rows final : public compiler::RowGenerator {
public:
    Rows(std::uint32_t targets, bool all, double weight)
        : targets_{targets}, all_{all}, weight_{weight} {}
    void row(std::uint32_t source, std::vector<compiler::RawSynapse>& row) const override {
        row.clear();
        if (!all_) return row.push_back({source, weight_, 0});
        for (std::uint32_t t = 0; t < targets_; ++t) row.push_back({t, weight_, 0});
    }

private:
    std::uint32_t targets_;
    bool all_;
    double weight_;
};

isa::LearningRuleImage pair_stdp(std::uint32_t epoch) {
    isa::LearningRuleImage rule;
    rule.name = "stdp";
    rule.epoch = static_cast<std::uint8_t>(epoch);
    for (const std::size_t trace : {std::size_t{0}, std::size_t{2}}) {
        isa::set_impulse(32.0, rule.traces[trace]);
        isa::fill_decay(10.0, rule.mode, epoch, rule.traces[trace]);
    }
    isa::RuleProblem problem;
    rule.words = isa::encode(*isa::parse_learning_rule(
        "2^-4*x1*y0 - 2^-4*y1*x0", isa::LearnTarget::kWeight, isa::kWideLimits, problem));
    return rule;
}

void add_input(compiler::Network& network, std::uint32_t size, double rate) {
    compiler::Input input;
    input.image.name = fmt::format("in{}", network.inputs.size());
    input.image.kind = isa::InputKind::kPoisson;
    input.image.size = size;
    input.image.shape = {size};
    input.image.rates.assign(size, static_cast<std::uint64_t>(rate * 0x1p64));
    network.inputs.push_back(std::move(input));
}

isa::Image image_of(std::uint32_t neurons, std::uint32_t epoch, bool plastic, double rate) {
    compiler::Network network;
    network.name = "learning";
    network.file = "bench";
    compiler::Population population;
    population.name = "targets";
    population.size = neurons;
    population.shape = {neurons};
    // A spike when the second input says so; the plastic input changes nothing.
    population.program = std::make_shared<isa::Program>(isa::assemble(
        ".acc input\n.acc drive\n.state v\n rdc r0, input\n add v, v, r0\n rdc r1, drive\n"
        " cmp.ne r1, #0\n spk?f #1\n sel v, #0, v\n end\n",
        "target.asm"));
    network.populations.push_back(std::move(population));
    add_input(network, neurons, rate);
    add_input(network, neurons, rate);
    for (std::uint32_t i = 0; i < 2; ++i) {
        compiler::Projection projection;
        projection.name = fmt::format("p{}", i);
        projection.from = {true, i};
        projection.rows = std::make_shared<Rows>(neurons, i == 0, i == 0 ? 100.0 : 2.0);
        projection.sign_mode = 1;
        projection.accumulator = i;
        if (plastic && i == 0) projection.learning_rule = 0;
        network.projections.push_back(std::move(projection));
    }
    if (plastic) network.learning.rules.push_back(pair_stdp(epoch));
    isa::ChipSpec chip;
    static_cast<isa::CoreAmounts&>(chip.limits) = {};
    chip.limits.max_delay = 0;
    return compiler::compile(std::move(network), chip, {}).image;
}

struct Measured {
    double seconds = 0.0;
    std::uint64_t updates = 0;
    std::uint64_t macs = 0;
};

Measured measure(const isa::Image& image, std::uint64_t steps, bool learning) {
    emu::Machine machine{image, {.threads = 1, .seed = 1, .learning = learning}};
    for (int warm = 0; warm < 8; ++warm) machine.step();
    Measured now;
    const double start = cpu_seconds();
    for (std::uint64_t step = 0; step < steps; ++step) {
        for (const emu::CoreActivity& core : machine.step().cores) {
            now.updates += core.learning.synapse_updates;
            now.macs += core.learning.multiply_accumulates;
        }
    }
    now.seconds = cpu_seconds() - start;
    return now;
}

/// The run with the median of the times.
Measured median(std::vector<Measured> runs) {
    std::sort(runs.begin(), runs.end(),
              [](const Measured& a, const Measured& b) { return a.seconds < b.seconds; });
    return runs[runs.size() / 2];
}

/// A network whose synapses can learn beside the same one with static synapses, run in turn: what
/// else the machine does falls on both.
struct Pair {
    std::vector<Measured> plastic;
    std::vector<Measured> fixed;

    void add(const isa::Image& plastic_image, const isa::Image& fixed_image, std::uint64_t steps,
             bool learning) {
        plastic.push_back(measure(plastic_image, steps, learning));
        fixed.push_back(measure(fixed_image, steps, learning));
    }
    /// Median, least and greatest of the ratios of the pairs.
    void print(const char* what, std::uint64_t steps) const {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < plastic.size(); ++i) {
            ratios.push_back(plastic[i].seconds / fixed[i].seconds);
        }
        std::sort(ratios.begin(), ratios.end());
        const auto us = [steps](const std::vector<Measured>& runs) {
            return median(runs).seconds * 1e6 / static_cast<double>(steps);
        };
        fmt::print(
            "{}: {:.2f} x the time of static synapses ({:.2f}-{:.2f} in {} pairs; {:.2f} "
            "and {:.2f} us per step)\n",
            what, ratios[ratios.size() / 2], ratios.front(), ratios.back(), ratios.size(),
            us(plastic), us(fixed));
    }
};

}  // namespace

int main(int argc, char** argv) {
    const auto argument = [&](int i, std::uint64_t missing) {
        return argc > i ? std::strtoull(argv[i], nullptr, 10) : missing;
    };
    const std::uint64_t steps = argument(1, 400);
    const auto neurons = static_cast<std::uint32_t>(argument(2, 1024));
    const auto epoch = static_cast<std::uint32_t>(argument(3, 4));

    const std::uint64_t pairs = argument(4, 9);

    const isa::Image plastic = image_of(neurons, epoch, true, kRate);
    const isa::Image fixed = image_of(neurons, epoch, false, kRate);
    isa::Image disabled = plastic;
    disabled.learning.enabled = false;
    isa::Image paused = disabled;
    paused.learning.switches = {std::uint64_t{1} << 40U};
    const isa::Image plastic_quiet = image_of(neurons, epoch, true, 0.0);
    const isa::Image fixed_quiet = image_of(neurons, epoch, false, 0.0);
    const std::uint64_t long_run = 50 * steps;

    std::vector<Measured> learned;
    Pair not_learning;
    Pair never_on;
    Pair waiting;
    Pair quiet;
    for (std::uint64_t i = 0; i < pairs; ++i) {
        learned.push_back(measure(plastic, steps, true));
        not_learning.add(plastic, fixed, steps, false);
        never_on.add(disabled, fixed, steps, true);
        waiting.add(paused, fixed, steps, true);
        quiet.add(plastic_quiet, fixed_quiet, long_run, true);
    }
    const Measured active = median(learned);
    const double alone = active.seconds - median(not_learning.plastic).seconds;
    fmt::print(
        "active: {:.1f} M gated synapse updates/s of whole steps, {:.1f} M/s of learning "
        "alone ({} updates, {} MACs, {:.3f} s)\n",
        static_cast<double>(active.updates) / active.seconds * 1e-6,
        static_cast<double>(active.updates) / alone * 1e-6, active.updates, active.macs,
        active.seconds);
    quiet.print("no spikes", long_run);
    not_learning.print("spikes, run without learning (--no-learning)", steps);
    never_on.print("spikes, learning disabled by the network", steps);
    waiting.print("spikes, learning off until a later step (traces go on)", steps);
    return 0;
}
