#include "compiler/frontend/projections/auto_scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "isa/image/weights.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::int32_t kLargestExponent = 7;
constexpr double kOfNoWeights = 1024.0;  ///< where all weights are 0
constexpr double kSlack = 1e-12;         ///< relative: rounding of our own arithmetic
constexpr double kEndless = std::numeric_limits<double>::infinity();
/// A threshold of fewer mantissas is not made a whole number at the cost of the scale.
constexpr double kLeastWhole = 8.0;

/// Rows with all weights multiplied.
class ScaledRows final : public RowGenerator {
public:
    ScaledRows(std::shared_ptr<const RowGenerator> rows, double factor)
        : rows_{std::move(rows)}, factor_{factor} {}
    void row(std::uint32_t source, std::vector<RawSynapse>& row) const override {
        rows_->row(source, row);
        for (RawSynapse& synapse : row) synapse.weight *= factor_;
    }

private:
    std::shared_ptr<const RowGenerator> rows_;
    double factor_;
};

/// What the weights of one projection are, as given.
struct Weights {
    double largest = 0.0;   ///< magnitude, of a sign that the projection stores
    double mantissa = 0.0;  ///< the largest that is stored of that sign
    bool fixed = false;     ///< it has an exponent of its own

    /// The scale with which the largest weight is the largest mantissa, under an exponent.
    [[nodiscard]] double full(std::int32_t exponent) const {
        return largest == 0.0 ? kEndless : std::ldexp(mantissa, exponent) / largest;
    }
};

/// Sums of the weights onto each target, by sign: what arrives if all sources spike in one step.
class Sums {
public:
    /// Without `adds` a target gets one of them at a time: the largest counts.
    Sums(std::uint32_t targets, bool adds) : up_(targets), down_(targets), adds_{adds} {}
    void add(const RawSynapse& synapse) {
        double& sum = (synapse.weight > 0.0 ? up_ : down_)[synapse.target];
        if (adds_) {
            sum += synapse.weight;
        } else if (std::abs(synapse.weight) > std::abs(sum)) {
            sum = synapse.weight;
        }
    }
    /// The largest scale with which all sums are within the range.
    [[nodiscard]] double largest_scale(const isa::Range& range) const {
        const double up = *std::max_element(up_.begin(), up_.end());
        const double down = *std::min_element(down_.begin(), down_.end());
        return std::min(up > 0.0 ? static_cast<double>(range.max) / up : kEndless,
                        down < 0.0 ? static_cast<double>(range.min) / down : kEndless);
    }

private:
    std::vector<double> up_;
    std::vector<double> down_;
    bool adds_;
};

/// Scales one population.
class Scaler {
public:
    Scaler(Context& context, std::uint32_t index)
        : context_{context},
          index_{index},
          population_{context.network.populations[index]},
          arguments_{context.scaled_arguments[index]} {
        for (std::size_t p = 0; p < context.network.projections.size(); ++p) {
            if (projection(p).to == index_) projections_.push_back(p);
        }
    }

    void run() {
        if (!can_be_scaled()) return;
        measure();
        const double scale = chosen();
        ChosenScale report{population_.name, scale, {}, {}};
        put_weights(scale, report);
        for (const auto& [name, values] : arguments_) {
            put_argument(*population_.program->find_arg(name), values, scale, report);
        }
        context_.network.scales.push_back(std::move(report));
    }

private:
    [[nodiscard]] Projection& projection(std::size_t index) const {
        return context_.network.projections[index];
    }

    bool can_be_scaled() {
        const isa::Program& program = *population_.program;
        bool good = true;
        if (std::none_of(program.args.begin(), program.args.end(),
                         [](const isa::ArgDecl& arg) { return arg.scale.has_value(); })) {
            error(population_.where,
                  fmt::format("neuron '{}' of population '{}' does not say which of its arguments "
                              "count in weights",
                              program.name, population_.name),
                  "give a number as 'scale', or declare '.scaled' in its program");
            good = false;
        }
        const std::vector<Population>& all = context_.network.populations;
        if (population_.parent || std::any_of(all.begin(), all.end(), [&](const Population& other) {
                return other.parent == index_;
            })) {
            error(population_.where,
                  fmt::format("population '{}' is a compartment: what is pushed between it and the "
                              "others of its cell has no scale of its own",
                              population_.name),
                  "give numbers as 'scale' of the projections to a cell");
            good = false;
        }
        for (const std::size_t p : projections_) {
            if (context_.auto_projections.contains(p)) continue;
            error(projection(p).where,
                  fmt::format("projection '{}' has a scale of its own, another one to population "
                              "'{}' has scale: auto",
                              projection(p).name, population_.name),
                  "one scale holds for all of them: say scale: auto here too, or numbers in all");
            good = false;
        }
        for (const auto& [word, drivers] : context_.drivers) {
            if (word.first != index_ || drivers.empty()) continue;
            error(population_.where,
                  fmt::format("input '{}' writes to population '{}' in units of the chip, its "
                              "weights have scale: auto",
                              drivers.front().input, population_.name),
                  "give a number as 'scale' of its projections");
            good = false;
        }
        return good;
    }

