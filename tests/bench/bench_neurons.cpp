// Updates per second of every neuron program of configs/neurons on the lockstep engine, beside a
// hand-fused C++ loop of the same leaky integrate-and-fire neuron, for each instruction set.
//
//     bench_neurons [NEURONS [MILLISECONDS [PROGRAM]]]        default: 1024, 60 per figure, all

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "emulator/core/lockstep.hpp"
#include "isa/assembly/assembler.hpp"
#include "isa/microcode/interpreter.hpp"
#include "tests/bench/lif_loop.hpp"

using namespace seamount;
using emu::KernelVariant;

namespace {

constexpr int kRepeats = 7;

/// CPU time of this thread.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// A neuron group of `count` compartments with its memory. State words named bias differ from
/// neuron to neuron.
class Group {
public:
    Group(const isa::Program& program, const std::map<std::string, std::int64_t>& args,
          std::uint32_t count)
        : program_{program.words}, stride_{(count + 127) / 128 * 128} {
        const auto value = [&](std::string_view name) {
            const auto given = args.find(std::string{name});
            if (given != args.end()) return given->second;
            const isa::ArgDecl& arg = *program.find_arg(name);
            return arg.initial.value_or(arg.min + (arg.max - arg.min) / 16);
        };
        for (const isa::WordDecl& p : program.params) {
            params_[static_cast<std::size_t>(p.index)] =
                static_cast<std::int32_t>(p.initial.evaluate(value));
        }
        state_.resize(isa::kStateWords * stride_);
        for (const isa::WordDecl& s : program.states) {
            const auto initial = static_cast<std::int32_t>(s.initial.evaluate(value));
            for (std::uint32_t i = 0; i < count; ++i) {
                const std::int32_t own = s.name == "bias" ? static_cast<std::int32_t>(i % 251) : 0;
                state_[static_cast<std::size_t>(s.index) * stride_ + i] = initial + own;
            }
            const std::uint32_t word = 1U << s.index;
            const bool alike = s.name != "bias" && (program_.written_states() & word) == 0;
            if (alike) view_.uniform |= word;  // as a core finds it
        }
        sums_.resize(2 * isa::kAccumulators * stride_);
        neurons_.resize(count);
        for (std::uint32_t i = 0; i < count; ++i) neurons_[i] = NeuronId{i};
        view_.program = &program_;
        view_.params = params_.data();
        view_.neurons = neurons_.data();
        view_.count = view_.compartments = count;
        view_.state = state_.data();
        view_.stride = stride_;
        for (std::size_t k = 0; k < isa::kAccumulators; ++k) {
            view_.now[k] = sums_.data() + k * stride_;
            view_.next[k] = sums_.data() + (isa::kAccumulators + k) * stride_;
        }
    }

