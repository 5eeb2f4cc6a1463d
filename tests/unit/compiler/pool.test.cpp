// Chips that keep the tables of a core in one pool of words: costs, zero weights, tiles.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "compiler/codegen/codegen.hpp"
#include "compiler/frontend/rows/topology/convolution_rows.hpp"
#include "compiler/ir/pool_use.hpp"
#include "compiler/ir/tile_padding.hpp"
#include "compiler/lower/lower.hpp"
#include "compiler/partition/fill/limits.hpp"
#include "compiler/partition/fill/open_core.hpp"
#include "compiler/partition/partition.hpp"
#include "compiler/place/place.hpp"
#include "isa/image/pool_cost.hpp"
#include "isa/image/synapse_block.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

using isa::pool::kernel_row_words;
using isa::pool::list_row_words;

isa::ChipSpec pool_chip(std::uint32_t compartments) {
    isa::ChipSpec chip = small_chip();
    chip.width = 16;
    chip.height = 16;
    chip.zeros = isa::ZeroWeights::kDropped;
    chip.limits.compartments = compartments;
    chip.limits.pool_words = 20'000;
    return chip;
}

/// Feature maps and a convolution between them, half of whose weights are 0.
Network sparse_conv(const Convolution& geometry, Dice& dice) {
    Network network;
    network.file = "net.yaml";
    add_population(network, "from", geometry.in.size());
    add_population(network, "to", geometry.out.size());
    std::vector<double> weights(geometry.weights());
    for (double& weight : weights) weight = dice.roll(0, 1) * 2 * dice.roll(-10, 10);
    weights[0] = -20;  // sign and width do not depend on luck
    weights.back() = 20;
    Projection& projection = add_projection(network, {false, 0}, 1, {});
    projection.convolution = std::make_shared<const Convolution>(geometry);
    projection.rows = std::make_shared<const frontend::ConvolutionRows>(projection.convolution,
                                                                        std::move(weights), 0);
    projection.share = true;
    return network;
}

Convolution geometry_of(MapShape in, std::uint32_t outputs, std::uint32_t kernel,
                        std::uint32_t stride) {
    Convolution g;
    g.in = in;
    g.kernel = {kernel, kernel};
    g.stride = {stride, stride};
    g.out = {outputs, g.extent(0), g.extent(1), false};
    return g;
}

struct Built {
    Lowered lowered;
    Partition cut;
    isa::Image image;
};

Built built(const Network& network, const isa::ChipSpec& chip,
            Partitioner partitioner = Partitioner::kAuto, std::uint64_t seed = 1) {
    Diagnostics found;
    Built result{lower(network, chip, found), {}, {}};
    result.cut = partition(result.lowered, chip, partitioner, seed, found);
    REQUIRE_FALSE(found.has_errors());
    place(result.cut.mapping, chip, Placer::kRowMajor, 1);
    result.image = generate(result.lowered, result.cut.mapping, chip);
    REQUIRE(isa::check_image(result.image).empty());
    return result;
}

std::vector<Connection> plain(std::vector<Connection> connections) {
    for (Connection& c : connections) {
        c.format.index_bits = 0;
        c.format.flags = 0;
    }
    std::sort(connections.begin(), connections.end());
    return connections;
}

TEST_CASE("rows of a pool have the lengths that the vendor's tables print", "[pool]") {
    // Outputs, largest weight, words: PilotNet LIF, conv1 to conv5.
    const auto bits = [](std::uint32_t largest) {
        return isa::pool::weight_bits(largest, isa::kMixed);
    };
    CHECK(kernel_row_words(24, bits(20)) == 3);
    CHECK(kernel_row_words(36, bits(12)) == 4);
    CHECK(kernel_row_words(48, bits(10)) == 5);
    CHECK(kernel_row_words(64, bits(8)) == 5);
    // Its dense layers, and those of the MNIST net.
    CHECK(list_row_words(9, bits(8)) == 3);
    CHECK(list_row_words(1, bits(8)) == 1);
    CHECK(list_row_words(50, bits(14)) == 13);
    CHECK(list_row_words(10, bits(24)) == 3);
    CHECK(list_row_words(1, bits(42)) == 1);
    CHECK(list_row_words(50, bits(130)) == 16);
    CHECK(list_row_words(64, bits(254)) == 21);
    CHECK(list_row_words(10, bits(254)) == 4);
    CHECK(kernel_row_words(0, 4) == 0);
    CHECK(list_row_words(0, 4) == 0);
}

