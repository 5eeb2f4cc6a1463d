#include <fmt/core.h>

#include <algorithm>

#include "compiler/partition/fill/limits.hpp"
#include "isa/base/fixed.hpp"
#include "isa/base/json.hpp"
#include "isa/image/bias.hpp"
#include "isa/image/synapse_cost.hpp"
#include "isa/image/weights.hpp"
#include "tools/conform/synapses/cases.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

using Ints = std::vector<std::int64_t>;

Ints ints_at(const Json& object, const char* key, std::int64_t min = kMinWord,
             std::int64_t max = kMaxWord) {
    return wholes(filled_list(object, key), key, min, max);
}

std::int32_t word_at(const Json& object, const char* key, std::int64_t min, std::int64_t max) {
    return static_cast<std::int32_t>(whole_at(object, key, min, max));
}

constexpr std::int64_t kLimit = std::int64_t{1} << 40;

/// Compares f(x[i]) with y[i]; the first difference as text, or empty.
template <class F>
std::string compare(const char* what, const Ints& x, const Ints& y, F f) {
    if (x.size() != y.size())
        return fmt::format("{}: {} inputs, {} results", what, x.size(), y.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::int64_t got = f(i);
        if (got != y[i]) return fmt::format("{}({}) is {}, expected {}", what, x[i], got, y[i]);
    }
    return {};
}

/// What a row of synapse_bits says of a block.
struct BlockParameters {
    isa::SynapseFormat format;
    std::uint32_t synapses = 64;
    bool dense = false;
};
struct BlockColumn {
    std::int64_t max;
    void (*set)(BlockParameters& block, std::uint32_t value);
};
constexpr auto kBlockColumns = std::to_array<std::pair<std::string_view, BlockColumn>>({
    {"weight_bits_code",
     {7,
      [](auto& b, auto value) {
          b.format.weight_bits = isa::weight_bits_of_code(static_cast<std::uint8_t>(value));
      }}},
    {"idx_bits_code",
     {7,
      [](auto& b, auto value) {
          b.format.index_bits = isa::index_bits_of_code(static_cast<std::uint8_t>(value));
      }}},
    {"delay_bits",
     {7, [](auto& b, auto value) { b.format.delay_bits = static_cast<std::uint8_t>(value); }}},
    {"tag_bits",
     {7, [](auto& b, auto value) { b.format.tag_bits = static_cast<std::uint8_t>(value); }}},
    {"n_synapses_field", {1023, [](auto& b, auto value) { b.synapses = value + 1; }}},
    {"compression", {3, [](auto& b, auto value) { b.dense = value != 0; }}},
});

}  // namespace

Outcome run_primitives(const Json& file, const Context&) {
    const Json& decay = member(file, "decay");
    const Ints x = ints_at(decay, "x");
    const Ints d = ints_at(decay, "d", 0, 4096);
    const Ints wrap22 = ints_at(member(file, "wrap22"), "x", -kLimit, kLimit);
    const Ints wrap24 = ints_at(member(file, "wrap24"), "x", -kLimit, kLimit);
    const Ints bias = ints_at(member(file, "bias"), "x");
    require(d.size() == x.size(), "'d' and 'x' of 'decay' differ in length");
    for (const std::string& difference : {
             compare("decay with offset 0", x, ints_at(decay, "dv_result_offset0"),
                     [&](std::size_t i) { return fixed::decay(x[i], d[i]); }),
             compare("decay with offset 1", x, ints_at(decay, "du_result_offset1"),
                     [&](std::size_t i) { return fixed::decay(x[i], d[i] + 1); }),
             compare("wrap22", wrap22, ints_at(file["wrap22"], "y"),
                     [&](std::size_t i) { return fixed::wrap<22>(wrap22[i]); }),
             compare("wrap24", wrap24, ints_at(file["wrap24"], "y"),
                     [&](std::size_t i) { return fixed::wrap<24>(wrap24[i]); }),
             compare("bias mantissa", bias, ints_at(file["bias"], "mant"),
                     [&](std::size_t i) { return isa::split_bias(bias[i]).mantissa; }),
             compare("bias exponent", bias, ints_at(file["bias"], "exp"),
                     [&](std::size_t i) { return isa::split_bias(bias[i]).exponent; }),
         }) {
        if (!difference.empty()) return Outcome::failed(difference);
    }
    return Outcome::passed();
}

