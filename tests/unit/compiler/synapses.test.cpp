#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/lower/lower.hpp"
#include "compiler/lower/synapse_generator.hpp"
#include "isa/image/weights.hpp"
#include "tests/unit/compiler/networks.hpp"

namespace seamount::compiler {
namespace {

using Catch::Contains;

/// One neuron that connects to itself with these weights.
Network with_weights(const std::vector<double>& weights) {
    Network network;
    network.file = "net.yaml";
    add_population(network, "a", 1);
    std::vector<RawSynapse> row;
    for (const double w : weights) row.push_back({0, w, 0});
    add_projection(network, {false, 0}, 0, {row});
    return network;
}

LoweredProjection lowered_projection(const Network& network, Diagnostics& found) {
    return lower(network, small_chip(), found).projections.at(0);
}

TEST_CASE("the sign mode is what the weights need unless the user says so", "[synapses]") {
    Diagnostics found;
    CHECK(lowered_projection(with_weights({0, 3, 255}), found).format.sign_mode ==
          isa::kExcitatory);
    CHECK(lowered_projection(with_weights({0, -3, -255}), found).format.sign_mode ==
          isa::kInhibitory);
    CHECK(lowered_projection(with_weights({1, -3}), found).format.sign_mode == isa::kMixed);
    Network network = with_weights({1, 3});
    network.projections[0].sign_mode = std::uint8_t{isa::kMixed};
    const LoweredProjection mixed = lowered_projection(network, found);
    CHECK(mixed.format.sign_mode == isa::kMixed);
    CHECK(mixed.synapses.weight == std::vector<std::int16_t>{0, 2});
    CHECK(found.all().empty());
}

/// Stands in front of the generator and counts.
class CountingSource final : public SynapseSource {
public:
    std::optional<GeneratedSynapses> synapses(const Network& network, const Projection& projection,
                                              const SynapseBounds& bounds,
                                              Diagnostics& diagnostics) override {
        ++asked;
        auto made = generator_.synapses(network, projection, bounds, diagnostics);
        if (made && projection.name == replaced) made->table.weight.assign(1, 12);
        return made;
    }
    std::string replaced;
    int asked = 0;

private:
    SynapseGenerator generator_;
};

TEST_CASE("synapses come from the source that is handed in, once per projection", "[synapses]") {
    Network network = with_weights({3});
    network.projections[0].name = "first";
    add_projection(network, {false, 0}, 0, {{{0, 7.0, 0}}});
    Diagnostics found;
    CountingSource source;
    source.replaced = "first";
    const Lowered lowered = lower(network, small_chip(), source, found);
    CHECK(source.asked == 2);
    CHECK(lowered.projections[0].synapses.weight == std::vector<std::int16_t>{12});
    CHECK(lowered.projections[1].synapses.weight == std::vector<std::int16_t>{7});
    CHECK(found.all().empty());
}

TEST_CASE("every synapse keeps its target and delay and gets the weight of its format",
          "[synapses]") {
    for (std::uint32_t seed = 100; seed < 120; ++seed) {
        const Network network = random_network(seed);
        Diagnostics found;
        const Lowered lowered = lower(network, small_chip(), found);
        for (std::size_t p = 0; p < network.projections.size(); ++p) {
            const Projection& asked = network.projections[p];
            const LoweredProjection& got = lowered.projections[p];
            const auto mode = static_cast<isa::SignMode>(got.format.sign_mode);
            const auto bits = static_cast<int>(asked.bits);
            std::vector<RawSynapse> row;
            bool fractions = false;
            for (std::uint32_t s = 0; s < network.source_size(asked.from); ++s) {
                asked.rows->row(s, row);
                for (const RawSynapse& synapse : row) {
                    fractions = fractions || synapse.weight != std::floor(synapse.weight);
                }
            }
            const WeightRounding rounding = asked.rounding.value_or(
                fractions ? WeightRounding::kNearest : WeightRounding::kTruncate);
            std::uint64_t e = 0;
            std::uint32_t longest = 0;
            for (std::uint32_t s = 0; s < network.source_size(asked.from); ++s) {
                REQUIRE(got.synapses.first.at(s) == e);
                asked.rows->row(s, row);
                for (const RawSynapse& synapse : row) {
                    const isa::MantissaRange range = isa::mantissa_range(mode);
                    const int nearest = static_cast<int>(std::nearbyint(synapse.weight));
                    const int want =
                        rounding == WeightRounding::kNearest
                            ? isa::round_mantissa(synapse.weight, mode, bits, asked.exponent)
                            : isa::truncate_mantissa(
                                  std::min(range.max, std::max(range.min, nearest)), mode, bits);
                    REQUIRE(got.synapses.target.at(e) == synapse.target);
                    REQUIRE(got.synapses.weight.at(e) == want);
                    const std::uint32_t delay =
                        got.synapses.delay.empty() ? 0 : got.synapses.delay.at(e);
                    REQUIRE(delay == synapse.delay);
                    longest = std::max(longest, synapse.delay);
                    ++e;
                }
            }
            REQUIRE(got.synapses.first.back() == e);
            REQUIRE(got.synapses.target.size() == e);
            REQUIRE((longest >> got.format.delay_bits) == 0);
            REQUIRE((longest == 0) == (got.format.delay_bits == 0));
        }
    }
}

TEST_CASE("lost precision is counted in units of the asked weight", "[synapses]") {
    Network network = with_weights({4, 5, -7, 300, 2.5});
    network.projections[0].exponent = -1;
    network.projections[0].rounding = WeightRounding::kTruncate;
    Diagnostics found;
    const Lowered lowered = lower(network, small_chip(), found);
    // mixed, 8 bits: grid 2, then halved: 4 -> 4, 5 -> 4, -7 -> -8, 300 -> 254, 2.5 -> 2
    CHECK(lowered.projections[0].synapses.weight == std::vector<std::int16_t>{4, 4, -8, 254, 2});
    const QuantisationLoss& loss = lowered.losses.at(0);
    CHECK(loss.projection == "a->a");
    CHECK(loss.synapses == 5);
    CHECK(loss.clipped == 1);
    CHECK(loss.truncated == 3);
    CHECK(loss.max_error == 46.0);
    CHECK(loss.mean_error == Approx((0 + 1 + 1 + 46 + 0.5) / 5));
    CHECK(loss.mean_shift == Approx((0 - 1 - 1 - 46 - 0.5) / 5));
    CHECK(loss.max_asked == 300.0);
    CHECK(loss.mean_asked == Approx((4 + 5 + 7 + 300 + 2.5) / 5));
    CHECK(loss.grid == 2);
    CHECK_FALSE(loss.nearest);
    CHECK_THAT(find_text(found, "CMP-CLIP"),
               Contains("net.yaml:20:5: warning: projection 'a->a': 1 of 5 weights") &&
                   Contains("[-256, 255]") && Contains("largest error 46"));
    CHECK_THAT(find_text(found, "CMP-CLIP"), !Contains("became 0"));
    Network negative = with_weights({-20, -3, 4});
    negative.projections[0].sign_mode = std::uint8_t{isa::kExcitatory};
    Diagnostics clipped;
    (void)lowered_projection(negative, clipped);
    CHECK_THAT(find_text(clipped, "CMP-CLIP"),
               Contains("2 of 3 weights") && Contains("; 2 became 0"));
}

TEST_CASE("weights with fractions go to the nearest, whole ones are truncated as on the chip",
          "[synapses]") {
    const auto stored = [](const std::vector<double>& weights,
                           std::optional<std::uint8_t> sign = {}) {
        Network network = with_weights(weights);
        network.projections[0].sign_mode = sign;
        Diagnostics found;
        const Lowered lowered = lower(network, small_chip(), found);
        CHECK(lowered.losses.at(0).nearest ==
              std::any_of(weights.begin(), weights.end(),
                          [](double w) { return w != std::floor(w); }));
        return lowered.projections[0].synapses.weight;
    };
    using List = std::vector<std::int16_t>;
    CHECK(stored({1, -1, 3, -3}) == List{0, -2, 2, -4});
    CHECK(stored({1.2, -1.2, 3, -3}) == List{2, -2, 4, -4});
    CHECK(stored({1, -1, 3, -3.25}, std::uint8_t{isa::kMixed}) == List{0, 0, 4, -4});
    CHECK(stored({1, 7, 3, 2}, std::uint8_t{isa::kMixed}) == List{0, 6, 2, 2});
    CHECK(stored({1, 1.5, 2.5, 0.4}) == List{1, 2, 2, 0});
}

TEST_CASE("float weights of which next to nothing is left are warned of, with the scale they need",
          "[synapses]") {
    const auto warning = [](const std::vector<double>& weights) {
        Diagnostics found;
        (void)lowered_projection(with_weights(weights), found);
        return find_text(found, "CMP-SCALE");
    };
    CHECK_THAT(warning({0.05, -0.2, 0.1, 0.01}), Contains("4 of 4 weights became 0") &&
                                                     Contains("scale: auto") &&
                                                     Contains("by 1270 and thresholds"));
    CHECK_THAT(warning({0.6, 0.2, 2, 0.1}),
               Contains("2 of 4 weights became 0") && Contains("by 127.5 and"));
    CHECK(warning({1, 1, 2}).empty());
    CHECK(warning({100.2, -30.7, 0.1}).empty());
    CHECK(warning({0, 0}).empty());
}

TEST_CASE("clipped weights are told the range of their rounding and sign", "[synapses]") {
    const auto warning = [](std::vector<double> weights, std::uint32_t bits,
                            WeightRounding rounding) {
        Network network = with_weights(weights);
        network.projections[0].bits = bits;
        network.projections[0].rounding = rounding;
        Diagnostics found;
        (void)lowered_projection(network, found);
        return find_text(found, "CMP-CLIP");
    };
    CHECK_THAT(warning({-1, 300}, 8, WeightRounding::kTruncate), Contains("[-256, 255]"));
    CHECK_THAT(warning({-1, 300}, 8, WeightRounding::kNearest), Contains("[-254, 254]"));
    CHECK_THAT(warning({-1, 300}, 5, WeightRounding::kNearest), Contains("[-240, 240]"));
    CHECK_THAT(warning({1, 300}, 4, WeightRounding::kNearest), Contains("[0, 240]"));
    CHECK_THAT(warning({-1, -300}, 8, WeightRounding::kNearest), Contains("[-255, 0]"));
}

TEST_CASE("a negative exponent that swallows low bits counts as loss", "[synapses]") {
    Network network = with_weights({1, 8});
    network.projections[0].exponent = -3;
    Diagnostics found;
    const Lowered lowered = lower(network, small_chip(), found);
    CHECK(lowered.losses.at(0).truncated == 1);
    CHECK(lowered.losses.at(0).max_error == 1.0);
    CHECK(found.all().empty());
}

TEST_CASE("a weight that is no number is an error that names the connection", "[synapses]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    Diagnostics found;
    (void)lowered_projection(with_weights({1, nan, infinity}), found);
    CHECK_THAT(find_text(found, "CMP-WEIGHT"),
               Contains("the weight from 0 to 0 is not a finite number (2 such weights)"));
}

TEST_CASE("a delay beyond the chip's is an error that names the range", "[synapses]") {
    Network network = with_weights({1});
    network.projections[0].rows = std::make_shared<ListedRows>(
        std::vector<std::vector<RawSynapse>>{{{0, 1.0, 9}, {0, 1.0, 3}}});
    isa::ChipSpec chip = small_chip();
    chip.limits.max_delay = 9;
    Diagnostics found;
    CHECK(lower(network, chip, found).projections[0].format.delay_bits == 4);
    CHECK(found.all().empty());
    chip.limits.max_delay = 8;
    (void)lower(network, chip, found);
    CHECK_THAT(find_text(found, "CMP-DELAY"),
               Contains("has a delay of 9 steps, must be in [0, 8]"));
}

TEST_CASE("a projection that no chip of this size can hold is refused before it fills memory",
          "[synapses]") {
    class Endless final : public RowGenerator {
    public:
        void row(std::uint32_t, std::vector<RawSynapse>& row) const override {
            row.assign(1000, RawSynapse{0, 1.0, 0});
        }
    };
    Network network;
    add_population(network, "a", 4000000);
    add_projection(network, {false, 0}, 0, {});
    network.projections[0].rows = std::make_shared<Endless>();
    isa::ChipSpec chip = small_chip();
    chip.limits.synapse_bits = 1 << 20;
    Diagnostics found;
    (void)lower(network, chip, found);
    CHECK_THAT(find_text(found, "CMP-FIT"),
               Contains("projection 'a->a' does not fit") && Contains("of 4,000,000 sources"));
}

}  // namespace
}  // namespace seamount::compiler
