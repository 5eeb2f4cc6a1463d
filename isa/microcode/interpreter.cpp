#include "isa/microcode/interpreter.hpp"

#include "isa/base/random_domain.hpp"
#include "isa/microcode/execution.hpp"

namespace seamount::isa {

namespace {

/// RND of these neurons. In line, so that it is compiled for the instructions of its caller.
[[gnu::always_inline]] inline void draw_all(const RandomStream& random,
                                            std::span<const NeuronId> neurons, std::uint64_t step,
                                            std::uint64_t mask, Draw kind, std::int32_t* out) {
    const auto middle = static_cast<std::int32_t>(mask >> 1);
    for (std::size_t i = 0; i < neurons.size(); ++i) {
        const std::uint64_t word = random.block(neurons[i].value(), step)[0];
        out[i] = kind == Draw::kUnsigned ? static_cast<std::int32_t>(word & mask)
                                         : static_cast<std::int32_t>((word * mask) >> 32) - middle;
    }
}

#ifdef __x86_64__
/// clang++ computes the blocks of several neurons side by side where vectors are wide enough.
[[gnu::target("avx2")]] void draw_all_by_avx2(const RandomStream& random,
                                              std::span<const NeuronId> neurons, std::uint64_t step,
                                              std::uint64_t mask, Draw kind, std::int32_t* out) {
    draw_all(random, neurons, step, mask, kind, out);
}
#endif

}  // namespace

void PhiloxSource::draw(std::span<const NeuronId> neurons, std::uint64_t step, std::uint32_t pc,
                        int bits, Draw kind, std::int32_t* out) const {
    const RandomStream random{RandomDomain::kPrograms, seed_, program_place(pc)};
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
#ifdef __x86_64__
    static const bool kHasAvx2 = __builtin_cpu_supports("avx2");
    if (kHasAvx2) return draw_all_by_avx2(random, neurons, step, mask, kind, out);
#endif
    draw_all(random, neurons, step, mask, kind, out);
}

LaneResult interpret(std::span<const std::uint32_t> words,
                     std::span<const std::int32_t, kParameters> params, Lane& lane,
                     const RandomSource& random, NeuronId neuron, std::uint64_t step,
                     ResultObserver* observer) {
    Execution execution{{words, params, &random, neuron, step, observer}, lane};
    execution.finish();
    return execution.result();
}

}  // namespace seamount::isa