    void error(const SourceLocation& where, std::string message, std::string hint) {
        context_.diagnostics.error("NET-SCALE", where, std::move(message), std::move(hint));
    }

    /// Reads all rows once.
    void measure() {
        const std::vector<isa::Range>& inputs = population_.program->inputs;
        std::vector<Sums> sums;
        for (std::size_t a = 0; a < inputs.size(); ++a) {
            const isa::Accumulate rule = population_.program->combine[a];
            sums.emplace_back(population_.size,
                              rule == isa::Accumulate::kSum || rule == isa::Accumulate::kOr);
        }
        std::vector<RawSynapse> row;
        for (const std::size_t p : projections_) {
            const Projection& measured = projection(p);
            double up = 0.0;
            double down = 0.0;
            const bool summed = !measured.graded && measured.accumulator < inputs.size();
            const std::uint32_t sources = context_.network.source_size(measured.from);
            for (std::uint32_t i = 0; i < sources; ++i) {
                measured.rows->row(i, row);
                for (const RawSynapse& synapse : row) {
                    if (!std::isfinite(synapse.weight)) continue;  // reported later
                    up = std::max(up, synapse.weight);
                    down = std::max(down, -synapse.weight);
                    if (summed) sums[measured.accumulator].add(synapse);
                }
            }
            weights_.push_back(weights_of(p, up, down));
        }
        for (std::size_t a = 0; a < inputs.size(); ++a) {
            safe_ = std::min(safe_, sums[a].largest_scale(inputs[a]));
        }
    }

    [[nodiscard]] Weights weights_of(std::size_t index, double up, double down) const {
        const Projection& measured = projection(index);
        isa::SignMode mode = up == 0.0     ? isa::kInhibitory
                             : down == 0.0 ? isa::kExcitatory
                                           : isa::kMixed;
        if (measured.sign_mode) mode = static_cast<isa::SignMode>(*measured.sign_mode);
        const isa::MantissaRange range = isa::nearest_range(mode, static_cast<int>(measured.bits));
        if (range.max == 0) up = 0.0;
        if (range.min == 0) down = 0.0;
        return {std::max(up, down), static_cast<double>(std::max(range.max, -range.min)),
                context_.auto_projections.at(index).fixed_exponent};
    }

    [[nodiscard]] double chosen() const {
        double whole = 0.0;       // the smallest weights use all mantissas
        double least = kEndless;  // the largest weights do
        double most = kEndless;   // beyond it, something would be clipped
        for (std::size_t k = 0; k < projections_.size(); ++k) {
            const std::int32_t exponent =
                weights_[k].fixed ? projection(projections_[k]).exponent : 0;
            const double full = weights_[k].full(exponent);
            if (!std::isfinite(full)) continue;
            whole = std::max(whole, full);
            least = std::min(least, full);
            most =
                std::min(most, weights_[k].full(weights_[k].fixed ? exponent : kLargestExponent));
        }
        if (!std::isfinite(least)) least = whole = kOfNoWeights;
        for (const auto& [name, values] : arguments_) {
            most = std::min(most, largest_scale(*population_.program->find_arg(name), values));
        }
        return with_whole_threshold(std::min(std::max(least, std::min(whole, safe_)), most));
    }

    /// The largest scale with which an argument is in its range.
    [[nodiscard]] double largest_scale(const isa::ArgDecl& arg,
                                       const std::vector<double>& values) const {
        double most = kEndless;
        const double unit = static_cast<double>(arg.scale->unit) *
                            (1.0 / std::ldexp(1.0, static_cast<int>(top_exponent(arg))));
        for (const double value : values) {
            const auto limit = static_cast<double>(value > 0.0 ? arg.max : arg.min);
            if (value != 0.0 && limit != 0.0) most = std::min(most, limit / (value * unit));
        }
        return most;
    }