TEST_CASE("an axon map has two entries for a place whose channels are no power of two", "[pool]") {
    for (const std::uint32_t channels : {24U, 36U, 48U})
        CHECK(isa::pool::map_entries(channels) == 2);
    for (const std::uint32_t channels : {1U, 3U, 16U, 32U, 64U, 128U, 256U}) {
        CHECK(isa::pool::map_entries(channels) == 1);
    }
}

TEST_CASE("weights of 0 are no synapses where the chip drops them, however the network is cut",
          "[pool]") {
    Dice dice{21};
    std::size_t cores = 0;
    for (int i = 0; i < 30; ++i) {
        const auto pick = [&dice](int low, int high) {
            return static_cast<std::uint32_t>(dice.roll(low, high));
        };
        Convolution g;
        g.groups = pick(1, 2);
        g.in = {g.groups * pick(1, 3), pick(4, 9), pick(4, 9), dice.roll(0, 1) == 1};
        g.kernel = {pick(1, 3), pick(1, 3)};
        g.stride = {pick(1, 3), pick(1, 2)};
        g.padding = {pick(0, 2), pick(0, 1)};
        g.out = {g.groups * pick(1, 5), g.extent(0), g.extent(1), dice.roll(0, 1) == 1};
        const Network network = sparse_conv(g, dice);
        const auto by = dice.roll(0, 1) == 1 ? Partitioner::kTiles : Partitioner::kAuto;
        const Built b = built(network, pool_chip(pick(9, 60)), by, pick(1, 3));
        INFO("network " << i);
        const auto held = plain(connections_of(b.image));
        REQUIRE(std::none_of(held.begin(), held.end(),
                             [](const Connection& c) { return c.weight == 0; }));
        REQUIRE(held == plain(connections_of(b.lowered)));
        cores = std::max(cores, b.image.cores.size());
    }
    CHECK(cores > 4);
}

TEST_CASE("a kernel is stored once per core whatever the stride and the border", "[pool]") {
    Dice dice{22};
    const Convolution g = geometry_of({4, 12, 20, false}, 8, 3, 2);
    const Built b = built(sparse_conv(g, dice), pool_chip(240));
    for (const isa::CoreImage& core : b.image.cores) {
        const std::set<std::uint32_t> rows(core.rows.begin(), core.rows.end());
        CHECK(rows.size() <= 4 * 3 * 3 + 1);  // and one of no synapses
    }
}

