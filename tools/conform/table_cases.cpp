#include <fmt/core.h>

#include <algorithm>

#include "compiler/lower/bias.hpp"
#include "compiler/lower/synapse_cost.hpp"
#include "compiler/lower/weights.hpp"
#include "compiler/partition/limits.hpp"
#include "isa/fixed.hpp"
#include "tools/conform/case.hpp"

namespace seamount::conform {
namespace {

using Ints = std::vector<std::int64_t>;

compiler::SignMode mode_of(const std::string& name) {
    if (name == "exc") return compiler::kExcitatory;
    if (name == "inh") return compiler::kInhibitory;
    return compiler::kMixed;
}

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

}  // namespace

Outcome run_primitives(const Json& file, const Context&) {
    const Json& decay = file.at("decay");
    const Ints x = decay.at("x");
    const Ints d = decay.at("d");
    const Ints wrap22 = file.at("wrap22").at("x");
    const Ints wrap24 = file.at("wrap24").at("x");
    const Ints bias = file.at("bias").at("x");
    for (const std::string& difference : {
             compare("decay with offset 0", x, decay.at("dv_result_offset0").get<Ints>(),
                     [&](std::size_t i) { return fixed::decay(x[i], d[i]); }),
             compare("decay with offset 1", x, decay.at("du_result_offset1").get<Ints>(),
                     [&](std::size_t i) { return fixed::decay(x[i], d[i] + 1); }),
             compare("wrap22", wrap22, file.at("wrap22").at("y").get<Ints>(),
                     [&](std::size_t i) { return fixed::wrap<22>(wrap22[i]); }),
             compare("wrap24", wrap24, file.at("wrap24").at("y").get<Ints>(),
                     [&](std::size_t i) { return fixed::wrap<24>(wrap24[i]); }),
             compare("bias mantissa", bias, file.at("bias").at("mant").get<Ints>(),
                     [&](std::size_t i) { return compiler::split_bias(bias[i]).mantissa; }),
             compare("bias exponent", bias, file.at("bias").at("exp").get<Ints>(),
                     [&](std::size_t i) { return compiler::split_bias(bias[i]).exponent; }),
         }) {
        if (!difference.empty()) return Outcome::failed(difference);
    }
    return Outcome::passed();
}

Outcome run_weight_table(const Json& file, const Context&) {
    // Where the peers differ, the chip's rule is: floor mixed negatives (lava), clip to 15 bits
    // (brian2_loihi).
    constexpr std::int64_t kLargest = std::int64_t{32767} << 6;
    for (const Json& row : file.at("rows")) {
        const auto mode = mode_of(row.at("mode"));
        const int bits = row.at("nbits");
        const int exponent = row.at("wexp");
        const Ints brian = row.at("brian");
        const Ints lava = row.at("lava").is_null() ? brian : row.at("lava").get<Ints>();
        for (std::size_t k = 0; k < brian.size(); ++k) {
            const auto w = row.at("w0").get<std::int32_t>() +
                           static_cast<std::int32_t>(k) * row.at("wstep").get<std::int32_t>();
            const std::int64_t expected = std::clamp(lava.at(k), -kLargest, kLargest);
            const std::int64_t got =
                compiler::effective_weight(compiler::truncate_mantissa(w, mode, bits), exponent);
            if (got != expected) {
                return Outcome::failed(fmt::format(
                    "{} weight {} with {} bits, exponent {}: {}, expected {}",
                    row.at("mode").get<std::string>(), w, bits, exponent, got, expected));
            }
        }
    }
    return Outcome::passed();
}

Outcome run_weight_table_nengo(const Json& file, const Context&) {
    for (const Json& row : file.at("rows")) {
        const int bits = row.at("nbits");
        const int exponent = row.at("wexp");
        const Ints expected = row.at("w_eff");
        for (std::size_t k = 0; k < expected.size(); ++k) {
            const auto w = row.at("w0").get<std::int32_t>() +
                           static_cast<std::int32_t>(k) * row.at("wstep").get<std::int32_t>();
            const std::int64_t got = compiler::effective_weight(
                compiler::round_mantissa(w, compiler::kMixed, bits, exponent), exponent);
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
    const std::vector<std::string> columns = file.at("columns");
    for (const Json& row : file.at("rows")) {
        isa::SynapseFormat format;
        std::uint32_t block = 64;
        const auto code = [&row](std::size_t c) { return row.at(c).get<std::uint8_t>(); };
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (columns[c] == "weight_bits_code") {
                format.weight_bits = compiler::weight_bits_of_code(code(c));
            } else if (columns[c] == "idx_bits_code") {
                format.index_bits = compiler::index_bits_of_code(code(c));
            } else if (columns[c] == "delay_bits") {
                format.delay_bits = code(c);
            } else if (columns[c] == "tag_bits") {
                format.tag_bits = code(c);
            } else if (columns[c] == "n_synapses_field") {
                block = row.at(c).get<std::uint32_t>() + 1;
            }
        }
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (columns[c] == "compression" && row.at(c) != 0) format.index_bits = 0;  // dense
        }
        for (std::size_t c = 0; c < columns.size(); ++c) {
            if (!columns[c].starts_with("bits@")) continue;
            const auto synapses = static_cast<std::uint64_t>(std::stoull(columns[c].substr(5)));
            const std::uint64_t got = compiler::synapse_bits(format, synapses, block);
            if (got != row.at(c).get<std::uint64_t>()) {
                return Outcome::failed(
                    fmt::format("row {}: {} is {}", row.dump(), columns[c], got));
            }
        }
    }
    return Outcome::passed();
}

Outcome run_validator(const Json& file, const Context&) {
    isa::CoreLimits limits;  // the chip file's defaults are Loihi 1's
    for (const Json& row : file.at("rows")) {
        const std::uint32_t per_axon = row.at("synapses_per_axon");
        const isa::SynapseFormat format{.index_bits = compiler::index_bits_for(per_axon)};
        compiler::CoreFill fill;
        fill.compartments = row.at("compartments");
        fill.input_axons = row.at("in_axons");
        fill.output_axons =
            row.at("out_axons").get<std::uint32_t>() * (row.at("pop_type") == 32 ? 2 : 1);
        fill.synapse_bits = fill.input_axons * compiler::synapse_bits(format, per_axon);
        const Json& used = row.at("utilization");
        const bool counts_agree = used.at("compartments").at(0) == fill.compartments &&
                                  used.at("in-axons").at(0) == fill.input_axons &&
                                  used.at("out-axons").at(0) == fill.output_axons &&
                                  used.at("synapses").at(0) == fill.synapse_bits;
        const bool accepted = compiler::exceeded(fill, limits).empty();
        if (!counts_agree || accepted != row.at("accept").get<bool>()) {
            return Outcome::failed(fmt::format("{}: {} synapse bits, {}", row.dump(),
                                               fill.synapse_bits,
                                               accepted ? "accepted" : "rejected"));
        }
    }
    return Outcome::passed();
}

}  // namespace seamount::conform
