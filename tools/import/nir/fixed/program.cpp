#include "tools/import/nir/fixed/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seamount::importer::nir {
namespace {

constexpr double kCoarse = 4096;
constexpr double kFine = 1 << 20U;
constexpr double kGoodDecay = 0.005;  ///< relative error beyond which fine decays are taken
constexpr double kSplitDecay = 1e-4;  ///< the same where weights are as fine
constexpr double kLavaDecay = 4095;   ///< what lava's converter multiplies decays by
constexpr double kLavaThreshold = 131071;
constexpr double kBiasMantissa = 4095;
constexpr double kNarrow = (1 << 23U) - 1;
constexpr double kWide = (1 << 30U) - 1;
constexpr double kMiddle = (1 << 29U) - 1;
constexpr double kExponentBias = kBiasMantissa * 128;

constexpr Program kLif{"lif", 64, kCoarse, true, kNarrow, 131071, kExponentBias, false, true};
constexpr Program kSoft{"soft_reset_lif", 64,    kCoarse, true, kNarrow, 131071,
                        kExponentBias,    false, true};
constexpr Program kCuba{"loihi1_cuba", 64,    kCoarse, true, kNarrow, 131071,
                        kExponentBias, false, true};
constexpr Program kLifFine{"lif_fine", 64, kFine, true, kMiddle, 8388607, kNarrow, true, false};
constexpr Program kIf{"if", 64, 0, false, kNarrow, 131071, kExponentBias, false, true};
constexpr Program kIfFine{"if_fine", 1, 0, false, kWide, kWide, kNarrow, true, false};
constexpr Program kLi{"li", 64, kCoarse, false, kNarrow, 131071, kExponentBias, false, true};
constexpr Program kCubaLi{"cuba_li", 64, kFine, true, kNarrow, 131071, kNarrow, false, false};

bool all_equal(const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(),
                       [&](double value) { return value == values.front(); });
}

bool all_are(const std::vector<double>& values, double wanted) {
    return all_equal(values) && values.front() == wanted;
}

bool rounds_well(const std::vector<double>& decays, double error) {
    return all_equal(decays) && std::abs(std::round(decays.front() * kCoarse) / kCoarse -
                                         decays.front()) <= error * decays.front();
}

std::vector<double> rounded(const std::vector<double>& values, double unit, bool truncate) {
    std::vector<double> result;
    for (const double value : values) {
        result.push_back(truncate ? std::trunc(value * unit) : std::round(value * unit));
    }
    return result;
}

std::vector<double> divided(std::vector<double> values, double unit) {
    for (double& value : values) value /= unit;
    return values;
}

/// `inhibited`: some weight is below 0.
const Program& program_for(const Population& p, bool inhibited, const NirOptions& options) {
    const bool lava = options.like == NirLike::kLava;
    const double error = options.split_weights ? kSplitDecay : kGoodDecay;
    const bool alike = all_equal(p.u_decay) && all_equal(p.v_decay) && all_equal(p.threshold);
    const bool coarse =
        alike && (lava || (rounds_well(p.u_decay, error) && rounds_well(p.v_decay, error)));
    if (p.output != Output::kSpikes) return coarse && all_are(p.u_decay, 1) ? kLi : kCubaLi;
    // Nothing bounds how far inhibition takes a voltage that does not leak; and under a scale that
    // is given, a unit of 64 may be too coarse for weights and thresholds.
    if (p.kind == Kind::kIF) {
        return coarse && (lava || (!inhibited && !options.scale)) ? kIf : kIfFine;
    }
    if (!coarse) return kLifFine;
    if (p.subtracts) return kSoft;
    return lava && p.kind != Kind::kThreshold ? kCuba : kLif;
}

