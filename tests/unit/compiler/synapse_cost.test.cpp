#include "isa/image/synapse_cost.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/compiler/golden.hpp"

namespace seamount::compiler {
namespace {

TEST_CASE("synapse memory costs what nengo-loihi counts", "[synapse_cost]") {
    const auto table = read_golden("synapse_bits.json");
    constexpr std::uint64_t counts[] = {1, 5, 31, 64, 65, 200, 1024};
    std::size_t wrong = 0;
    for (const auto& row : table["rows"]) {
        isa::SynapseFormat format;
        format.weight_bits = isa::weight_bits_of_code(row[1]);
        const bool sparse = row[0] == 0;
        format.index_bits = sparse ? isa::index_bits_of_code(row[2]) : std::uint8_t{0};
        format.delay_bits = row[3];
        format.tag_bits = row[4];
        const std::uint32_t block = row[5].get<std::uint32_t>() + 1;
        for (std::size_t i = 0; i < std::size(counts); ++i) {
            wrong += isa::synapse_bits(format, counts[i], block) != row[6 + i] ? 1U : 0U;
        }
    }
    CHECK(table["rows"].size() == 1008);
    CHECK(wrong == 0);
}

TEST_CASE("synapse memory is the sum over blocks of whole 64-bit words", "[synapse_cost]") {
    for (std::uint8_t bits_each = 1; bits_each < 30; ++bits_each) {
        isa::SynapseFormat format;
        format.weight_bits = bits_each;
        for (const std::uint32_t block : {1U, 8U, 64U}) {
            std::uint64_t sum = 0;
            std::uint64_t in_block = 0;
            std::uint64_t words = 0;
            for (std::uint64_t k = 1; k <= 200; ++k) {  // one synapse after the other
                if (in_block == 0) words = 0;
                ++in_block;
                while (words * 64 < in_block * bits_each + 10) {
                    ++words;
                    ++sum;
                }
                if (in_block == block) in_block = 0;
                REQUIRE(isa::synapse_bits(format, k, block) == sum * 64);
            }
        }
    }
    CHECK(isa::synapse_bits({}, 0) == 0);
}

TEST_CASE("the index width is the narrowest legal one that names all compartments",
          "[synapse_cost]") {
    for (std::uint32_t n = 1; n <= 65536; ++n) {
        const unsigned bits = isa::index_bits_for(n);
        REQUIRE(bits >= 6);
        REQUIRE((1U << bits) >= n);
        if (bits > 6) REQUIRE((1U << (bits - 1)) < n);
    }
    CHECK(isa::index_bits_for(4096) == 12);  // the last that Loihi has a code for
    CHECK(isa::index_bits_for(4097) == 13);
}

}  // namespace
}  // namespace seamount::compiler