TEST_CASE("a core that is being filled knows what the finished one takes of its pool", "[pool]") {
    Dice dice{23};
    Network network = sparse_conv(geometry_of({3, 7, 9, false}, 6, 3, 1), dice);
    add_population(network, "dense", 20);
    std::vector<std::vector<RawSynapse>> all(network.populations[1].size);
    for (auto& row : all) {
        for (std::uint32_t t = 0; t < 20; ++t) row.push_back({t, 2.0 * dice.roll(-3, 3), 0});
    }
    add_projection(network, {false, 1}, 2, all);
    std::vector<std::vector<RawSynapse>> some(network.populations[0].size);
    for (auto& row : some) row.push_back({static_cast<std::uint32_t>(dice.roll(0, 19)), 4.0, 0});
    add_projection(network, {false, 0}, 2, some);
    Diagnostics found;
    const isa::ChipSpec chip = pool_chip(0);
    const Lowered lowered = lower(network, chip, found);
    REQUIRE_FALSE(found.has_errors());
    OpenPool pool{lowered};
    Mapping mapping;
    mapping.shards = 2;  // the second holds all that is not on the first
    mapping.shard_of.assign(lowered.neuron_count(), ShardId{1});
    for (int i = 0; i < 60; ++i) {
        const auto p = static_cast<std::uint32_t>(dice.roll(0, 2));
        const LoweredPopulation& population = lowered.populations[p];
        const auto index =
            static_cast<std::uint32_t>(dice.roll(0, static_cast<int>(population.size) - 1));
        ShardId& shard = mapping.shard_of[population.first_neuron + index];
        const OpenPool::Neuron neuron{p, index};
        if (shard == ShardId{0}) {
            pool.remove({&neuron, 1});
            shard = ShardId{1};
        } else {
            pool.add({&neuron, 1});
            shard = ShardId{0};
        }
        const auto use = pool_use(lowered, mapping.shard_of, 2);
        REQUIRE(pool.amounts().input_axons == use[ShardId{0}].input_axons);
        REQUIRE(pool.amounts().synapse_words == use[ShardId{0}].synapse_words);
        REQUIRE(pool.amounts().axon_map == use[ShardId{0}].axon_map);
    }
}

TEST_CASE("the last tile of a map is filled up to the width of the others", "[pool]") {
    Dice dice{24};
    const Convolution g = geometry_of({2, 6, 12, false}, 4, 3, 1);  // to 4 x 4 x 10
    const Network network = sparse_conv(g, dice);
    isa::ChipSpec chip = pool_chip(4 * 4 * 4);  // four columns, as a power of two
    const Built b = built(network, chip, Partitioner::kTiles);
    const auto cuts = tile_paddings(b.lowered, b.cut.mapping.shard_of);
    REQUIRE(cuts[1]);
    CHECK(cuts[1]->tile_width == 4);
    CHECK(cuts[1]->tile_height == 4);
    const auto padding = padding_of_shards(cuts, b.cut.mapping.shards);
    CHECK(padding[cuts[1]->shard_at(0, 9)] == 4 * 4 * 2);
    // A source at the right edge has synapses onto columns 10 and 11: its taps 0 and 1 there.
    const isa::CoreImage& core =
        *std::find_if(b.image.cores.begin(), b.image.cores.end(),
                      [](const isa::CoreImage& c) { return c.padding != 0 && !c.visits.empty(); });
    CHECK(std::any_of(core.visits.begin(), core.visits.end(),
                      [](const isa::RowVisit& v) { return v.padding(); }));
}

TEST_CASE("equal populations share a neuron group", "[pool]") {
    Network network;
    network.file = "net.yaml";
    for (int i = 0; i < 40; ++i) add_population(network, "p" + std::to_string(i), 1);
    for (Population& population : network.populations) population.args["vth"].list = {7};
    isa::ChipSpec chip = small_chip();
    chip.limits.compartments = 64;
    chip.limits.neuron_groups = 2;
    const Built b = built(network, chip);
    CHECK(b.image.cores.size() == 1);
    CHECK(b.cut.fills[ShardId{0}].neuron_groups == 1);
}

TEST_CASE("free neurons use a pinned core where no other is left", "[pool]") {
    Network network;
    network.file = "net.yaml";
    add_population(network, "pinned", 1).pinned.list = {CoreId{0}};
    add_population(network, "free", 1);
    isa::ChipSpec chip = small_chip();
    chip.width = 1;
    chip.height = 1;
    chip.cores_per_tile = 1;
    const Built b = built(network, chip);
    REQUIRE(b.image.cores.size() == 1);
    CHECK(b.image.cores[0].neurons.size() == 2);
}

}  // namespace
}  // namespace seamount::compiler
