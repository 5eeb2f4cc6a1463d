#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "isa/image/image.hpp"
#include "isa/microcode/expression.hpp"
#include "tools/conform/vectors/case.hpp"
#include "tools/conform/vectors/trace.hpp"

namespace seamount::conform {

/// Steps to run for a loihi1 vector: `valid_steps`, else `steps`, else the rows of u or v.
[[nodiscard]] std::uint64_t steps_to_run(const Json& file);

/// Runs a machine and keeps u, v and the spikes of all neurons, and silicon's view of v of the
/// probed ones, for comparison with a vector. All neurons must run one program with the states `u`
/// and `v`.
class Recorder {
public:
    /// All must outlive the recorder.
    Recorder(const isa::Image& image, emu::Machine& machine, const Json& vector);

    void run(std::uint64_t steps);

    /// Compares whatever of spikes, u, v, u_final, v_final, u_sum, v_sum, v_probes the vector has:
    /// fails if it has none of them, or less than the steps that were run; probes may be shorter,
    /// down to `least_probe` steps.
    [[nodiscard]] Outcome compare(std::uint64_t least_probe) const;

private:
    [[nodiscard]] std::string compare_spikes() const;
    [[nodiscard]] std::string compare_probes(std::uint64_t least) const;
    [[nodiscard]] std::string compare_sums(const std::string& key, const Trace& got) const;
    [[nodiscard]] std::int32_t view(NeuronId neuron) const;

    const isa::Image& image_;
    emu::Machine& machine_;
    std::uint32_t u_word_ = 0;
    std::uint32_t v_word_ = 0;
    isa::Expression chip_view_;
    const Json& vector_;
    std::vector<std::uint32_t> probed_;
    Trace u_;
    Trace v_;
    Trace v_chip_;                                                 ///< [step][place in probed_]
    std::vector<std::pair<std::uint64_t, std::uint32_t>> spikes_;  ///< (step, neuron), sorted
};

}  // namespace seamount::conform
