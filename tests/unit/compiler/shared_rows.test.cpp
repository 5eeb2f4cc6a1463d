#include "compiler/ir/rows/shared_rows.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "compiler/codegen/codegen.hpp"
#include "compiler/frontend/rows/topology/convolution_rows.hpp"
#include "compiler/lower/lower.hpp"
#include "compiler/partition/partition.hpp"
#include "compiler/place/place.hpp"
#include "isa/image/synapse_block.hpp"
#include "isa/image/synapse_cost.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

/// Two populations of feature maps and a convolution with random even weights between them.
Network conv_network(const Convolution& geometry, Dice& dice) {
    Network network;
    network.file = "net.yaml";
    add_population(network, "from", geometry.in.size());
    add_population(network, "to", geometry.out.size());
    std::vector<double> weights(geometry.weights());
    for (double& weight : weights) weight = 2 * dice.roll(-100, 100);
    weights[0] = -2;  // the sign mode does not depend on luck
    weights.back() = 2;
    Projection& projection = add_projection(network, {false, 0}, 1, {});
    projection.convolution = std::make_shared<const Convolution>(geometry);
    projection.rows = std::make_shared<const frontend::ConvolutionRows>(projection.convolution,
                                                                        std::move(weights), 0);
    projection.share = true;
    return network;
}

Convolution random_geometry(Dice& dice) {
    const auto pick = [&dice](int low, int high) {
        return static_cast<std::uint32_t>(dice.roll(low, high));
    };
    Convolution g;
    g.groups = pick(1, 2);
    const bool channels_last = dice.roll(0, 1) == 1;
    g.in = {g.groups * pick(1, 3), pick(4, 9), pick(4, 9), channels_last};
    g.kernel = {pick(1, 3), pick(1, 3)};
    g.stride = {pick(1, 3), pick(1, 2)};
    g.padding = {pick(0, 2), pick(0, 1)};
    g.dilation = {pick(1, g.in.height > 6 ? 2 : 1), 1};
    g.out = {g.groups * pick(1, 5), g.extent(0), g.extent(1), dice.roll(0, 1) == 1};
    return g;
}

struct Built {
    Lowered lowered;
    Partition cut;
    isa::Image image;
};

Built built(const Network& network, std::uint32_t compartments, std::uint64_t seed) {
    isa::ChipSpec chip = small_chip();
    chip.width = 16;
    chip.height = 16;
    chip.limits.compartments = compartments;
    Diagnostics found;
    Built result{lower(network, chip, found), {}, {}};
    result.cut = partition(result.lowered, chip, Partitioner::kAuto, seed, found);
    REQUIRE_FALSE(found.has_errors());
    place(result.cut.mapping, chip, Placer::kRowMajor, 1);
    result.image = generate(result.lowered, result.cut.mapping, chip);
    REQUIRE(isa::check_image(result.image).empty());
    return result;
}

/// Without what depends on how synapses are stored.
std::vector<Connection> plain(std::vector<Connection> connections) {
    for (Connection& c : connections) {
        c.format.index_bits = 0;
        c.format.flags &= static_cast<std::uint8_t>(~isa::SynapseFormat::kDense);
    }
    std::sort(connections.begin(), connections.end());
    return connections;
}

std::uint64_t stored_words(const isa::Image& image) {
    std::uint64_t words = 0;
    for (const isa::CoreImage& core : image.cores) words += core.synapses.size();
    return words;
}

/// By the cost formula, each row of a core once.
std::uint64_t stored_bits(const isa::CoreImage& core) {
    std::uint64_t bits = 0;
    for (std::size_t at : std::set<std::uint32_t>(core.rows.begin(), core.rows.end())) {
        for (bool last = false; !last;) {
            const std::uint32_t header = core.synapses.at(at);
            const isa::SynapseFormat& format = core.formats.at(isa::BlockHeader::format(header));
            bits += isa::synapse_bits(format, isa::BlockHeader::count(header));
            last = isa::BlockHeader::last(header);
            at += isa::block_words(format, isa::BlockHeader::count(header));
        }
    }
    return bits;
}

TEST_CASE("a convolution with shared rows has the synapses of the expanded one, however it is cut",
          "[shared_rows]") {
    Dice dice{11};
    std::size_t cores = 0;
    for (int i = 0; i < 40; ++i) {
        const Network network = conv_network(random_geometry(dice), dice);
        const auto compartments = static_cast<std::uint32_t>(dice.roll(9, 60));
        const auto seed = static_cast<std::uint64_t>(dice.roll(1, 3));
        const Built b = built(network, compartments, seed);
        INFO("network " << i);
        REQUIRE(plain(connections_of(b.image)) == plain(connections_of(b.lowered)));
        cores = std::max(cores, b.image.cores.size());
    }
    CHECK(cores > 8);
}

TEST_CASE("the limits count exactly what shared rows take", "[shared_rows]") {
    Dice dice{12};
    for (int i = 0; i < 20; ++i) {
        const Built b = built(conv_network(random_geometry(dice), dice), 40, 2);
        for (const ShardId shard : b.cut.fills.ids()) {
            const CoreFill& fill = b.cut.fills[shard];
            const CoreId id = b.cut.mapping.core_of[shard];
            const auto core = std::find_if(b.image.cores.begin(), b.image.cores.end(),
                                           [id](const isa::CoreImage& c) { return c.core == id; });
            REQUIRE(core != b.image.cores.end());
            REQUIRE(fill.synapse_bits == stored_bits(*core));
            REQUIRE(fill.input_axons == core->input_axons.size());
            REQUIRE(fill.output_axons == core->outputs.size());
            REQUIRE(fill.synapse_formats == core->formats.size());
        }
    }
}

