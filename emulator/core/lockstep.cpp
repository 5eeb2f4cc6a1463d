#include "emulator/core/lockstep.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "emulator/core/kernels.hpp"
#include "isa/base/assert.hpp"
#include "isa/base/diagnostic.hpp"

static_assert(std::endian::native == std::endian::little, "the kernels gather bits from bytes");

namespace seamount::emu {
namespace {

using Constants = std::array<std::array<std::int32_t, kLanes>, isa::kConstants.size()>;
alignas(64) constexpr Constants kBroadcastConstants = [] {
    Constants all{};
    for (std::size_t c = 0; c < all.size(); ++c) all[c].fill(isa::kConstants[c]);
    return all;
}();

/// What RND and PSH need beside the lanes.
struct UpdateContext {
    const GroupView* group = nullptr;
    const isa::RandomSource* random = nullptr;
    std::uint64_t step = 0;
    std::uint32_t first_lane = 0;  ///< of the block, within the group
    std::uint64_t dropped_pushes = 0;
    Lockstep::Effects effects{};
};

/// Bits that are set. As std::popcount, which calls a function where the instruction cannot be
/// taken for granted.
int bits_set(std::uint64_t word) {
    word -= (word >> 1U) & 0x5555555555555555U;
    word = (word & 0x3333333333333333U) + ((word >> 2U) & 0x3333333333333333U);
    word = (word + (word >> 4U)) & 0x0F0F0F0F0F0F0F0FU;
    return static_cast<int>((word * 0x0101010101010101U) >> 56U);
}

struct Kernels {
    void (*run_block)(Block&);
    AddRuns add_runs;
};

Kernels kernels_of(KernelVariant variant) {
#if defined(__x86_64__)
    if (variant == KernelVariant::kAvx512) return {avx512::run_block, avx512::add_runs};
    if (variant == KernelVariant::kAvx2) return {avx2::run_block, avx2::add_runs};
#endif
    SM_ASSERT(variant == KernelVariant::kPortable, name_of(variant));
    return {portable::run_block, portable::add_runs};
}

}  // namespace

AddRuns run_adder(KernelVariant variant) {
    return kernels_of(variant).add_runs;
}

std::string_view name_of(KernelVariant variant) {
    switch (variant) {
        case KernelVariant::kPortable:
            return "portable";
        case KernelVariant::kAvx2:
            return "avx2";
        case KernelVariant::kAvx512:
            return "avx512";
    }
    return "?";
}

std::vector<KernelVariant> available_kernels() {
    std::vector<KernelVariant> all{KernelVariant::kPortable};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) all.push_back(KernelVariant::kAvx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        all.push_back(KernelVariant::kAvx512);
    }
#endif
    return all;
}

KernelVariant default_kernels() {
    const std::vector<KernelVariant> available = available_kernels();
    const char* const wanted = std::getenv("SEAMOUNT_KERNELS");
    if (wanted == nullptr || *wanted == '\0') return available.back();
    std::string names;
    for (const KernelVariant variant : available) {
        if (name_of(variant) == wanted) return variant;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", name_of(variant));
    }
    Diagnostic problem;
    problem.code = "RUN-KERNELS";
    problem.where.file = "SEAMOUNT_KERNELS";
    problem.message =
        fmt::format("the environment variable is '{}', must be one of {}", wanted, names);
    problem.hint = "unset it to use the fastest kernels of this machine";
    throw InputError(std::move(problem));
}

Lockstep::Lockstep(KernelVariant variant)
    : run_block_{kernels_of(variant).run_block}, block_{std::make_unique<Block>()} {
    const std::vector<KernelVariant> available = available_kernels();
    SM_ASSERT(std::find(available.begin(), available.end(), variant) != available.end(),
              name_of(variant));
    // The kernels form the pointers of all three operands, also of those that an operation does not
    // use: these must be valid.
    for (int i = 0; i < kSources; ++i) block_->sources[i] = block_->registers[0];
    for (int i = 0; i < kTargets; ++i) block_->targets[i] = block_->registers[0];
    for (int r = 0; r < isa::kRegisters; ++r) {
        block_->sources[r] = block_->registers[r];
        block_->targets[r] = block_->registers[r];
    }
    for (int p = 0; p < isa::kParameters; ++p) {
        block_->sources[kParameterEntry + p] = block_->parameters[p];
    }
    for (std::size_t c = 0; c < kBroadcastConstants.size(); ++c) {
        block_->sources[static_cast<std::size_t>(kConstantEntry) + c] =
            kBroadcastConstants[c].data();
    }
}

