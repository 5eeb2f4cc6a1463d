#include "isa/base/random_domain.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <tuple>

#include "isa/microcode/interpreter.hpp"

using namespace seamount;

TEST_CASE("random numbers are Philox 4x32-10", "[random_domain]") {
    // Known answers of Random123 (kat_vectors): counter and key all zeros, and all ones.
    CHECK(RandomStream{RandomDomain::kRows, 0, 0}.block(0, 0, 0) ==
          std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    const std::uint32_t ones = 0xFFFFFFFF;
    CHECK(RandomStream{RandomDomain::kPrograms, ~std::uint64_t{0}, ones}.block(ones, ones, ones) ==
          std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(RandomStream{RandomDomain::kRows, 5, 1}.block(2, std::uint64_t{4} << 32U | 3U) ==
          RandomStream{RandomDomain::kRows, 5, 1}.block(2, 3, 4));
}

TEST_CASE("random numbers are those of the Random123 library", "[random_domain]") {
    for (std::uint32_t i = 0; i < 1000; ++i) {
        const std::uint32_t word = i * 0x9E3779B9U;
        const std::uint64_t seed = std::uint64_t{word} * word;
        const std::uint32_t place = program_place(i);
        const RandomStream stream{RandomDomain::kPrograms, seed, place};
        const r123::Philox4x32::key_type key{
            {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)}};
        CAPTURE(i);
        for (std::uint32_t k = 0; k < 4; ++k) {
            const auto library = r123::Philox4x32{}({{word ^ k, ~word, word >> 3U, place}}, key);
            const std::array<std::uint32_t, 4> words{library[0], library[1], library[2],
                                                     library[3]};
            CHECK(stream.block(word ^ k, ~word, word >> 3U) == words);
        }
    }
}

TEST_CASE("no two random domains share a key and a place", "[random_domain]") {
    // Every place that decides anything: the ends of all ranges, and what lies beside them.
    std::set<std::uint32_t> places{0x7FFFFFFF, 0x80000000};
    for (const RandomDomainEntry& entry : kRandomDomains) {
        for (const std::uint32_t end : {entry.first_place, entry.last_place}) {
            for (const std::uint32_t place : {end - 1, end, end + 1}) {
                places.insert({place, place ^ 0x80000000U});
            }
        }
    }
    std::set<std::uint32_t> keys;
    for (const RandomDomainEntry& entry : kRandomDomains) {
        CAPTURE(entry.name);
        CHECK(&entry_of(entry.domain) == &entry);
        CHECK_FALSE(entry.counter.empty());
        keys.insert(entry.key);
    }
    for (const std::uint32_t key : keys) {
        for (const std::uint32_t place : places) {
            CAPTURE(key, place);
            std::size_t owners = 0;
            for (const RandomDomainEntry& entry : kRandomDomains) {
                owners += entry.key == key && has_place(entry.domain, place) ? 1U : 0U;
            }
            CHECK(owners <= 1);
        }
    }
}

TEST_CASE("no domain repeats the blocks of another", "[random_domain]") {
    std::set<std::array<std::uint32_t, 4>> blocks;
    std::size_t drawn = 0;
    for (const RandomDomainEntry& entry : kRandomDomains) {
        for (std::uint32_t place = entry.first_place; place < entry.first_place + 3; ++place) {
            if (!has_place(entry.domain, place)) continue;
            const RandomStream stream{entry.domain, 1, place};
            for (std::uint32_t i = 0; i < 27; ++i, ++drawn) {
                blocks.insert(stream.block(i % 3, i / 3 % 3, i / 9));
            }
        }
    }
    CHECK(drawn > 27 * kRandomDomains.size());
    CHECK(blocks.size() == drawn);
}

TEST_CASE("every word of a program has a place of its own for RND", "[random_domain]") {
    std::set<std::uint32_t> places;
    std::size_t moved = 0;
    for (std::uint32_t word = 0; word < 200'000; ++word) {
        const std::uint32_t place = program_place(word);
        if (!has_place(RandomDomain::kPrograms, place)) FAIL(word);
        moved += place != word ? 1U : 0U;
        places.insert(place);
    }
    CHECK(places.size() == 200'000);
    CHECK(moved == 4);  // three streams of the row generator, and the search
}

TEST_CASE("RND in the first word of a program is not the first row of a network",
          "[random_domain]") {
    // Without program_place both would be block (0, 0, 0, 0) of the seed.
    const std::array neuron{NeuronId{0}};
    std::int32_t drawn = 0;
    isa::PhiloxSource{1}.draw(neuron, 0, 0, 31, isa::Draw::kUnsigned, &drawn);
    const auto row = RandomStream{RandomDomain::kRows, 1, 0}.block(0, 0, 0);
    CHECK(drawn != static_cast<std::int32_t>(row[0] & 0x7FFFFFFFU));
    const auto own = RandomStream{RandomDomain::kPrograms, 1, 0x80000000}.block(0, 0, 0);
    CHECK(drawn == static_cast<std::int32_t>(own[0] & 0x7FFFFFFFU));
}