/// What u and v have to start with `level` steps early, so that they are `u` and `v` after them
/// without input. False if the neuron would spike on the way, or the values do not fit.
bool step_back(double& u, double& v, double bias, double u_keep, double v_keep, std::uint32_t level,
               double threshold, double largest) {
    std::vector<double> us{u};
    for (std::uint32_t i = 0; i < level; ++i) {
        us.push_back(us.back() == 0 ? 0 : us.back() / u_keep);
        if (!(std::abs(us.back()) <= largest)) return false;
    }
    double early = v;
    for (std::uint32_t i = 0; i < level; ++i) {
        if (i > 0 && early > threshold) return false;
        early = v_keep == 0 ? 0 : (early - bias - us[i]) / v_keep;
        if (!(std::abs(early) <= largest)) return false;
        if (v_keep == 0 && bias + us[i] != v) return false;
    }
    u = us.back();
    v = early;
    return true;
}

/// Splits biases into mantissas and a common exponent.
void add_bias(const std::vector<double>& bias, FixedPopulation& fixed) {
    double largest = 0;
    for (const double b : bias) largest = std::max(largest, std::abs(b));
    if (largest == 0) return;
    if (!fixed.program->has_bias_exponent) {
        fixed.arguments.push_back({"bias", bias});
        return;
    }
    int exponent = 0;
    while (std::round(std::ldexp(largest, -exponent)) > kBiasMantissa) ++exponent;
    std::vector<double> mantissas;
    for (const double b : bias) mantissas.push_back(std::round(std::ldexp(b, -exponent)));
    fixed.arguments.push_back({"bias", std::move(mantissas)});
    if (exponent != 0) fixed.arguments.push_back({"bias_exp", {double(exponent)}});
}

}  // namespace

FixedPopulation choose_program(const Hdf5File& file, const Population& p, bool inhibited,
                               const NirOptions& options, Diagnostics& found) {
    FixedPopulation fixed;
    const bool lava = options.like == NirLike::kLava;
    fixed.program = &program_for(p, inhibited, options);
    const double unit = fixed.program->decay_unit;
    fixed.threshold = p.threshold;
    fixed.scale.assign(p.size(), 1.0);
    if (unit == 0) {  // no decays, or all at once
        fixed.u_decay = p.u_decay;
        fixed.v_decay = p.v_decay;
        if (p.subtracts) fixed.arguments = {{"soft_reset", {1}}};
        return fixed;
    }
    std::vector<double> du = rounded(p.u_decay, unit, false);
    std::vector<double> dv = rounded(p.v_decay, unit, false);
    if (lava && unit == kCoarse && p.kind != Kind::kThreshold && p.kind != Kind::kOutput) {
        du = rounded(p.u_decay, kLavaDecay, true);
        for (double& d : du) d += 1;  // lava's du is one less than what decays
        dv = rounded(p.v_decay, kLavaDecay, true);
    }
    fixed.u_decay = divided(du, unit);
    fixed.v_decay = divided(dv, unit);
    const auto vanishes = [&](const std::vector<double>& wanted, const std::vector<double>& got) {
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (wanted[i] > 0 && got[i] == 0) return i + 1;
        }
        return std::size_t{0};
    };
    for (const auto* const pair : {&p.u_decay, &p.v_decay}) {
        const std::size_t one = vanishes(*pair, pair == &p.u_decay ? fixed.u_decay : fixed.v_decay);
        if (one == 0) continue;
        found.error("IMP-VALUE", file.at(p.object),
                    fmt::format("'{}': {:.3g} of a value decays per step (neuron {}), which "
                                "rounds to 0 of {:.0f}",
                                p.node, (*pair)[one - 1], one - 1, unit),
                    "use a larger --dt");
    }
    if (fixed.program == &kCuba) {
        fixed.arguments = {{"decay_u", du}, {"decay_v", dv}};
    } else if (fixed.program == &kLi) {
        fixed.arguments = {{"dv", dv}};
    } else {
        if (unit == kCoarse) {
            for (double& d : du) d -= 1;
        }
        fixed.arguments = {{"du", du}, {"dv", dv}};
    }
    if (fixed.program == &kLifFine && p.subtracts) fixed.arguments.push_back({"soft_reset", {1}});
    if (p.output == Output::kValues) fixed.arguments.push_back({"readout", {1}});
    return fixed;
}