    [[nodiscard]] std::int64_t top_exponent(const isa::ArgDecl& arg) const {
        if (arg.scale->exponent.empty()) return 0;
        return population_.program->find_arg(arg.scale->exponent)->max;
    }

    /// A threshold that is one for all neurons stays exactly in its ratio to the weights.
    [[nodiscard]] double with_whole_threshold(double scale) const {
        for (const auto& [name, values] : arguments_) {
            const isa::ArgDecl& arg = *population_.program->find_arg(name);
            if (values.size() != 1 || !arg.scale->exponent.empty() || values.front() <= 0.0)
                continue;
            const double in_units = values.front() * static_cast<double>(arg.scale->unit);
            const double whole = std::floor(in_units * scale * (1.0 + kSlack));
            return whole < kLeastWhole ? scale : whole / in_units;
        }
        return scale;
    }

    void put_weights(double scale, ChosenScale& report) {
        for (std::size_t k = 0; k < projections_.size(); ++k) {
            Projection& scaled = projection(projections_[k]);
            while (!weights_[k].fixed && scaled.exponent < kLargestExponent &&
                   weights_[k].full(scaled.exponent) < scale * (1.0 - kSlack)) {
                ++scaled.exponent;
            }
            const double factor = std::ldexp(scale, -scaled.exponent);
            scaled.rows = std::make_shared<const ScaledRows>(scaled.rows, factor);
            // Other projections and the neurons had a say in it.
            scaled.content += fmt::format("scale {:a}, exponent {}", factor, scaled.exponent);
            report.projections.push_back({scaled.name, weights_[k].largest, scaled.exponent});
        }
    }

    void put_argument(const isa::ArgDecl& arg, const std::vector<double>& values, double scale,
                      ChosenScale& report) {
        std::vector<std::int64_t> numbers;
        std::vector<std::int64_t> exponents;
        bool lost = false;
        for (const double value : values) {
            const double exact = value * scale * static_cast<double>(arg.scale->unit);
            std::int64_t exponent = 0;
            const auto number = [&] {
                return std::nearbyint(std::ldexp(exact, -static_cast<int>(exponent)));
            };
            while (exponent < top_exponent(arg) && !(number() >= static_cast<double>(arg.min) &&
                                                     number() <= static_cast<double>(arg.max))) {
                ++exponent;
            }
            lost = lost || (value != 0.0 && number() == 0.0);
            numbers.push_back(std::clamp(static_cast<std::int64_t>(number()), arg.min, arg.max));
            exponents.push_back(exponent);
        }
        if (lost) {
            context_.diagnostics.warning(
                "NET-SCALE", population_.where,
                fmt::format(
                    "'{}' of population '{}' became 0: it is less than half a mantissa with "
                    "the scale {:.6g}",
                    arg.name, population_.name, scale),
                "its weights are much larger");
        }
        const auto given = std::minmax_element(values.begin(), values.end());
        const auto became = std::minmax_element(numbers.begin(), numbers.end());
        report.arguments.push_back({arg.name, *given.first, *given.second, *became.first,
                                    *became.second, arg.scale->exponent,
                                    *std::max_element(exponents.begin(), exponents.end())});
        collapse_into(arg.name, std::move(numbers));
        if (!arg.scale->exponent.empty()) {
            collapse_into(arg.scale->exponent, std::move(exponents));
        }
    }

    void collapse_into(const std::string& name, std::vector<std::int64_t> values) {
        if (std::all_of(values.begin(), values.end(),
                        [&](std::int64_t value) { return value == values.front(); })) {
            values.resize(1);
        }
        population_.args[name].list = std::move(values);
    }

    Context& context_;
    std::uint32_t index_;
    Population& population_;
    std::vector<std::size_t> projections_;  ///< to it
    const std::map<std::string, std::vector<double>>& arguments_;
    std::vector<Weights> weights_;  ///< by projection
    double safe_ = kEndless;        ///< the largest scale that keeps sums in the program's ranges
};

}  // namespace

void choose_scales(Context& context) {
    std::set<std::uint32_t> targets;
    for (const auto& [index, how] : context.auto_projections) {
        targets.insert(context.network.projections[index].to);
    }
    for (const std::uint32_t target : targets) Scaler{context, target}.run();
}

}  // namespace seamount::compiler::frontend