Outcome run_weight_table(const Json& file, const Context&) {
    // Where the peers differ, the chip's rule is: floor mixed negatives (lava), clip to 15 bits
    // (brian2_loihi).
    constexpr std::int64_t kLargest = std::int64_t{32767} << 6;
    for (const Json& row : filled_list(file, "rows")) {
        const auto mode = sign_mode_of(member(row, "mode"));
        const int bits = weight_bits_at(row, "nbits");
        const int exponent = word_at(row, "wexp", -8, 7);
        const Ints brian = ints_at(row, "brian");
        const Ints lava = row.value("lava", Json()).is_null() ? brian : ints_at(row, "lava");
        require(lava.size() == brian.size(), "'brian' and 'lava' differ in length");
        for (std::size_t k = 0; k < brian.size(); ++k) {
            const auto w = word_at(row, "w0", -256, 255) +
                           static_cast<std::int32_t>(k) * word_at(row, "wstep", -256, 256);
            const std::int64_t expected = std::clamp(lava.at(k), -kLargest, kLargest);
            const std::int64_t got =
                isa::effective_weight(isa::truncate_mantissa(w, mode, bits), exponent);
            if (got != expected) {
                return Outcome::failed(
                    fmt::format("{} weight {} with {} bits, exponent {}: {}, expected {}",
                                text_of(row, "mode"), w, bits, exponent, got, expected));
            }
        }
    }
    return Outcome::passed();
}

Outcome run_weight_table_nengo(const Json& file, const Context&) {
    for (const Json& row : filled_list(file, "rows")) {
        const int bits = weight_bits_at(row, "nbits");
        const int exponent = word_at(row, "wexp", -8, 7);
        const Ints expected = ints_at(row, "w_eff");
        for (std::size_t k = 0; k < expected.size(); ++k) {
            const auto w = word_at(row, "w0", -256, 255) +
                           static_cast<std::int32_t>(k) * word_at(row, "wstep", -256, 256);
            const std::int64_t got = isa::effective_weight(
                isa::round_mantissa(w, isa::kMixed, bits, exponent), exponent);
            if (got != expected[k]) {
                return Outcome::failed(
                    fmt::format("weight {} with {} bits, exponent {}: {}, expected {}", w, bits,
                                exponent, got, expected[k]));
            }
        }
    }
    return Outcome::passed();
}

Outcome run_synapse_bits(const Json& file, const Context&) {
    const auto columns = filled_list(file, "columns").get<std::vector<std::string>>();
    require(std::any_of(columns.begin(), columns.end(),
                        [](const std::string& column) { return column.starts_with("bits@"); }),
            "no expected outputs");
    for (const Json& row : filled_list(file, "rows")) {
        require(row.is_array() && row.size() == columns.size(),
                "a row has not as many values as there are columns");
        BlockParameters block;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const std::optional<BlockColumn> column = named(kBlockColumns, columns[c]);
            if (!column) continue;
            column->set(block,
                        static_cast<std::uint32_t>(whole(row.at(c), columns[c], 0, column->max)));
        }
        if (block.dense) block.format.index_bits = 0;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (!columns[c].starts_with("bits@")) continue;
            const auto synapses = static_cast<std::uint64_t>(std::stoull(columns[c].substr(5)));
            const std::uint64_t got = isa::synapse_bits(block.format, synapses, block.synapses);
            if (got != static_cast<std::uint64_t>(whole(row.at(c), columns[c], 0, kLimit))) {
                return Outcome::failed(
                    fmt::format("row {}: {} is {}", json_text(row), columns[c], got));
            }
        }
    }
    return Outcome::passed();
}

Outcome run_validator(const Json& file, const Context&) {
    isa::CoreLimits limits;  // the chip file's defaults are Loihi 1's
    for (const Json& row : filled_list(file, "rows")) {
        const auto count = [&row](const char* key) {
            return static_cast<std::uint32_t>(whole_at(row, key, 0, kMaxNeurons));
        };
        const std::uint32_t per_axon = count("synapses_per_axon");
        const isa::SynapseFormat format{.index_bits = isa::index_bits_for(per_axon)};
        isa::CoreAmounts fill;
        fill.compartments = count("compartments");
        fill.input_axons = count("in_axons");
        fill.output_axons = count("out_axons") * (count("pop_type") == 32 ? 2 : 1);
        fill.synapse_bits = fill.input_axons * isa::synapse_bits(format, per_axon);
        const Json& used = row.at("utilization");
        const bool counts_agree = used.at("compartments").at(0) == fill.compartments &&
                                  used.at("in-axons").at(0) == fill.input_axons &&
                                  used.at("out-axons").at(0) == fill.output_axons &&
                                  used.at("synapses").at(0) == fill.synapse_bits;
        const bool accepted = compiler::exceeded(fill, limits).empty();
        if (!counts_agree || accepted != (whole_at(row, "accept", 0, 1) != 0)) {
            return Outcome::failed(fmt::format("{}: {} synapse bits, {}", json_text(row),
                                               fill.synapse_bits,
                                               accepted ? "accepted" : "rejected"));
        }
    }
    return Outcome::passed();
}

}  // namespace seamount::conform
