#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include "emulator/core/neurocore.hpp"
#include "isa/image/synapse_block.hpp"
#include "tests/support/image_builder.hpp"
#include "tests/unit/emulator/core_rig.hpp"

using namespace seamount;
using testing::ImageBuilder;
using testing::recorder;

namespace {

constexpr std::uint32_t kAccess = 8;  // words of 32 bits: 256 bits

/// What a packet to a core's only axon reads, in words of 32 bits.
std::uint32_t words_of(const isa::Image& image, std::uint32_t access_words) {
    const std::vector<emu::LockstepProgram> programs{emu::LockstepProgram{image.programs[0].words}};
    const emu::Neurocore core{image.cores[0], programs,
                              emu::Neurocore::Learning{nullptr, 1, false, access_words}};
    return core.row(0, 0).words;
}

/// A kernel row: a dense block of `outputs` even weights of at most `largest`, signs mixed.
isa::Image kernel_row(std::uint32_t outputs, int largest) {
    const isa::SynapseFormat format{.weight_exponent = 0, .flags = isa::SynapseFormat::kDense};
    const isa::DenseField field{format};
    std::vector<std::uint32_t> block(isa::block_words(format, outputs));
    block[0] = isa::BlockHeader::pack(true, 0, outputs);
    for (std::uint32_t i = 0; i < outputs; ++i) {
        field.put(block.data() + 2, i, field.pack(i % 2 == 0 ? largest : -2, 0));
    }
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), outputs);
    builder.format(core, format);
    builder.axon(core, {{0, {}}});
    builder.raw().cores[0].synapses = block;
    return builder.build();
}

isa::Image list_row(std::uint32_t targets) {
    ImageBuilder builder;
    const std::size_t core = builder.core(0);
    builder.group(core, builder.program(recorder()), targets);
    builder.format(core, {.weight_exponent = 0});
    std::vector<ImageBuilder::Synapse> row;
    for (std::uint32_t i = 0; i < targets; ++i) row.push_back({8, 0, i});
    builder.axon(core, {{0, row}});
    return builder.build();
}

}  // namespace

TEST_CASE("a kernel row is read in whole accesses of the words that a pool stores",
          "[pool_words]") {
    // 24: 3 words of 64 bits, 36: 4, 48: 5, as the vendor's tables print them.
    CHECK(words_of(kernel_row(24, 20), kAccess) == kAccess);
    CHECK(words_of(kernel_row(36, 12), kAccess) == kAccess);
    CHECK(words_of(kernel_row(48, 10), kAccess) == 2 * kAccess);
    CHECK(words_of(kernel_row(24, 20), 1) == 2 * 3);
    CHECK(words_of(kernel_row(48, 10), 1) == 2 * 5);
}

TEST_CASE("a row of a list takes a word of the pool for some four targets", "[pool_words]") {
    CHECK(words_of(list_row(1), 1) == 2 * 1);
    CHECK(words_of(list_row(9), 1) == 2 * 3);
    CHECK(words_of(list_row(9), kAccess) == kAccess);
    CHECK(words_of(list_row(100), kAccess) % kAccess == 0);
}

TEST_CASE("on chips without a pool a row has the words of the image", "[pool_words]") {
    const isa::Image image = kernel_row(48, 10);
    CHECK(words_of(image, 0) == image.cores[0].synapses.size());
}
