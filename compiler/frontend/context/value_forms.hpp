#pragma once

#include "isa/yaml/form.hpp"

/// The keys of maps that occur in several sections of a network.
namespace seamount::compiler::frontend {

/// {file: ...}: an array, or a column of one.
[[nodiscard]] const yaml::Form& data_form();
/// Adds the keys of values that are given, one `item` each: {values: [...]}, {file: ...}.
void add_given_values(yaml::Form& form, const yaml::ValueType& item);
/// A population's argument: one value per neuron, given, drawn or computed.
[[nodiscard]] const yaml::Form& argument_form();
/// Adds `size` and `shape`.
void add_extent(yaml::Form& form);

}  // namespace seamount::compiler::frontend
