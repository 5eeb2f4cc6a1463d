#include "compiler/frontend/context/units.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "isa/base/text_rows.hpp"

namespace seamount::compiler::frontend {
namespace {

enum class Unit : std::uint8_t { kS, kMs, kUs, kNs, kHz, kKhz };
constexpr auto kUnitNames = name_table<Unit>({
    {Unit::kS, "s"},
    {Unit::kMs, "ms"},
    {Unit::kUs, "us"},
    {Unit::kNs, "ns"},
    {Unit::kHz, "Hz"},
    {Unit::kKhz, "kHz"},
});
/// Powers of ten of a second or of one per second.
constexpr std::array<int, kUnitNames.size()> kExponents{0, -3, -6, -9, 0, 3};

bool is_time(Unit unit) {
    return unit <= Unit::kNs;
}

struct Quantity {
    double number = 0.0;
    Unit unit = Unit::kS;
    [[nodiscard]] int exponent() const { return kExponents.at(static_cast<std::size_t>(unit)); }
};

/// A number and the word behind it.
struct Worded {
    double number = 0.0;
    std::string_view word;
};

/// Of a text that begins with a finite number, and goes on with a word of letters.
std::optional<Worded> worded(std::string_view text) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    Worded found;
    const char* const end = text.data() + text.size();
    const auto [rest, fault] = std::from_chars(text.data(), end, found.number);
    if (fault != std::errc{} || !std::isfinite(found.number)) return std::nullopt;
    found.word = trimmed({rest, static_cast<std::size_t>(end - rest)});
    const bool is_word = !found.word.empty() && std::ranges::all_of(found.word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    return is_word ? std::optional{found} : std::nullopt;
}

/// A number with one of the units behind it.
std::optional<Quantity> quantity_of(const YamlNode& node) {
    if (!node.is_scalar()) return std::nullopt;
    const std::string text = node.text();
    const auto found = worded(text);
    const auto unit = found ? seamount::parse(kUnitNames, found->word) : std::nullopt;
    if (!unit) return std::nullopt;
    return Quantity{found->number, *unit};
}

std::vector<std::string> units_of(bool times) {
    std::vector<std::string> units;
    for (const Unit unit : values(kUnitNames)) {
        if (is_time(unit) == times) units.emplace_back(name_of(kUnitNames, unit));
    }
    return units;
}

/// number * 10^exponent with one rounding for the powers that a double holds.
double times_power(double number, int exponent) {
    const double power = std::pow(10.0, std::abs(exponent));
    return exponent < 0 ? number / power : number * power;
}

/// Why a value cannot be had, with what to do about it.
struct Refusal {
    std::string message;
    std::string hint;
};
/// What a number became: for the reader and for the report.
struct Became {
    std::string number;
    std::string text;
};

/// Goes through a node and converts what has units.
class Converter {
public:
    using Convert = std::function<std::optional<Became>(const Quantity&, Refusal&)>;
    struct Kind {
        std::string name;
        bool is_time = true;
        bool drawn = true;   ///< `uniform` has a meaning
        std::string counts;  ///< what a number without a unit counts
    };
    Converter(Context& context, Kind kind, Convert convert)
        : context_{context}, kind_{std::move(kind)}, convert_{std::move(convert)} {}

    void run(const YamlNode& node) const {
        if (node.is_scalar()) return scalar(node);
        if (node.is_sequence()) {
            for (const YamlNode& item : node.items()) run(item);
        } else if (node.is_map()) {
            run(node["values"]);
            if (kind_.drawn) run(node["uniform"]);
        }
    }

private:
    void refuse(const YamlNode& node, const std::string& message, const std::string& hint) const {
        node.error("NET-UNIT", fmt::format("'{}' is {}, {}", kind_.name, node.text(), message),
                   hint);
        node.spoil();
    }

    [[nodiscard]] std::string units_hint() const {
        return fmt::format("in {}, or a number: it counts {}",
                           fmt::join(units_of(kind_.is_time), ", "), kind_.counts);
    }