    void step(emu::Lockstep& engine, std::uint64_t step, emu::CoreActivity& activity) {
        activity.spikes.clear();
        engine.update(view_, step, random_, activity);
    }
    [[nodiscard]] std::int32_t* state(std::size_t word) { return state_.data() + word * stride_; }
    [[nodiscard]] const emu::GroupView& view() const { return view_; }

private:
    emu::LockstepProgram program_;
    std::size_t stride_;
    std::array<std::int32_t, isa::kParameters> params_{};
    emu::LineVector<std::int32_t> state_;
    emu::LineVector<std::int32_t> sums_;
    std::vector<NeuronId> neurons_;
    emu::GroupView view_;
    isa::PhiloxSource random_{1};
};

/// Best of a few runs of `step(t)`, in updates per second of `count` neurons.
template <class Step>
double updates_per_second(std::uint32_t count, double seconds, Step step) {
    std::uint64_t t = 0;
    for (int i = 0; i < 20; ++i) step(t++);
    double best = 0;
    for (int repeat = 0; repeat < kRepeats; ++repeat) {
        std::uint64_t steps = 0;
        const double start = cpu_seconds();
        double spent = 0;
        while (spent < seconds / kRepeats) {
            for (int i = 0; i < 16; ++i) step(t++);
            steps += 16;
            spent = cpu_seconds() - start;
        }
        best = std::max(best, static_cast<double>(steps) * count / spent);
    }
    return best;
}

using LifStep = void (*)(const bench::LifArrays&);

LifStep loop_of(KernelVariant variant) {
#if defined(__x86_64__)
    if (variant == KernelVariant::kAvx512) return bench::avx512::lif_step;
    if (variant == KernelVariant::kAvx2) return bench::avx2::lif_step;
#endif
    return variant == KernelVariant::kPortable ? bench::portable::lif_step : nullptr;
}

/// The hand-fused loop, with the list of spikes that a simulator needs of it.
class HandFused {
public:
    HandFused(Group& same, std::uint32_t count)
        : u_(count),
          v_(count),
          bias_(same.state(2), same.state(2) + count),
          input_(count),
          spiked_(count) {
        const std::int32_t* const params = same.view().params;
        arrays_ = {u_.data(),     v_.data(),      bias_.data(),
                   input_.data(), spiked_.data(), static_cast<int>(count),
                   params[0],     params[1],      params[2]};
    }
    void step(LifStep loop) {
        loop(arrays_);
        spikes.clear();
        for (std::uint32_t i = 0; i < spiked_.size(); i += 8) {
            std::uint64_t eight = 0;
            __builtin_memcpy(&eight, spiked_.data() + i, sizeof(eight));
            for (std::uint32_t k = i; eight != 0; eight >>= 8U, ++k) {
                if ((eight & 1U) != 0) spikes.push_back(k);
            }
        }
    }
    [[nodiscard]] const emu::LineVector<std::int32_t>& v() const { return v_; }
    std::vector<std::uint32_t> spikes;

private:
    emu::LineVector<std::int32_t> u_;
    emu::LineVector<std::int32_t> v_;
    emu::LineVector<std::int32_t> bias_;
    emu::LineVector<std::int32_t> input_;
    emu::LineVector<std::uint8_t> spiked_;
    bench::LifArrays arrays_{};
};

/// Both must do the same, or their speeds mean nothing.
bool agree(Group& group, HandFused& hand, emu::Lockstep& engine, LifStep loop) {
    emu::CoreActivity activity;
    for (std::uint64_t t = 0; t < 200; ++t) {
        group.step(engine, t, activity);
        hand.step(loop);
        if (activity.spikes.size() != hand.spikes.size()) return false;
        for (std::size_t i = 0; i < hand.v().size(); ++i) {
            if (group.state(1)[i] != hand.v()[i]) return false;
        }
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    const auto argument = [&](int i, unsigned long otherwise) {
        return argc > i ? std::strtoul(argv[i], nullptr, 10) : otherwise;
    };
    const auto count = static_cast<std::uint32_t>((argument(1, 1024) + 127) / 128 * 128);
    const double seconds = 1e-3 * static_cast<double>(argument(2, 60));
    const std::filesystem::path folder{SEAMOUNT_SOURCE_DIR "/configs/neurons"};
    const std::map<std::string, std::int64_t> lif_args{{"du", 400}, {"dv", 40}, {"vth", 120}};
    const std::string only = argc > 3 ? argv[3] : "";
    std::vector<isa::Program> programs;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() == ".asm" && (only.empty() || entry.path().stem() == only)) {
            programs.push_back(isa::assemble_file(entry.path()));
        }
    }
    std::sort(programs.begin(), programs.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });

    for (const KernelVariant variant : emu::available_kernels()) {
        emu::Lockstep engine{variant};
        const LifStep loop = loop_of(variant);
        const isa::Program lif = isa::assemble_file(folder / "lif.asm");
        Group checked{lif, lif_args, count};
        HandFused hand{checked, count};
        if (!agree(checked, hand, engine, loop)) {
            fmt::print(stderr, "the hand-fused loop and lif.asm disagree\n");
            return 1;
        }
        const double fused =
            updates_per_second(count, seconds, [&](std::uint64_t) { hand.step(loop); });
        fmt::print("{} kernels, {} neurons\n  {:<22} {:>8.0f} M updates/s\n", emu::name_of(variant),
                   count, "hand-fused LIF loop", fused / 1e6);
        for (const isa::Program& program : programs) {
            Group group{program, program.name == "lif" ? lif_args : decltype(lif_args){}, count};
            emu::CoreActivity activity;
            const double rate = updates_per_second(
                count, seconds, [&](std::uint64_t t) { group.step(engine, t, activity); });
            fmt::print("  {:<22} {:>8.0f} M updates/s  {:.2f} x the loop, {} words\n", program.name,
                       rate / 1e6, rate / fused, program.words.size());
        }
    }
}
