#pragma once

#include <memory>

#include "emulator/timing/run_params.hpp"
#include "emulator/timing/run_totals.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// Elaborates the SystemC chip for `image` and runs it. Once per process: SystemC cannot elaborate
/// twice.
class Simulation {
public:
    using Params = RunParams;
    Simulation(const isa::Image& image, const isa::ChipSpec& chip, Params params);
    ~Simulation();
    RunTotals run();
    [[nodiscard]] const Machine& machine() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace seamount::emu