    /// A number with a word that is no unit, or a unit behind what is no number; without dt its
    /// reader says that numbers have none.
    void foreign(const YamlNode& node) const {
        if (!context_.dt) return;
        const std::string text = node.text();
        const char* const what = kind_.is_time ? "time" : "rate";
        if (const auto found = worded(text)) {
            refuse(node, fmt::format("must be a {}: '{}' is no unit", what, found->word),
                   units_hint());
        } else if (std::ranges::any_of(units_of(kind_.is_time), [&text](const std::string& unit) {
                       return text.ends_with(unit);
                   })) {
            refuse(node, fmt::format("must be a {}", what), units_hint());
        }
    }

    void scalar(const YamlNode& node) const {
        const auto quantity = quantity_of(node);
        if (!quantity) return foreign(node);
        const std::string written = node.text();
        if (is_time(quantity->unit) != kind_.is_time) {
            return refuse(node, fmt::format("must be a {}", kind_.is_time ? "time" : "rate"),
                          units_hint());
        }
        if (!context_.dt) {
            return refuse(node, "but the network does not say how long a step is",
                          fmt::format("dt: 1ms in the network, or --dt 1ms; a number without a "
                                      "unit counts {}",
                                      kind_.counts));
        }
        Refusal refusal;
        auto became = convert_(*quantity, refusal);
        if (!became) return refuse(node, refusal.message, refusal.hint);
        node.put(became->number);
        context_.network.with_units.push_back(
            {node.where(), kind_.name, written, std::move(became->text)});
    }

    Context& context_;
    Kind kind_;
    Convert convert_;
};

double steps_of(const Context& context, const Quantity& time) {
    return times_power(time.number, time.exponent() - context.dt->exponent) / context.dt->number;
}

std::string dt_text(const Context& context) {
    return fmt::format("{:.6g} s", *context.network.dt_s);
}

/// How many steps a time may be off a whole number of them: as much as decimal numbers of ten
/// digits are, or sums of a few thousand times, but nothing that somebody could mean. No less than
/// two numbers, a power and their quotient are rounded.
double tolerance(double steps) {
    constexpr double kDigits = 1e-9;  // of the number of steps
    constexpr double kMost = 1e-6;    // steps
    constexpr double kRounding = 4.0 * std::numeric_limits<double>::epsilon();
    return std::max(std::min(kDigits * std::abs(steps), kMost), kRounding * std::abs(steps));
}

/// A number of steps that is no whole one, with digits that show it.
std::string text_of_steps(double steps) {
    std::string text = fmt::format("{:.6g}", steps);
    double shown = 0.0;
    (void)std::from_chars(text.data(), text.data() + text.size(), shown);
    return shown == std::round(shown) ? fmt::format("{}", steps) : text;
}

/// `value`, above 0, with four digits that say no more than it.
double rounded_down(double value) {
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 3.0);
    return std::floor(value / unit) * unit;
}

/// What a double holds of the number of something; nothing if it is too small or too large for one.
std::optional<Became> held(const Quantity& given, double number, const std::string& what,
                           Refusal& refusal) {
    if (std::isfinite(number) && (number != 0.0 || given.number == 0.0)) {
        return Became{fmt::format("{}", number), fmt::format("{:.6g} {}", number, what)};
    }
    refusal = {fmt::format("too {} to be counted in {}", number == 0.0 ? "small" : "large", what),
               "see 'dt', how long a step is"};
    return std::nullopt;
}

std::optional<Became> whole_steps(const Context& context, const Quantity& time, Refusal& refusal) {
    constexpr double kLongest = 9e15;  // doubles hold all whole numbers up to it
    const double steps = steps_of(context, time);
    const double whole = std::round(steps);
    if (!(std::abs(steps) < kLongest) || std::abs(steps - whole) > tolerance(steps) ||
        (whole == 0.0 && time.number != 0.0)) {
        refusal = {fmt::format("which is {} steps of {}", text_of_steps(steps), dt_text(context)),
                   "it must be a whole number of steps: another time, or another dt"};
        return std::nullopt;
    }
    return Became{fmt::format("{:.0f}", whole),
                  fmt::format("{:.0f} step{}", whole, whole == 1.0 ? "" : "s")};
}

std::optional<Became> share(const Context& context, const Quantity& time, const isa::ArgTime& of,
                            Refusal& refusal) {
    const double steps = steps_of(context, time);
    if (!(steps >= 0.0)) {
        refusal = {"must not be below 0", "nothing decays with a negative time constant"};
        return std::nullopt;
    }
    const auto parts = static_cast<double>(of.parts);
    const double exact = steps == 0.0 ? 1.0 : -std::expm1(-1.0 / steps);
    const double share = std::round(parts * exact);
    if (share == 0.0) {
        const double longest = -*context.network.dt_s / std::log1p(-0.5 / parts);
        refusal = {fmt::format("must be in [0 s, {:.4g} s]: of {} parts less than half a one would "
                               "decay in a step of {}",
                               rounded_down(longest), of.parts, dt_text(context)),
                   "the number itself says that nothing decays; see 'seamount asm'"};
        return std::nullopt;
    }
    std::string text = fmt::format("{:.0f} of {} decay per step", share, of.parts);
    if (share < parts) {
        const double tau = -*context.network.dt_s / std::log1p(-share / parts);
        text += fmt::format(" (time constant {:.4g} s)", tau);
    }
    return Became{fmt::format("{:.0f}", share - static_cast<double>(of.less)), std::move(text)};
}

}  // namespace

