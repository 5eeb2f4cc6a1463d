#include "compiler/place/traffic/step_time.hpp"

#include <catch2/catch.hpp>

#include "compiler/lower/lower.hpp"
#include "isa/microcode/program.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

/// Two populations of ten on one core each, at the ends of a row of four tiles; each neuron of the
/// first reaches three of the second.
struct TwoCores {
    explicit TwoCores(const isa::ChipSpec& chip) {
        Network network;
        add_population(network, "a", 10);
        add_population(network, "b", 10);
        std::vector<std::vector<RawSynapse>> rows(10);
        for (std::uint32_t i = 0; i < 10; ++i) {
            for (std::uint32_t k = 0; k < 3; ++k) rows[i].push_back({(i + k) % 10, 3.0, 0});
        }
        add_projection(network, {false, 0}, 1, rows);
        Diagnostics found;
        lowered = lower(std::move(network), chip, found);
        mapping.shards = 2;
        mapping.core_of = {CoreId{0}, CoreId{6}};
        for (int i = 0; i < 20; ++i) mapping.shard_of.push_back(ShardId{i < 10 ? 0U : 1U});
    }
    Lowered lowered;
    Mapping mapping;
};

isa::ChipSpec priced_chip() {
    isa::ChipSpec chip = small_chip();
    const auto price = [&chip](isa::Event event, std::uint64_t ps) {
        chip.prices[static_cast<std::size_t>(event)].time = Picoseconds{ps};
    };
    price(isa::Event::kUpdateActive, 1000);
    price(isa::Event::kInstruction, 10);
    price(isa::Event::kSpikeOut, 200);
    price(isa::Event::kAxonOut, 30);
    price(isa::Event::kAxonIn, 4000);
    price(isa::Event::kSynapse, 700);
    price(isa::Event::kSynapseDense, 700);
    price(isa::Event::kHostStep, 5);
    chip.link_occupancy = Picoseconds{900};
    chip.barrier = {isa::BarrierModel::Kind::kWavefront, Picoseconds{100}, Picoseconds{20}, {}};
    return chip;
}

TEST_CASE("the expected time of a step is that of the slowest core or link and of the barrier",
          "[step_time]") {
    isa::ChipSpec chip = priced_chip();
    const TwoCores two{chip};
    const auto expected = [&] {
        return expected_step_time(two.lowered, two.mapping, chip,
                                  count_traffic(two.lowered, two.mapping, chip));
    };
    const auto cycles =
        static_cast<std::uint64_t>(isa::worst_case_cycles(test_program()->words)) * 10 * 10;
    // Ten packets of three synapses arrive, while ten compartments are updated and spike.
    CHECK(expected().core.count() == 10 * 4000 + 30 * 700);
    CHECK(expected().link.count() == 10 * 900);
    CHECK(expected().barrier.count() == 100 + 3 * 20 + 5);
    CHECK(expected().total() == expected().core + expected().barrier);

    SECTION("stages that share a time line add up") {
        chip.core_timing.overlaps.fill(false);
        CHECK(expected().core.count() == 10 * 1000 + cycles + 10 * 200 + 10 * 4000 + 30 * 700);
    }
    SECTION("a slow link is what bounds the step") {
        chip.link_occupancy = Picoseconds{1'000'000};
        CHECK(expected().total().count() == 10'000'000 + 165);
        chip.mesh.header_bits = 2 * chip.mesh.flit_bits;
        CHECK(expected().link.count() == 20'000'000);
        chip.mesh.meshes = 2;
        CHECK(expected().link.count() == 10'000'000);
    }
    SECTION("links between chips have their own occupancy") {
        chip.mesh.chips_x = 2;
        chip.mesh.offchip_occupancy = Picoseconds{50'000};
        CHECK(expected().link.count() == 500'000);
    }
}

}  // namespace
}  // namespace seamount::compiler
