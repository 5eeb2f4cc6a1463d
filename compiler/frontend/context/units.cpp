#include "compiler/frontend/context/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

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

/// A number with one of the units behind it.
std::optional<Quantity> quantity_of(const YamlNode& node) {
    if (!node.is_scalar()) return std::nullopt;
    const std::string text = node.text();
    Quantity quantity;
    const char* const end = text.data() + text.size();
    const auto [rest, fault] = std::from_chars(text.data(), end, quantity.number);
    if (fault != std::errc{} || !std::isfinite(quantity.number)) return std::nullopt;
    std::string_view word{rest, static_cast<std::size_t>(end - rest)};
    while (word.starts_with(' ')) word.remove_prefix(1);
    const auto unit = seamount::parse(kUnitNames, word);
    if (!unit) return std::nullopt;
    quantity.unit = *unit;
    return quantity;
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
    void scalar(const YamlNode& node) const {
        const auto quantity = quantity_of(node);
        if (!quantity) return;
        const std::string written = node.text();
        const auto refuse = [&](const std::string& message, const std::string& hint) {
            node.error("NET-UNIT", fmt::format("'{}' is {}, {}", kind_.name, written, message),
                       hint);
            node.spoil();
        };
        if (is_time(quantity->unit) != kind_.is_time) {
            return refuse(fmt::format("must be a {}", kind_.is_time ? "time" : "rate"),
                          kind_.is_time ? "in s, ms, us or ns, or a number of steps"
                                        : "in Hz or kHz, or a number of spikes per step");
        }
        if (!context_.dt) {
            return refuse("but the network does not say how long a step is",
                          fmt::format("dt: 1ms in the network, or --dt 1ms; a number without a "
                                      "unit counts {}",
                                      kind_.counts));
        }
        Refusal refusal;
        auto became = convert_(*quantity, refusal);
        if (!became) return refuse(refusal.message, refusal.hint);
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

std::optional<Became> whole_steps(const Context& context, const Quantity& time, Refusal& refusal) {
    constexpr double kLongest = 9e15;  // doubles hold all whole numbers up to it
    const double steps = steps_of(context, time);
    const double whole = std::round(steps);
    if (!(std::abs(steps) < kLongest) ||
        std::abs(steps - whole) > 1e-9 * std::max(1.0, std::abs(steps))) {
        refusal = {fmt::format("which is {:.6g} steps of {}", steps, dt_text(context)),
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
        refusal = {fmt::format("which is longer than 1 of {} per step of {} can be", of.parts,
                               dt_text(context)),
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
    std::vector<std::string> units;
    for (const Unit unit : values(kUnitNames)) {
        if (is_time(unit)) units.emplace_back(name_of(kUnitNames, unit));
    }
    return yaml::quantity(std::move(units));
}

yaml::ValueType rate_type() {
    std::vector<std::string> units;
    for (const Unit unit : values(kUnitNames)) {
        if (!is_time(unit)) units.emplace_back(name_of(kUnitNames, unit));
    }
    return yaml::quantity(std::move(units));
}

void read_dt(Context& context, const YamlNode& root) {
    const YamlNode node = root["dt"];
    if (!node) return;
    const auto quantity = quantity_of(node);
    if (!quantity || !is_time(quantity->unit) || !(quantity->number > 0.0)) {
        const std::string text = node.text();
        if (text.empty()) return;
        node.error("NET-UNIT",
                   fmt::format("'dt' is {}, must be a time above 0 with its unit", text),
                   "how long a step is: dt: 1ms (s, ms, us, ns)");
        return;
    }
    context.dt = Context::StepLength{quantity->number, quantity->exponent()};
    context.network.dt_s = times_power(quantity->number, quantity->exponent());
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
              [&](const Quantity& time, Refusal&) {
                  const double steps = steps_of(context, time);
                  return std::optional{
                      Became{fmt::format("{}", steps), fmt::format("{:.6g} steps", steps)}};
              }}
        .run(node);
}

void take_rate(Context& context, const YamlNode& node, const std::string& name) {
    Converter{context,
              {name, false, true, "spikes per step"},
              [&](const Quantity& rate, Refusal&) {
                  const double per_step = times_power(rate.number * context.dt->number,
                                                      rate.exponent() + context.dt->exponent);
                  return std::optional{Became{fmt::format("{}", per_step),
                                              fmt::format("{:.6g} spikes per step", per_step)}};
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