yaml::ValueType time_type() {
    return yaml::quantity(units_of(true));
}

yaml::ValueType rate_type() {
    return yaml::quantity(units_of(false));
}

void read_dt(Context& context, const YamlNode& root) {
    const YamlNode node = root["dt"];
    if (!node) return;
    const auto quantity = quantity_of(node);
    const double seconds = quantity ? times_power(quantity->number, quantity->exponent()) : 0.0;
    if (!quantity || !is_time(quantity->unit) || !(seconds > 0.0) || !std::isfinite(seconds)) {
        if (!node.is_scalar()) {
            node.error("NET-UNIT", "'dt' must be a time above 0 with its unit", "dt: 1ms");
            return;
        }
        const std::string text = node.text();
        if (text.empty() && context.diagnostics.has_errors()) return;
        node.error("NET-UNIT",
                   fmt::format("'dt' is {}, must be a time above 0 with its unit",
                               text.empty() ? "\"\"" : text),
                   "how long a step is: dt: 1ms (s, ms, us, ns)");
        return;
    }
    context.dt = Context::StepLength{quantity->number, quantity->exponent()};
    context.network.dt_s = seconds;
}

void take_steps(Context& context, const YamlNode& node, const std::string& name) {
    Converter{
        context,
        {name, true, true, "steps"},
        [&](const Quantity& time, Refusal& refusal) { return whole_steps(context, time, refusal); }}
        .run(node);
}

void take_time_constant(Context& context, const YamlNode& node, const std::string& name) {
    Converter{context,
              {name, true, true, "steps"},
              [&](const Quantity& time, Refusal& refusal) {
                  return held(time, steps_of(context, time), "steps", refusal);
              }}
        .run(node);
}

void take_rate(Context& context, const YamlNode& node, const std::string& name) {
    Converter{context,
              {name, false, true, "spikes per step"},
              [&](const Quantity& rate, Refusal& refusal) {
                  const double per_step = times_power(rate.number * context.dt->number,
                                                      rate.exponent() + context.dt->exponent);
                  return held(rate, per_step, "spikes per step", refusal);
              }}
        .run(node);
}

void take_argument(Context& context, const YamlNode& node, const std::string& name,
                   const isa::ArgTime& time) {
    if (time.parts == 0) return take_steps(context, node, name);
    Converter{
        context,
        {name, true, false, fmt::format("how many of {} decay in a step", time.parts)},
        [&](const Quantity& tau, Refusal& refusal) { return share(context, tau, time, refusal); }}
        .run(node);
}

}  // namespace seamount::compiler::frontend
