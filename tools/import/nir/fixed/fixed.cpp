#include "tools/import/nir/fixed/fixed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tools/import/nir/fixed/program.hpp"
#include "tools/import/nir/fixed/row_scales.hpp"

namespace seamount::importer::nir {
namespace {

constexpr double kLavaScale = 256 * 64;  ///< lava's converter multiplies weights by 256
constexpr double kHeadroom = 2;          ///< of ranges over what a run on noise reached
constexpr int kCandidates = 64;          ///< of scales, in an octave
constexpr double kLeastThreshold = 4;    ///< mantissa below which no scale is good enough
constexpr double kSplitBits = 128;       ///< what a second mantissa can resolve
constexpr int kLeastExponent = -8;       ///< of payloads, which are large
constexpr double kFineBias = 512;        ///< units of v: rounded by 0.1 %
constexpr double kFineState = 4096;  ///< units of v that should decay from the threshold in a step
constexpr int kMostShift = 23;

class Scaler {
public:
    Scaler(const Hdf5File& file, const Model& model, const std::vector<Activity>& activity,
           const NirOptions& options, Diagnostics& found)
        : file_{file}, model_{model}, activity_{activity}, options_{options}, found_{found} {}

    [[nodiscard]] Fixed run();

private:
    [[nodiscard]] bool is_lava() const { return options_.like == NirLike::kLava; }
    [[nodiscard]] bool is_graded(const Link& link) const {
        return !link.from_input && model_.populations[link.from].output != Output::kSpikes;
    }
    /// What the weights of a link are multiplied by because decays are rounded.
    void correct(std::size_t link);
    void choose_scale(std::size_t population);
    /// The value that a threshold mantissa stands for: the threshold, or else what v reaches.
    [[nodiscard]] double reference_value(std::size_t population) const;
    [[nodiscard]] double largest_mantissa(std::size_t population, double reference) const;
    void choose_row_scales(std::size_t population, double most);
    [[nodiscard]] double most_of(std::size_t population, double reference) const;
    void choose_shifts();
    void store_links();
    [[nodiscard]] Rounding rounding_of(const Link& link) const {
        return {options_.split_weights, is_lava(), is_graded(link) ? kLeastExponent : 0};
    }

