#pragma once

#include <exception>
#include <systemc>

#include "emulator/timing/step_timing.hpp"

namespace seamount::emu {

/// Runs the body of a process. What it throws ends the simulation and is kept for Simulation::run
/// to throw again: SystemC would make a report of its own of it, and lose what it was.
template <class Body>
void guarded(StepTiming& timing, Body&& body) {
    try {
        body();
    } catch (...) {
        if (!timing.failure) timing.failure = std::current_exception();
        sc_core::sc_stop();
    }
}

}  // namespace seamount::emu
