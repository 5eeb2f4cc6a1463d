#include "isa/image/synapse_cost.hpp"

#include <array>

namespace seamount::isa {
namespace {

constexpr std::uint64_t kMemoryWord = 64;        // bits
constexpr std::uint64_t kBlockOverhead = 4 + 6;  // format id and count

constexpr std::uint64_t block_bits(std::uint64_t synapses, std::uint64_t bits_each) {
    const std::uint64_t bits = synapses * bits_each + kBlockOverhead;
    return (bits + kMemoryWord - 1) / kMemoryWord * kMemoryWord;
}

}  // namespace

std::uint64_t synapse_bits(const isa::SynapseFormat& format, std::uint64_t synapses,
                           std::uint32_t block) noexcept {
    const std::uint64_t bits_each =
        std::uint64_t{format.weight_bits} + format.delay_bits + format.tag_bits + format.index_bits;
    const std::uint64_t rest = synapses % block;
    return synapses / block * block_bits(block, bits_each) +
           (rest == 0 ? 0 : block_bits(rest, bits_each));
}

std::uint8_t index_bits_for(std::uint64_t compartments) noexcept {
    std::uint8_t bits = 6;
    while (bits < 16 && (std::uint32_t{1} << bits) < compartments) ++bits;
    return bits;
}

std::uint8_t weight_bits_of_code(std::uint8_t code) noexcept {
    constexpr std::array<std::uint8_t, 8> bits{0, 1, 2, 3, 4, 5, 6, 8};
    return bits[code & 7U];
}

std::uint8_t index_bits_of_code(std::uint8_t code) noexcept {
    constexpr std::array<std::uint8_t, 8> bits{0, 6, 7, 8, 9, 10, 11, 12};
    return bits[code & 7U];
}

}  // namespace seamount::isa
