#pragma once

#include <pybind11/pybind11.h>

// The parts of the module seamount._core.

namespace seamount::python {

/// InputError becomes seamount.errors.Error.
void bind_errors(pybind11::module_& module);
/// Chip, Image and open().
void bind_image(pybind11::module_& module);
/// Simulation, Step and Snapshot.
void bind_simulation(pybind11::module_& module);

}  // namespace seamount::python
