#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "isa/expression.hpp"
#include "isa/image.hpp"
#include "tools/conform/case.hpp"
#include "tools/conform/trace.hpp"

namespace seamount::conform {

/// Runs a machine and keeps u, v, silicon's view of v, and the spikes of all neurons, for
/// comparison with a vector. All neurons must run one program with the states `u` and `v`.
class Recorder {
public:
    Recorder(const isa::Image& image, emu::Machine& machine);

    void run(std::uint64_t steps);

    /// Compares whatever of spikes, u, v, u_final, v_final, u_sum, v_sum, v_probes the vector has.
    [[nodiscard]] Outcome compare(const Json& vector) const;

private:
    [[nodiscard]] std::int32_t view(std::uint32_t neuron) const;

    const isa::Image& image_;
    emu::Machine& machine_;
    std::uint32_t u_word_ = 0;
    std::uint32_t v_word_ = 0;
    isa::Expression chip_view_;
    Trace u_;
    Trace v_;
    Trace v_chip_;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> spikes_;  ///< (step, neuron), sorted
};

}  // namespace seamount::conform