TEST_CASE("a convolution of 24x32x32 to 48x16x16 takes less than 0.2 bytes per synapse",
          "[shared_rows]") {
    Convolution g;
    g.in = {24, 32, 32, false};
    g.out = {48, 16, 16, false};
    g.kernel = {3, 3};
    g.stride = {2, 2};
    g.padding = {1, 1};
    REQUIRE(g.extent(0) == 16);
    Dice dice{13};
    Network network = conv_network(g, dice);
    const Built shared = built(network, 1024, 1);
    const auto synapses = static_cast<double>(shared.lowered.synapse_count());
    std::uint64_t bytes = 0;
    for (const isa::CoreImage& core : shared.image.cores) {
        bytes += 4 * (core.synapses.size() + core.rows.size()) + 8 * core.input_axons.size();
    }
    INFO(bytes << " bytes, " << shared.image.cores.size() << " cores");
    CHECK(static_cast<double>(bytes) / synapses < 0.2);

    network.projections[0].share = false;
    CHECK(static_cast<double>(4 * stored_words(built(network, 1024, 1).image)) / synapses > 4.0);
}

TEST_CASE("sources whose rows differ share nothing and keep an axon each", "[shared_rows]") {
    Network network;
    network.file = "net.yaml";
    add_population(network, "a", 3);
    add_population(network, "b", 4);
    Projection& p = add_projection(network, {false, 0}, 1,
                                   {{{0, 2, 0}, {2, 4, 0}}, {{1, 2, 0}, {3, 4, 0}}, {{0, 8, 0}}});
    p.share = true;
    const Built b = built(network, 16, 1);
    REQUIRE(b.image.cores.size() == 1);
    const isa::CoreImage& core = b.image.cores[0];
    REQUIRE(core.input_axons.size() == 3);
    // The second row is the first one, a compartment further on.
    CHECK(core.rows[core.input_axons[0].first_row] == core.rows[core.input_axons[1].first_row]);
    CHECK(core.input_axons[1].base == core.input_axons[0].base + 1);
    CHECK(core.rows[core.input_axons[2].first_row] != core.rows[core.input_axons[0].first_row]);
    CHECK(plain(connections_of(b.image)) == plain(connections_of(b.lowered)));
}

TEST_CASE("a synapse of every source to each target is stored dense: no index", "[shared_rows]") {
    Network network;
    network.file = "net.yaml";
    add_population(network, "a", 5);
    add_population(network, "b", 40);
    add_population(network, "c", 9);
    Dice dice{14};
    for (const std::uint32_t to : {1U, 2U}) {
        std::vector<std::vector<RawSynapse>> rows(5);
        for (auto& row : rows) {
            for (std::uint32_t t = 0; t < network.populations[to].size; ++t) {
                row.push_back({t, 2.0 * dice.roll(-100, 100), to == 1 ? t % 4 : 0});
            }
        }
        rows[0][0].weight = -2;
        rows[0][1].weight = 2;
        add_projection(network, {false, 0}, to, std::move(rows));
    }
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const Built b = built(network, 17, seed);
        CHECK(b.image.cores.size() > 2);
        CHECK(connections_of(b.image) == connections_of(b.lowered));
        for (const ShardId shard : b.cut.fills.ids()) {
            const CoreFill& fill = b.cut.fills[shard];
            const CoreId id = b.cut.mapping.core_of[shard];
            for (const isa::CoreImage& core : b.image.cores) {
                if (core.core == id) CHECK(fill.synapse_bits == stored_bits(core));
            }
        }
        for (const isa::CoreImage& core : b.image.cores) {
            for (const isa::SynapseFormat& format : core.formats) {
                CHECK((format.flags & isa::SynapseFormat::kDense) != 0);
            }
        }
    }
}

TEST_CASE("the channels of a source have axons of their own", "[shared_rows]") {
    Network network;
    network.file = "net.yaml";
    add_population(network, "a", 2);
    add_population(network, "b", 2);
    add_projection(network, {false, 0}, 1, {{{0, 2, 0}}, {{1, 2, 0}}});
    add_projection(network, {false, 0}, 1, {{{1, 4, 0}}, {}}).channel = 3;
    const Built b = built(network, 16, 1);
    const isa::CoreImage& core = b.image.cores[0];
    REQUIRE(core.outputs.size() == 3);
    CHECK(core.outputs[0].channel == 0);
    CHECK(core.outputs[1].channel == 3);
    CHECK(core.outputs[0].axon != core.outputs[1].axon);
    CHECK(core.outputs[2].channel == 0);
    CHECK(b.cut.fills[ShardId{0}].input_axons == 3);
    CHECK(b.cut.fills[ShardId{0}].output_axons == 3);
    CHECK(connections_of(b.image) == connections_of(b.lowered));
}

}  // namespace
}  // namespace seamount::compiler
