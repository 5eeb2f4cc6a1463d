#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "tools/explain/fan_in.hpp"
#include "tools/explain/recording.hpp"
#include "tools/explain/replay.hpp"

namespace seamount::explain {

/// All neurons that an explanation comes across.
class Replays {
public:
    explicit Replays(const Recording& recording) : recording_{recording}, fan_in_{recording} {}
    /// Executed through the window. Neurons of a core whose programs push are executed together.
    [[nodiscard]] NeuronReplay& of(NeuronId neuron);
    [[nodiscard]] const Recording& recording() const noexcept { return recording_; }

private:
    void run_core(std::uint32_t core);
    [[nodiscard]] bool pushes(std::uint32_t core) const;

    const Recording& recording_;
    FanIn fan_in_;
    std::map<std::uint32_t, std::unique_ptr<NeuronReplay>> neurons_;
};

}  // namespace seamount::explain