Lockstep::~Lockstep() = default;
Lockstep::Lockstep(Lockstep&&) noexcept = default;
Lockstep& Lockstep::operator=(Lockstep&&) noexcept = default;

Lockstep::Effects Lockstep::update(const GroupView& group, std::uint64_t step,
                                   const isa::RandomSource& random, CoreActivity& activity) {
    const LockstepProgram& program = *group.program;
    Block& block = *block_;
    const auto spike_ops = static_cast<std::size_t>(program.spike_ops());
    if (batches_.size() < spike_ops) batches_.resize(spike_ops);
    block.ops = program.ops().data();
    block.fused = program.fused();
    block.batches = batches_.data();
    block.written_states = program.written_states();
    block.zeroed_registers = program.zeroed_registers();
    for (std::uint32_t left = program.used_parameters(); left != 0; left &= left - 1) {
        const int p = std::countr_zero(left);
        // Most groups have the parameters of the group before them: nothing to fill in.
        if (block.parameters[p][0] == group.params[p]) continue;
        std::fill_n(block.parameters[p], kLanes, group.params[p]);
    }
    spread(group);
    UpdateContext context{.group = &group, .random = &random, .step = step};
    block.context = &context;

    for (std::uint32_t lane = 0; lane < group.count; lane += kLanes) {
        context.first_lane = lane;
        block.lanes = static_cast<int>(std::min<std::uint32_t>(kLanes, group.count - lane));
        for (std::uint32_t w = 0; w < program.state_words(); ++w) {
            std::int32_t* const words = ((group.uniform >> w) & 1U) != 0
                                            ? block.uniform[w]
                                            : group.state + w * group.stride + lane;
            block.sources[kStateEntry + w] = words;
            block.targets[kStateEntry + w] = words;
        }
        if (program.uses_traces()) {
            for (std::size_t y = 0; y < isa::kTraceRegisters; ++y) {
                block.targets[static_cast<std::size_t>(kTraceEntry) + y] =
                    group.traces + y * group.stride + lane;
            }
        }
        for (std::size_t k = 0; k < isa::kAccumulators; ++k) {
            block.accumulators[k] =
                group.now[k] == nullptr ? nullptr : group.now[k] + group.first + lane;
        }
        run_block_(block);
        collect(group.first + lane, activity);
    }
    activity.dropped_pushes += context.dropped_pushes;
    return context.effects;
}

/// Fills in the state words that need not be read from memory lane by lane.
void Lockstep::spread(const GroupView& group) {
    for (std::uint32_t left = group.uniform; left != 0; left &= left - 1) {
        const int w = std::countr_zero(left);
        const std::int32_t value = group.state[static_cast<std::size_t>(w) * group.stride];
        if (block_->uniform[w][0] == value) continue;  // as in the group before
        std::fill_n(block_->uniform[w], kLanes, value);
    }
}

