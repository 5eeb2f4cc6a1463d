#include "isa/image/packed_lists.hpp"

#include <catch2/catch.hpp>

namespace seamount::isa {
namespace {

TEST_CASE("the neurons of a tile are a few runs, and the same ones again", "[packed_lists]") {
    std::vector<NeuronId> ids;  // 3 channels of 8 x 16 places, the tile of columns 4 to 7
    for (std::uint32_t y = 0; y < 8; ++y) {
        for (std::uint32_t x = 4; x < 8; ++x) {
            for (std::uint32_t c = 0; c < 3; ++c) ids.emplace_back(c * 128 + y * 16 + x);
        }
    }
    const auto runs = id_runs(ids);
    REQUIRE(runs);
    CHECK(runs->size() <= 8);
    CHECK(ids_of(*runs) == ids);
    CHECK_FALSE(id_runs({NeuronId{5}, NeuronId{1}, NeuronId{9}}));  // longer than the ids
    CHECK_THROWS_AS(ids_of({{0, 1, 0xFFFFFFFFU, 1, 0xFFFFFFFFU}}), std::runtime_error);
}

TEST_CASE("channels of a place share their entries, and a row of places repeats them",
          "[packed_lists]") {
    std::vector<std::uint32_t> first{0};
    std::vector<OutputAxon> outputs;
    for (std::uint16_t place = 0; place < 20; ++place) {
        for (std::uint16_t channel = 0; channel < 24; ++channel) {
            outputs.push_back({CoreId{3}, static_cast<std::uint16_t>(40 + place), channel, 0, 0});
            if (place > 9) outputs.push_back({CoreId{4}, place, channel, 0, 0});
            first.push_back(static_cast<std::uint32_t>(outputs.size()));
        }
    }
    const auto runs = output_runs(first, outputs);
    REQUIRE(runs);
    CHECK(runs->runs.size() <= 3);
    std::vector<std::uint32_t> first_again;
    std::vector<OutputAxon> outputs_again;
    lists_of(*runs, first_again, outputs_again);
    CHECK(first_again == first);
    CHECK(outputs_again == outputs);

    OutputRuns damaged = *runs;
    damaged.axons.pop_back();
    CHECK_THROWS_AS(lists_of(damaged, first_again, outputs_again), std::runtime_error);
    damaged = *runs;
    damaged.runs[0].repeats = 0xFFFFFFFFU;
    CHECK_THROWS_AS(lists_of(damaged, first_again, outputs_again), std::runtime_error);
    damaged = *runs;
    damaged.steps.emplace_back();
    CHECK_THROWS_AS(lists_of(damaged, first_again, outputs_again), std::runtime_error);
}

TEST_CASE("lists without a pattern stay as they are", "[packed_lists]") {
    std::vector<std::uint32_t> first{0};
    std::vector<OutputAxon> outputs;
    for (std::uint16_t i = 0; i < 50; ++i) {
        outputs.push_back({CoreId{i * 7U % 11U}, static_cast<std::uint16_t>(i * i), 0, 0, 0});
        first.push_back(static_cast<std::uint32_t>(outputs.size()));
    }
    CHECK_FALSE(output_runs(first, outputs));
    CHECK_FALSE(output_runs({}, {}));
    CHECK_FALSE(output_runs({0, 5}, outputs));  // no lists: the check of the image says so
}

TEST_CASE("values that repeat are kept once, whatever is left over", "[packed_lists]") {
    std::vector<std::int32_t> values;
    for (int i = 0; i < 50; ++i) values.push_back(i % 12 * 3);
    CHECK(period_of(values) == 12);
    std::vector<std::int32_t> again(values.begin(), values.begin() + 12);
    repeat_to(values.size(), again);
    CHECK(again == values);
    CHECK(period_of({1, 2, 3}) == 3);
    again.clear();
    CHECK_THROWS_AS(repeat_to(7, again), std::runtime_error);
}

TEST_CASE("axons whose rows follow each other are a run", "[packed_lists]") {
    std::vector<InputAxon> axons;
    for (std::uint32_t i = 0; i < 30; ++i) axons.push_back({5 + i, 1, 0});
    axons.push_back({InputAxon::kVisits | 2U, 24, 9});
    const auto runs = axon_runs(axons);
    REQUIRE(runs);
    CHECK(runs->size() == 2);
    CHECK(axons_of(*runs) == axons);
    CHECK_THROWS_AS(axons_of({{InputAxon{}, 1, 0xFFFFFFFFU}}), std::runtime_error);
}

}  // namespace
}  // namespace seamount::isa
