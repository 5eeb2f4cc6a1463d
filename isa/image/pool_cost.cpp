#include "isa/image/pool_cost.hpp"

#include <algorithm>
#include <bit>

namespace seamount::isa::pool {
namespace {

constexpr std::uint64_t kWord = 64;
constexpr std::uint64_t kKernelRow = 32;  // bits of a row beside its weights
constexpr std::uint64_t kListRow = 16;
constexpr std::uint64_t kTarget = 12;  // bits of a stored target

constexpr std::uint64_t words(std::uint64_t count, std::uint64_t bits_each, std::uint64_t more) {
    return count == 0 ? 0 : (count * bits_each + more + kWord - 1) / kWord;
}

}  // namespace

std::uint32_t weight_bits(std::uint32_t largest, SignMode mode) noexcept {
    // With mixed signs: the bits of largest / 2 and a sign.
    const std::uint32_t magnitude = mode == kMixed && largest != 0 ? largest - 1 : largest;
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::bit_width(magnitude)));
}

std::uint64_t kernel_row_words(std::uint64_t outputs, std::uint32_t bits) noexcept {
    return words(outputs, std::uint64_t{bits} + 1, kKernelRow);
}

std::uint64_t list_row_words(std::uint64_t targets, std::uint32_t bits) noexcept {
    return words(targets, kTarget + bits, kListRow);
}

std::uint64_t map_entries(std::uint64_t channels) noexcept {
    return channels <= 3 || std::has_single_bit(channels) ? 1 : 2;
}

}  // namespace seamount::isa::pool