/// Adds up one block and merges the spikes of its SPK instructions into compartment order.
void Lockstep::collect(std::uint32_t first_compartment, CoreActivity& activity) const {
    const Block& block = *block_;
    const std::uint64_t updates = activity.updates;
    const std::uint64_t active = activity.active_updates;
    std::uint64_t cycles = activity.cycles;  // of all lanes below `lane`
    int lane = 0;
    const auto advance_to = [&](int end) {
        if (!block.diverged) {
            cycles +=
                static_cast<std::uint64_t>(end - lane) * static_cast<std::uint64_t>(block.cycles);
            lane = end;
        }
        for (; lane < end; ++lane) cycles += static_cast<std::uint64_t>(block.lane_cycles[lane]);
    };

    std::uint64_t active_before = active;
    for (int word = 0; word * 64 < block.lanes; ++word) {
        std::uint64_t spiking = 0;
        for (int b = 0; b < block.batch_count; ++b) spiking |= block.batches[b].lanes[word];
        for (; spiking != 0; spiking &= spiking - 1) {
            const int bit = std::countr_zero(spiking);
            const std::uint64_t up_to = ~std::uint64_t{0} >> (63 - bit);
            const int at = word * 64 + bit;
            advance_to(at + 1);
            const auto active_done = static_cast<std::uint32_t>(
                active_before + static_cast<std::uint64_t>(bits_set(block.active[word] & up_to)));
            for (int b = 0; b < block.batch_count; ++b) {
                const SpikeBatch& batch = block.batches[b];
                if (((batch.lanes[word] >> bit) & 1U) == 0) continue;
                EmittedSpike& spike = activity.spikes.emplace_back();
                spike.compartment = first_compartment + static_cast<std::uint32_t>(at);
                spike.payload = batch.payload[at];
                spike.channel = batch.channel;
                spike.updates_done =
                    static_cast<std::uint32_t>(updates + static_cast<std::uint64_t>(at) + 1);
                spike.active_done = active_done;
                spike.cycles_done = cycles;
            }
        }
        active_before += static_cast<std::uint64_t>(bits_set(block.active[word]));
    }
    advance_to(block.lanes);
    activity.updates = updates + static_cast<std::uint64_t>(block.lanes);
    activity.active_updates = active_before;
    activity.instructions += block.instructions;
    activity.overflows += block.overflows;
    activity.cycles = cycles;
}

void draw_random(Block& block, const MicroOp& op, std::int32_t pc, const std::int32_t* mask) {
    UpdateContext& context = *static_cast<UpdateContext*>(block.context);
    const NeuronId* const neurons = context.group->neurons + context.first_lane;
    std::array<NeuronId, kLanes> drawing;
    std::array<std::int32_t, kLanes> lanes;
    std::size_t count = 0;
    for (int i = 0; i < block.lanes; ++i) {
        if (mask != nullptr && mask[i] == 0) continue;
        drawing[count] = neurons[i];
        lanes[count++] = i;
    }
    if (count == 0) return;
    context.effects.drew = true;
    std::array<std::int32_t, kLanes> drawn;
    context.random->draw({drawing.data(), count}, context.step, static_cast<std::uint32_t>(pc),
                         op.imm, static_cast<isa::Draw>(op.mode), drawn.data());
    for (std::size_t i = 0; i < count; ++i) block.targets[op.dst][lanes[i]] = drawn[i];
}

void push(Block& block, const MicroOp& op, const std::int32_t* mask) {
    UpdateContext& context = *static_cast<UpdateContext*>(block.context);
    const GroupView& group = *context.group;
    const std::int64_t own = std::int64_t{group.first} + context.first_lane;
    const std::int64_t behind = std::int64_t{group.first} + group.count;
    for (int i = 0; i < block.lanes; ++i) {
        if (mask != nullptr && mask[i] == 0) continue;
        context.effects.pushed = true;
        const std::int64_t target = own + i + block.sources[op.b][i];
        if (target < 0 || target >= std::int64_t{group.compartments}) {
            ++context.dropped_pushes;
            continue;
        }
        std::int32_t* const to =
            target >= behind ? group.now[op.accumulator] : group.next[op.accumulator];
        if (group.rules != nullptr) {
            const isa::Accumulate rule = isa::rule_at(group.rules[target], op.accumulator);
            if (rule != isa::Accumulate::kSum) {  // a term of 32 bits loses nothing
                to[target] = isa::accumulate(rule, to[target], block.sources[op.a][i]).value;
                continue;
            }
        }
        const std::int64_t turns = add_wrapping(to[target], block.sources[op.a][i]);
        if (turns != 0 && group.wraps != nullptr) {
            group.wraps->note(static_cast<std::size_t>(to + target - group.ring), turns);
        }
    }
}

}  // namespace seamount::emu