    const Hdf5File& file_;
    const Model& model_;
    const std::vector<Activity>& activity_;
    const NirOptions& options_;
    Diagnostics& found_;
    Fixed fixed_;
    std::vector<LinearMap> maps_;  ///< of the links, corrected
};

double largest_weight(const LinearMap& map) {
    double largest = 0;
    visit_weights(map, [&](double w) { largest = std::max(largest, std::abs(w)); });
    return largest;
}

/// What drives a neuron in each step without input.
double drive_of(const Population& p, std::size_t neuron) {
    const double settled = p.steady_u[neuron] == 0 ? 0 : p.steady_u[neuron] / p.u_decay[neuron];
    return std::abs(p.bias[neuron]) + std::abs(settled);
}

void Scaler::correct(std::size_t l) {
    const Link& link = model_.links[l];
    maps_.push_back(link.map);
    if (is_lava()) return;
    const Population& p = model_.populations[link.to];
    const FixedPopulation& fixed = fixed_.populations[link.to];
    std::vector<double> ratio(p.size(), 1.0);
    bool alike = true;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (p.v_decay[i] > 0) ratio[i] *= fixed.v_decay[i] / p.v_decay[i];
        ratio[i] *= fixed.u_decay[i] / p.u_decay[i];
        alike = alike && ratio[i] == ratio[0];
    }
    if (alike) {
        visit_weights(maps_.back(), [&](double& w) { w *= ratio[0]; });
    } else if (!std::holds_alternative<Convolved>(link.map.form)) {
        maps_.back() = compose(link.map, factors(p.size(), std::move(ratio)));
    }
}

double Scaler::reference_value(std::size_t index) const {
    const Population& p = model_.populations[index];
    double value = 0;
    if (p.output == Output::kSpikes) {
        value = *std::max_element(p.threshold.begin(), p.threshold.end());
    }
    if (value == 0) value = std::max(activity_[index].v, activity_[index].u);
    for (std::size_t l = 0; value == 0 && l < maps_.size(); ++l) {
        if (model_.links[l].to == index) value = largest_weight(maps_[l]);
    }
    return value == 0 ? 1 : value;
}

/// The largest mantissa of the reference value that ranges allow.
double Scaler::most_of(std::size_t index, double reference) const {
    const Population& p = model_.populations[index];
    const Program& program = *fixed_.populations[index].program;
    const double reached = std::max({activity_[index].v, activity_[index].u, reference});
    double most = std::min(program.largest_threshold, program.largest_state / program.unit *
                                                          reference / (kHeadroom * reached));
    for (std::size_t l = 0; l < maps_.size(); ++l) {
        if (model_.links[l].to != index || is_graded(model_.links[l])) continue;
        const double weight = largest_weight(maps_[l]);
        if (weight == 0) continue;
        most = std::min(most, std::ldexp(kLargestMantissa, kLargestExponent) * reference / weight);
    }
    for (std::size_t i = 0; i < p.size(); ++i) {
        const double drive = drive_of(p, i);
        if (drive == 0) continue;
        most = std::min(most, program.largest_bias / program.unit * reference / drive);
    }
    return most;
}

/// The largest mantissa of the reference value that resolution asks for, within ranges.
double Scaler::largest_mantissa(std::size_t index, double reference) const {
    const Population& p = model_.populations[index];
    const FixedPopulation& fixed = fixed_.populations[index];
    double goal = kLargestMantissa;
    bool has_payloads = p.output == Output::kValues;
    for (std::size_t l = 0; l < maps_.size(); ++l) {
        if (model_.links[l].to != index) continue;
        has_payloads = has_payloads || is_graded(model_.links[l]);
        const double weight = largest_weight(maps_[l]);
        if (weight == 0) continue;
        goal = std::max(goal, kLargestMantissa * reference / weight *
                                  (options_.split_weights ? kSplitBits : 1));
    }
    for (std::size_t i = 0; i < p.size(); ++i) {
        for (const double decay : {fixed.u_decay[i], fixed.v_decay[i]}) {
            if (decay > 0 && decay < 1) {
                goal = std::max(goal, kFineState / decay / fixed.program->unit);
            }
        }
        const double drive = drive_of(p, i);
        if (drive > 0) goal = std::max(goal, reference / drive * kFineBias / fixed.program->unit);
    }
    const double most = most_of(index, reference);
    return std::floor(has_payloads ? most : std::min(most, goal));
}

void Scaler::choose_scale(std::size_t index) {
    FixedPopulation& fixed = fixed_.populations[index];
    if (is_lava() || options_.scale) {
        fixed.scale.assign(fixed.scale.size(), options_.scale.value_or(kLavaScale));
        return;
    }
    const Population& p = model_.populations[index];
    const double reference = reference_value(index);
    const double top = largest_mantissa(index, reference);
    if (top < kLeastThreshold) {
        const double bits =
            std::log2(fixed.program->largest_state / std::max(top, 0.1) * kLeastThreshold);
        found_.error("IMP-VALUE", file_.at(p.object),
                     fmt::format("no scale fits '{}': its threshold is {:.4g}, v reaches {:.4g} on "
                                 "random input, which needs {:.0f} bits; a voltage has 24",
                                 p.node, reference, activity_[index].v, std::ceil(bits)),
                     "lower the weights or biases against the threshold, or give --scale");
        return;
    }
    double best = std::numeric_limits<double>::infinity();
    double last = 0;
    for (int k = 0; k < kCandidates; ++k) {
        const double mantissa = std::floor(top * std::exp2(-double(k) / kCandidates));
        if (mantissa == last) continue;
        last = mantissa;
        const double scale = mantissa * fixed.program->unit / reference;
        double error = 0;
        for (std::size_t l = 0; l < maps_.size(); ++l) {
            const Link& link = model_.links[l];
            if (link.to != index || is_graded(link)) continue;
            error += storing_error(maps_[l], scale / fixed.program->unit, rounding_of(link));
        }
        if (error >= best) continue;
        best = error;
        fixed.scale.assign(fixed.scale.size(), scale);
    }
    if (best > 0 && fixed.program->has_own_threshold && !options_.split_weights) {
        choose_row_scales(index, most_of(index, reference) * fixed.program->unit / reference);
    }
}

/// Each neuron its own scale, where the program has a threshold for each.
void Scaler::choose_row_scales(std::size_t index, double most) {
    std::vector<const LinearMap*> maps;
    for (std::size_t l = 0; l < maps_.size(); ++l) {
        if (model_.links[l].to != index) continue;
        if (is_graded(model_.links[l])) return;
        maps.push_back(&maps_[l]);
    }
    FixedPopulation& fixed = fixed_.populations[index];
    fixed.scale =
        row_scales(model_.populations[index], maps, fixed.scale.front(), most, fixed.program->unit);
}

/// Payloads of a value are v >> shift: as fine as the weights behind them can make use of.
void Scaler::choose_shifts() {
    for (std::size_t l = 0; l < maps_.size(); ++l) {
        const Link& link = model_.links[l];
        if (!is_graded(link)) continue;
        FixedPopulation& source = fixed_.populations[link.from];
        const FixedPopulation& target = fixed_.populations[link.to];
        const double weight = largest_weight(maps_[l]) * target.scale.front() /
                              target.program->unit / source.scale.front();
        if (weight == 0) continue;
        const int shift = static_cast<int>(
            std::clamp(std::ceil(-std::log2(weight)) - 1, 0.0, double(kMostShift)));
        source.payload_shift = std::max(source.payload_shift, shift);
    }
}

void Scaler::store_links() {
    for (std::size_t l = 0; l < maps_.size(); ++l) {
        const Link& link = model_.links[l];
        const Population& target = model_.populations[link.to];
        const FixedPopulation& fixed = fixed_.populations[link.to];
        double scale = 1 / fixed.program->unit;
        if (is_graded(link)) {
            const FixedPopulation& source = fixed_.populations[link.from];
            scale *= std::ldexp(1.0, source.payload_shift) / source.scale.front();
        }
        const std::vector<double> rates =
            link.from_input ? std::vector<double>{} : activity_[link.from].rates;
        fixed_.links.push_back(store(compose(maps_[l], factors(target.size(), fixed.scale)), scale,
                                     rounding_of(link), rates));
        const double most = std::ldexp(kLargestMantissa, kLargestExponent);
        if (fixed_.links.back().largest > most * 1.01) {
            found_.error("IMP-VALUE", file_.at(target.object),
                         fmt::format("a weight that leads to '{}' becomes {:.6g}, must be at most "
                                     "{:.0f}",
                                     target.node, fixed_.links.back().largest, most),
                         "choose a smaller --scale, or --scale auto");
        }
    }
}

Fixed Scaler::run() {
    std::vector<bool> inhibited(model_.populations.size());
    for (const Link& link : model_.links) {
        visit_weights(link.map, [&](double w) {
            if (w < 0) inhibited[link.to] = true;
        });
    }
    for (std::size_t i = 0; i < inhibited.size(); ++i) {
        fixed_.populations.push_back(
            choose_program(file_, model_.populations[i], inhibited[i], options_, found_));
    }
    if (found_.has_errors()) return {};
    for (std::size_t l = 0; l < model_.links.size(); ++l) correct(l);
    for (std::size_t i = 0; i < model_.populations.size(); ++i) choose_scale(i);
    if (found_.has_errors()) return {};
    choose_shifts();
    store_links();
    for (std::size_t i = 0; i < model_.populations.size(); ++i) {
        set_scaled_arguments(file_, model_.populations[i], options_, fixed_.populations[i], found_,
                             fixed_.notes);
    }
    return std::move(fixed_);
}

}  // namespace

Fixed to_integers(const Hdf5File& file, const Model& model, const std::vector<Activity>& activity,
                  const NirOptions& options, Diagnostics& found) {
    return Scaler{file, model, activity, options, found}.run();
}

}  // namespace seamount::importer::nir
