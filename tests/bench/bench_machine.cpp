// Steps per second of the machine without time, and where they go.
//
//     bench_machine [steps] [threads] [cores] [neurons per core]
//
// The network of the random benchmark: integrate-and-fire neurons with a bias each, every one
// projecting to 4 distinct random cores with 8 random neurons in each. Default: 128 cores of 1024
// neurons, 4.19 M synapses, about 14,200 spikes per step.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <malloc.h>  // malloc_trim
#include <time.h>    // clock_gettime

#include <fmt/format.h>

#include "emulator/core/lockstep.hpp"
#include "emulator/core/neurocore.hpp"
#include "emulator/machine/machine.hpp"
#include "emulator/machine/router.hpp"
#include "tests/support/image_builder.hpp"
#include "tests/unit/emulator/microcode.hpp"

using namespace seamount;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::uint32_t kTargetCores = 4;
constexpr std::uint32_t kSynapsesPerRow = 8;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// CPU time of this thread: phases are compared on machines that are busy otherwise.
double cpu_milliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

/// s0 voltage, s1 bias, p0 threshold; no leak, reset to 0.
std::vector<std::uint32_t> integrate_and_fire() {
    using namespace testing::mc;
    using isa::Opcode;
    return program({read(Opcode::kRdc, r(0), 0), alu(Opcode::kAdd, r(1), s(0), r(0)),
                    alu(Opcode::kAdd, r(1), r(1), s(1), 0, isa::Condition::kSat24),
                    compare(isa::Comparison::kGt, r(1), p(0)), if_set(spike(kOne)),
                    alu(Opcode::kSel, s(0), kZero, r(1))});
}

isa::Image random_network(std::uint32_t cores, std::uint32_t per_core) {
    std::mt19937 random{1};
    testing::ImageBuilder builder;
    const std::uint32_t program = builder.program(integrate_and_fire());
    for (std::uint32_t c = 0; c < cores; ++c) {
        const std::size_t core = builder.core(c);
        std::vector<std::int32_t> bias(per_core);
        for (auto& b : bias) b = static_cast<std::int32_t>(random() % 251);
        builder.group(core, program, per_core, {1000}, {{0}, bias});
        builder.format(core, {.weight_exponent = 0});
    }
    std::vector<testing::ImageBuilder::Synapse> row(kSynapsesPerRow);
    for (std::uint32_t neuron = 0; neuron < cores * per_core; ++neuron) {
        std::vector<std::uint32_t> targets;
        while (targets.size() < std::min(kTargetCores, cores)) {
            const auto core = static_cast<std::uint32_t>(random() % cores);
            if (std::find(targets.begin(), targets.end(), core) == targets.end()) {
                targets.push_back(core);
            }
        }
        for (const std::uint32_t core : targets) {
            for (auto& synapse : row) {
                const auto magnitude = static_cast<std::int32_t>(random() % 8) + 1;
                synapse = {random() % 2 == 0 ? magnitude : -magnitude, 0,
                           static_cast<std::uint32_t>(random() % per_core)};
            }
            builder.connect(NeuronId{neuron}, builder.axon(core, {{0, row}}));
        }
    }
    return builder.build();
}

/// Memory in use, without what malloc keeps of freed objects.
std::size_t resident_kib() {
    malloc_trim(0);
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::strtoul(line.c_str() + 6, nullptr, 10);
    }
    return 0;
}

