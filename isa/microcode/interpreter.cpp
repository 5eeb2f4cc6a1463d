#include "isa/microcode/interpreter.hpp"

#include "isa/base/random_domain.hpp"
#include "isa/microcode/execution.hpp"

namespace seamount::isa {

void PhiloxSource::draw(std::span<const NeuronId> neurons, std::uint64_t step, std::uint32_t pc,
                        int bits, Draw kind, std::int32_t* out) const {
    const RandomStream random{RandomDomain::kPrograms, seed_, program_place(pc)};
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    for (const NeuronId neuron : neurons) {
        const std::uint64_t word = random.block(neuron.value(), step)[0];
        *out++ = kind == Draw::kUnsigned ? static_cast<std::int32_t>(word & mask)
                                         : static_cast<std::int32_t>((word * mask) >> 32) -
                                               static_cast<std::int32_t>(mask >> 1);
    }
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