void set_scaled_arguments(const Hdf5File& file, const Population& p, const NirOptions& options,
                          FixedPopulation& fixed, Diagnostics& found,
                          std::vector<std::string>& notes) {
    const bool lava = options.like == NirLike::kLava;
    const std::vector<double>& scale = fixed.scale;
    const Program& program = *fixed.program;
    const auto error = [&](std::string message, std::string hint) {
        found.error("IMP-VALUE", file.at(p.object), std::move(message), std::move(hint));
    };
    std::vector<double> vth;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const double exact = p.threshold[i] * scale[i] / program.unit;
        // lava has 17 bits for 1.0, and drops 9 of them.
        vth.push_back(lava ? std::floor(std::trunc(p.threshold[i] * kLavaThreshold) / 512)
                           : std::round(exact));
        if (vth.back() <= program.largest_threshold && (vth.back() >= 1 || exact == 0)) continue;
        error(fmt::format("the threshold {:.6g} of '{}' becomes {:.6g}, must be in [1, {:.0f}]",
                          p.threshold[i], p.node, vth.back(), program.largest_threshold),
              "choose another --scale, or --scale auto");
        return;
    }
    for (std::size_t i = 0; i < p.size(); ++i)
        fixed.threshold[i] = vth[i] * program.unit / scale[i];
    if (p.output == Output::kSpikes) fixed.arguments.push_back({"vth", vth});

    std::vector<double> bias(p.size());
    std::vector<double> u(p.size());
    std::vector<double> v(p.size());
    bool late = false;
    for (std::size_t i = 0; i < p.size(); ++i) {
        // A smaller or larger decay than wanted needs a smaller or larger drive.
        const double v_ratio = lava || p.v_decay[i] == 0 ? 1 : fixed.v_decay[i] / p.v_decay[i];
        // A steady drive of u: u counts from where it will settle.
        const double settled = p.steady_u[i] == 0 ? 0 : p.steady_u[i] / p.u_decay[i];
        const double drive = (p.bias[i] + settled) * v_ratio;
        double u_start = -settled * v_ratio;
        double v_start = p.v_start[i];
        if (!lava && (drive != 0 || v_start != 0) &&
            !step_back(
                u_start, v_start, drive, 1 - fixed.u_decay[i], 1 - fixed.v_decay[i], p.level,
                p.output == Output::kSpikes ? fixed.threshold[i] : program.largest_state / scale[i],
                program.largest_state / scale[i])) {
            late = true;
            u_start = -settled * v_ratio;
            v_start = p.v_start[i];
        }
        bias[i] = lava ? std::trunc(drive * scale[i]) : std::round(drive * scale[i]);
        u[i] = lava ? 0 : std::round(u_start * scale[i]);
        v[i] = lava ? 0 : std::round(v_start * scale[i]);
    }
    if (late) {
        notes.push_back(fmt::format(
            "{}: its bias acts from step 0 on, {} steps before the first input can reach it",
            p.node, p.level));
    }
    const auto largest = [](const std::vector<double>& values) {
        double result = 0;
        for (const double value : values) result = std::max(result, std::abs(value));
        return result;
    };
    if (largest(bias) > program.largest_bias ||
        std::max(largest(u), largest(v)) > program.largest_state) {
        error(fmt::format("a bias of '{}' is {:.6g} units of v, must be at most {:.0f}", p.node,
                          largest(bias), program.largest_bias),
              "choose another --scale, or a smaller bias or v_leak");
        return;
    }
    add_bias(bias, fixed);
    if (&program != &kCuba && program.has_current && largest(u) > 0)
        fixed.arguments.push_back({"u", u});
    if (&program != &kCuba && largest(v) > 0) fixed.arguments.push_back({"v", v});
    if (fixed.payload_shift != 6 && p.output == Output::kValues) {
        fixed.arguments.push_back({"readout_exp", {double(fixed.payload_shift)}});
    }
}

}  // namespace seamount::importer::nir