void time_machine(const isa::Image& image, std::uint32_t steps, std::uint32_t threads) {
    const std::size_t before = resident_kib();
    auto start = Clock::now();
    emu::Machine machine{image, {.threads = threads}};
    const double load = milliseconds_since(start);
    for (int i = 0; i < 50; ++i) machine.step();
    std::uint64_t spikes = 0;
    std::uint64_t events = 0;
    std::uint64_t packets = 0;
    double best = 1e9;
    const double cpu = cpu_milliseconds();
    start = Clock::now();
    for (std::uint32_t i = 0; i < steps; ++i) {
        const auto begun = Clock::now();
        const emu::StepActivity& activity = machine.step();
        best = std::min(best, milliseconds_since(begun));
        spikes += activity.spikes;
        events += activity.synaptic_events;
        packets += activity.packets.size();
    }
    const double total = milliseconds_since(start);
    const double own = cpu_milliseconds() - cpu;
    fmt::print(
        "threads {}: load {:.1f} ms, {:.3f} ms/step (best {:.3f}, CPU of the calling "
        "thread {:.3f}), {:.0f} steps/s, {:.1f} M synaptic events/s\n",
        threads, load, total / steps, best, own / steps, 1e3 * steps / total,
        static_cast<double>(events) / total / 1e3);
    fmt::print(
        "per step: {} spikes, {} packets, {} synaptic events; memory beside the image "
        "{:.1f} MB\n",
        spikes / steps, packets / steps, events / steps,
        static_cast<double>(resident_kib() - before) / 1024.0);
}

/// The phases of a step on one thread, from the machine's own parts.
void time_phases(const isa::Image& image, std::uint32_t steps, emu::KernelVariant variant) {
    std::vector<emu::LockstepProgram> programs;
    for (const auto& program : image.programs) programs.emplace_back(program.words);
    std::vector<emu::Neurocore> cores;
    for (const auto& core : image.cores) cores.emplace_back(core, programs);
    const emu::CoreSlots slots{image};
    const IdSpan<CoreSlot, const emu::Neurocore> targets{cores};
    std::vector<emu::FanOut> fan_outs;
    for (const auto& core : image.cores) {
        fan_outs.emplace_back(core.output_first, core.outputs, targets, slots);
    }
    emu::Lockstep engine{variant};
    emu::Inboxes inboxes{cores.size()};
    const isa::PhiloxSource random{1};
    std::vector<emu::CoreActivity> activity(cores.size());
    std::vector<emu::SpikePacket> packets;
    double update = 0;
    double route = 0;
    double integrate = 0;
    for (std::uint64_t step = 0; step < steps; ++step) {
        double start = cpu_milliseconds();
        for (std::size_t c = 0; c < cores.size(); ++c) {
            activity[c].spikes.clear();
            cores[c].update(step, random, engine, activity[c]);
        }
        update += cpu_milliseconds() - start;
        start = cpu_milliseconds();
        std::size_t count = 0;
        for (std::size_t c = 0; c < cores.size(); ++c) {
            count += fan_outs[c].packets(activity[c].spikes);
        }
        packets.resize(count);
        inboxes.clear();
        std::span<emu::SpikePacket> out{packets};
        for (std::size_t c = 0; c < cores.size(); ++c) {
            out = out.subspan(fan_outs[c].route(
                activity[c].spikes, CoreSlot{static_cast<std::uint32_t>(c)}, out, inboxes));
        }
        route += cpu_milliseconds() - start;
        start = cpu_milliseconds();
        for (std::size_t c = 0; c < cores.size(); ++c) {
            cores[c].integrate(inboxes.of(CoreSlot{static_cast<std::uint32_t>(c)}), step + 1,
                               activity[c]);
        }
        integrate += cpu_milliseconds() - start;
    }
    fmt::print("{:>8} kernels, one thread: update {:.3f}, route {:.3f}, integrate {:.3f} ms/step\n",
               emu::name_of(variant), update / steps, route / steps, integrate / steps);
}

}  // namespace

int main(int argc, char** argv) {
    const auto argument = [&](int i, std::uint32_t otherwise) {
        return argc > i ? static_cast<std::uint32_t>(std::strtoul(argv[i], nullptr, 10))
                        : otherwise;
    };
    const std::uint32_t steps = std::max(argument(1, 300), 1U);
    const isa::Image image =
        random_network(std::max(argument(3, 128), 1U), std::max(argument(4, 1024), 1U));
    time_machine(image, steps, std::max(argument(2, 1), 1U));
    for (const emu::KernelVariant variant : emu::available_kernels()) {
        time_phases(image, steps, variant);
    }
}
