#pragma once

#include <vector>

#include "isa/yaml/form.hpp"

/// The keys of maps that occur in several sections of a network.
namespace seamount::compiler::frontend {

/// {file: ...}: an array, or a column of one.
[[nodiscard]] const yaml::Form& data_form();
/// Adds the keys of values that are given, one of `items` each: {values: [...]}, {file: ...}.
void add_given_values(yaml::Form& form, std::vector<yaml::ValueType> items);
/// Adds those of values that are drawn or computed: {uniform: ...}, {normal: ...}, {formula: ...}.
void add_made_values(yaml::Form& form, std::vector<yaml::ValueType> items);
/// A population's argument: one value per neuron, given, drawn or computed.
[[nodiscard]] const yaml::Form& argument_form();
/// Adds `size` and `shape`.
void add_extent(yaml::Form& form);

}  // namespace seamount::compiler::frontend
