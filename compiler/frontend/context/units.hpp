#pragma once

#include <string>

#include "compiler/frontend/context/context.hpp"
#include "isa/microcode/program.hpp"
#include "isa/yaml/form.hpp"

namespace seamount::compiler::frontend {

/// Reads `dt:` of the network, how long a step is: a time with its unit. Without it no number has
/// one.
void read_dt(Context& context, const YamlNode& root);

// Each of these puts numbers as the readers expect them in the place of those with units, "20ms",
// of a node: of a scalar, of a list, and of the values of {values:} and {uniform:}. What has no
// unit stays as it is; a missing node is none. What they became goes to Network::with_units.
// Reports NET-UNIT for a unit of another kind, for one in a network without dt, and for times that
// are no whole number of steps where these are needed.

/// A time or a rate with its unit, for the tables of keys.
[[nodiscard]] yaml::ValueType time_type();
[[nodiscard]] yaml::ValueType rate_type();

/// Times as whole numbers of steps.
void take_steps(Context& context, const YamlNode& node, const std::string& name);
/// Times as steps with a fraction.
void take_time_constant(Context& context, const YamlNode& node, const std::string& name);
/// Rates ("40Hz") as spikes per step.
void take_rate(Context& context, const YamlNode& node, const std::string& name);
/// Times of an argument that counts in `time`: steps, or what decays in a step with the time
/// constant tau, 1 - exp(-dt / tau), rounded to the nearest share.
void take_argument(Context& context, const YamlNode& node, const std::string& name,
                   const isa::ArgTime& time);

}  // namespace seamount::compiler::frontend
