#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::isa {

/// One synapse of a block: what a SynapseWord holds, whatever the block's format is.
struct StoredSynapse {
    std::int32_t weight = 0;  ///< mantissa, -256..255, on the grid of the format
    std::uint32_t delay = 0;
    std::uint32_t target = 0;  ///< added to the axon's base
    friend auto operator<=>(const StoredSynapse&, const StoredSynapse&) = default;
};

/// Low mantissa bits that the format does not store: 8 - weight bits, and one more with mixed
/// signs.
[[nodiscard]] constexpr int lost_bits(const SynapseFormat& format) noexcept {
    return 8 - format.weight_bits + (format.sign_mode == 1 ? 1 : 0);
}

/// Bits of one synapse of a dense block: its weight, above it its delay.
[[nodiscard]] constexpr std::uint32_t dense_bits(const SynapseFormat& format) noexcept {
    return std::uint32_t{format.weight_bits} + format.delay_bits;
}

/// Words of a block of `count` synapses, its header included.
[[nodiscard]] constexpr std::uint64_t block_words(const SynapseFormat& format,
                                                  std::uint64_t count) noexcept {
    if ((format.flags & SynapseFormat::kDense) == 0) return 1 + count;
    return 2 + (count * dense_bits(format) + 31) / 32;
}

/// Reads and writes the packed part of a dense block.
class DenseField {
public:
    /// Weights of at most 8 and delays of at most 6 bits.
    explicit DenseField(const SynapseFormat& format)
        : bits_{dense_bits(format)},
          weight_bits_{format.weight_bits},
          lost_{lost_bits(format)},
          sign_mode_{format.sign_mode} {}

    [[nodiscard]] std::uint32_t pack(std::int32_t weight, std::uint32_t delay) const noexcept {
        const std::int32_t value = sign_mode_ == 3 ? (-weight) >> lost_ : weight >> lost_;
        const std::uint32_t mask = (1U << weight_bits_) - 1U;
        return (static_cast<std::uint32_t>(value) & mask) | (delay << weight_bits_);
    }
    [[nodiscard]] std::int32_t weight(std::uint32_t field) const noexcept {
        const std::uint32_t unused = 32U - weight_bits_;
        if (sign_mode_ == 1) {
            return static_cast<std::int32_t>(field << unused) >> unused << lost_;
        }
        const auto value = static_cast<std::int32_t>(field & ((1U << weight_bits_) - 1U)) << lost_;
        return sign_mode_ == 3 ? -value : value;
    }
    [[nodiscard]] std::uint32_t delay(std::uint32_t field) const noexcept {
        return field >> weight_bits_;
    }
    /// Field `i` of the words behind the first target.
    [[nodiscard]] std::uint32_t get(const std::uint32_t* words, std::uint64_t i) const noexcept {
        const std::uint64_t bit = i * bits_;
        const std::uint64_t low = bit % 32;
        std::uint64_t value = words[bit / 32] >> low;
        if (low + bits_ > 32) value |= std::uint64_t{words[bit / 32 + 1]} << (32 - low);
        return static_cast<std::uint32_t>(value) & ((1U << bits_) - 1U);
    }
    /// The words must be zero there.
    void put(std::uint32_t* words, std::uint64_t i, std::uint32_t field) const noexcept {
        const std::uint64_t bit = i * bits_;
        const std::uint64_t low = bit % 32;
        words[bit / 32] |= field << low;
        if (low + bits_ > 32) words[bit / 32 + 1] |= field >> (32 - low);
    }

private:
    std::uint32_t bits_;
    std::uint32_t weight_bits_;
    int lost_;
    std::uint8_t sign_mode_;
};

/// Calls `visit(StoredSynapse)` for every synapse of the block whose header is `block[0]`. The
/// block must lie within the words behind it (check_image).
template <class Visit>
void for_each_synapse(const SynapseFormat& format, const std::uint32_t* block, Visit&& visit) {
    const std::uint32_t count = BlockHeader::count(block[0]);
    if ((format.flags & SynapseFormat::kDense) == 0) {
        for (std::uint32_t i = 1; i <= count; ++i) {
            visit(StoredSynapse{SynapseWord::weight(block[i]), SynapseWord::delay(block[i]),
                                SynapseWord::target(block[i])});
        }
        return;
    }
    const DenseField field{format};
    const bool holes = (format.flags & SynapseFormat::kHoles) != 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t bits = field.get(block + 2, i);
        if (holes && field.weight(bits) == 0) continue;
        visit(StoredSynapse{field.weight(bits), field.delay(bits),
                            SynapseWord::target(block[1]) + i});
    }
}

}  // namespace seamount::isa
