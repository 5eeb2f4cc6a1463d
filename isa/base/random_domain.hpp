#pragma once

// Philox needs no vector instructions; what declares them are 60,000 lines to read.
#define R123_USE_SSE 0
#define R123_USE_X86INTRIN_H 0
#include <Random123/philox.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "isa/base/assert.hpp"

namespace seamount {

/// What random numbers are for. Every use in the product stands here; a mapper's dice, which never
/// change what a network does, are compiler/base/dice.hpp.
enum class RandomDomain : std::uint8_t {
    kRows,        ///< rows that the compiler generates: targets, weights, delays
    kPrograms,    ///< RND in neuron programs
    kHostInputs,  ///< spikes of Poisson inputs, phases of rates
    kLearning,    ///< stochastic rounding of what is learnt
    kTraffic,     ///< packets of `seamount mesh`
    kSearch,      ///< points that `seamount explore` chooses
    kNeurons,     ///< arguments, states and inputs of neurons that the compiler draws
};

/// The numbers of a domain are blocks of Philox 4x32-10 with
///     key     = (seed bits 31..0, seed bits 63..32 xor `key`)
///     counter = (three words that say which block, place)
/// so that each depends on what it is for, never on what was drawn before it.
struct RandomDomainEntry {
    RandomDomain domain;
    std::string_view name;
    std::uint32_t key;
    std::uint32_t first_place;  ///< smallest and largest place that the domain may use
    std::uint32_t last_place;
    /// Where another domain of the same key names a place between first_place and last_place, the
    /// place belongs to that one.
    bool gives_way;
    std::string_view counter;  ///< what the four words are
};

inline constexpr std::uint32_t kAnyPlace = 0xFFFFFFFF;
inline constexpr std::uint32_t kTrafficPlace = 0x4D455348;  // "MESH"
inline constexpr std::uint32_t kSearchPlace = 0x5EA;

inline constexpr auto kRandomDomains = std::to_array<RandomDomainEntry>({
    {RandomDomain::kRows, "rows", 0, 0, 2, false, "draw, source, projection, stream"},
    {RandomDomain::kPrograms, "programs", 0, 0, kAnyPlace, true,
     "neuron, step low, step high, program_place(word)"},
    {RandomDomain::kHostInputs, "host inputs", 0x484F5354, 0, kAnyPlace, false,  // "HOST"
     "source / 4 (+ 2^31: lower words, + 2^30: phase of a sample), step low, step high, input"},
    {RandomDomain::kLearning, "learning", 0x4C524E47, 0, kAnyPlace, false,  // "LRNG"
     "id, projection * 16 + stream, step low, step high"},
    {RandomDomain::kTraffic, "traffic", 0, kTrafficPlace, kTrafficPlace, false,
     "node, packet low, packet high, kTrafficPlace"},
    {RandomDomain::kSearch, "search", 0, kSearchPlace, kSearchPlace, false,
     "number low, number high, stream, kSearchPlace"},
    {RandomDomain::kNeurons, "neurons", 0x4E455552, 0, 0, false,  // "NEUR"
     "neuron of the population, argument or word, population or input, 0"},
});

[[nodiscard]] constexpr const RandomDomainEntry& entry_of(RandomDomain domain) {
    return kRandomDomains[static_cast<std::size_t>(domain)];
}

/// Whether blocks of `domain` may have this place.
[[nodiscard]] constexpr bool has_place(RandomDomain domain, std::uint32_t place) {
    const RandomDomainEntry& own = entry_of(domain);
    if (place < own.first_place || place > own.last_place) return false;
    return !own.gives_way ||
           std::none_of(kRandomDomains.begin(), kRandomDomains.end(), [&](const auto& other) {
               return !other.gives_way && other.key == own.key && place >= other.first_place &&
                      place <= other.last_place;
           });
}

/// Whether no block of `a` has key and counter of a block of `b`, for one seed. For two seeds it
/// holds if both domains have one key, and if both seeds are below 2^32: then the upper half of a
/// key is `key`.
[[nodiscard]] constexpr bool are_disjoint(const RandomDomainEntry& a, const RandomDomainEntry& b) {
    return a.key != b.key || a.gives_way != b.gives_way || a.last_place < b.first_place ||
           b.last_place < a.first_place;
}

/// The place of RND in word `word` (below 2^31) of a program: the word itself, with bit 31 set
/// where another domain has that number.
[[nodiscard]] constexpr std::uint32_t program_place(std::uint32_t word) {
    return has_place(RandomDomain::kPrograms, word) ? word : word | 0x80000000U;
}

namespace detail {
consteval bool domains_are_disjoint() {
    for (std::size_t i = 0; i < kRandomDomains.size(); ++i) {
        if (static_cast<std::size_t>(kRandomDomains[i].domain) != i) return false;
        for (std::size_t j = 0; j < i; ++j) {
            if (!are_disjoint(kRandomDomains[i], kRandomDomains[j])) return false;
        }
    }
    return true;
}
/// So that program_place never gives one place to two words, nor one that is not its own.
consteval bool upper_places_belong_to_programs() {
    return std::all_of(kRandomDomains.begin(), kRandomDomains.end(), [](const auto& entry) {
        return entry.gives_way || entry.key != entry_of(RandomDomain::kPrograms).key ||
               entry.last_place < 0x80000000U;
    });
}
}  // namespace detail
static_assert(detail::domains_are_disjoint(), "two random domains share a key and a place");
static_assert(detail::upper_places_belong_to_programs());

/// The random numbers of one place of a domain. The only way to random numbers that a result may
/// depend on, so that no two uses can share one.
class RandomStream {
public:
    RandomStream(RandomDomain domain, std::uint64_t seed, std::uint32_t place)
        : key_{{static_cast<std::uint32_t>(seed),
                static_cast<std::uint32_t>(seed >> 32U) ^ entry_of(domain).key}},
          place_{place} {
        SM_ASSERT(has_place(domain, place), entry_of(domain).name);
    }

    /// Four independent uniform words.
    [[nodiscard, gnu::always_inline]] std::array<std::uint32_t, 4> block(
        std::uint32_t first, std::uint32_t second, std::uint32_t third) const {
        // The rounds of Random123's philox4x32 without its structures, which clang++ keeps as pairs
        // of 64-bit numbers and so multiplies twice as often.
        std::uint32_t a = first;
        std::uint32_t b = second;
        std::uint32_t c = third;
        std::uint32_t d = place_;
        std::uint32_t low_key = key_[0];
        std::uint32_t high_key = key_[1];
        for (int round = 0; round < philox4x32_rounds; ++round) {
            const std::uint64_t of_a = std::uint64_t{PHILOX_M4x32_0} * a;
            const std::uint64_t of_c = std::uint64_t{PHILOX_M4x32_1} * c;
            a = static_cast<std::uint32_t>(of_c >> 32U) ^ b ^ low_key;
            b = static_cast<std::uint32_t>(of_c);
            c = static_cast<std::uint32_t>(of_a >> 32U) ^ d ^ high_key;
            d = static_cast<std::uint32_t>(of_a);
            low_key += PHILOX_W32_0;
            high_key += PHILOX_W32_1;
        }
        return {a, b, c, d};
    }
    /// Where two of the words are one 64-bit number.
    [[nodiscard, gnu::always_inline]] std::array<std::uint32_t, 4> block(
        std::uint32_t first, std::uint64_t second_and_third) const {
        return block(first, static_cast<std::uint32_t>(second_and_third),
                     static_cast<std::uint32_t>(second_and_third >> 32U));
    }

private:
    r123::Philox4x32::key_type key_;
    std::uint32_t place_;
};

}  // namespace seamount
