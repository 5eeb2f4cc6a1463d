#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "emulator/machine/host_input.hpp"
#include "emulator/machine/machine.hpp"
#include "isa/base/id_vector.hpp"
#include "isa/image/image.hpp"

namespace seamount::explain {

/// Who spikes: a source of a host input, or a neuron.
struct Origin {
    static constexpr std::uint32_t kNeuron = 0xFFFFFFFFU;
    std::uint32_t input = kNeuron;  ///< index into Image::inputs, or kNeuron
    std::uint32_t index = 0;        ///< source of the input, or global id

    [[nodiscard]] bool is_input() const noexcept { return input != kNeuron; }
    friend auto operator<=>(const Origin&, const Origin&) = default;
};

/// "image[12]" or "hidden[3]".
[[nodiscard]] std::string name_of(const isa::Image& image, const Origin& origin);

struct Emission {
    std::uint64_t step = 0;
    std::int32_t payload = 1;
    std::uint8_t channel = 0;   ///< of a neuron
    std::uint32_t ordinal = 0;  ///< among the spikes of its origin in this step
};

/// How a run is played that is to be explained.
struct Setting {
    std::uint64_t seed = 1;
    bool learning = true;
};

/// A part of a run, played again: all spikes of steps [first, end), what the machine held before,
/// and what synapses had learned in each step.
class Recording {
public:
    /// Plays the run from its start. `image` must outlive the object.
    Recording(const isa::Image& image, const Setting& setting, std::uint64_t first,
              std::uint64_t end);
    /// Plays on from where `machine` is, up to `end`; it must be one of `image` and `setting`.
    Recording(const isa::Image& image, const Setting& setting, emu::Machine& machine,
              std::uint64_t end);
    struct ToSampleEnd {};
    /// Likewise, up to the end of the sample in which it is; there must be one.
    Recording(const isa::Image& image, const Setting& setting, emu::Machine& machine,
              ToSampleEnd /*end*/);

    [[nodiscard]] const isa::Image& image() const noexcept { return *image_; }
    [[nodiscard]] const Setting& setting() const noexcept { return setting_; }
    [[nodiscard]] std::uint64_t first() const noexcept { return first_; }
    [[nodiscard]] std::uint64_t end() const noexcept { return end_; }
    /// Where a step of the window stood in the dataset.
    [[nodiscard]] const emu::SamplePosition& position(std::uint64_t step) const;
    /// Whether the cores were reset before a step of the window.
    [[nodiscard]] bool resets(std::uint64_t step) const;
    /// Steps in which samples ended early, ascending.
    [[nodiscard]] const std::vector<std::uint64_t>& sample_ends() const noexcept {
        return sample_ends_;
    }
    /// Of the machine before step first().
    [[nodiscard]] const emu::MachineState& start() const noexcept { return start_; }
    /// State words of a neuron at the start, and sums that are due later.
    [[nodiscard]] std::span<const std::int32_t> words_of(NeuronId neuron) const;
    [[nodiscard]] std::span<const emu::PendingSum> sums_of(NeuronId neuron) const;

    /// In order of steps; empty if it never spiked.
    [[nodiscard]] std::span<const Emission> spikes_of(const Origin& origin) const;
    [[nodiscard]] const std::map<Origin, std::vector<Emission>>& spikes() const noexcept {
        return spikes_;
    }
    /// Value and delay of a synapse that learns, for spikes of `step`.
    [[nodiscard]] const emu::SynapseState& learned(std::uint32_t entry, std::uint32_t id,
                                                   std::uint64_t step) const;

    struct Place {
        std::uint32_t core = 0;  ///< index into Image::cores
        std::uint32_t compartment = 0;
        std::uint32_t group = 0;  ///< of the core
    };
    [[nodiscard]] const Place& place_of(NeuronId neuron) const { return places_[neuron]; }
    [[nodiscard]] const isa::NeuronGroup& group_of(NeuronId neuron) const {
        return image_->cores[places_[neuron].core].groups[places_[neuron].group];
    }

private:
    using Learned = std::vector<std::vector<emu::SynapseState>>;
    void index();
    void play(emu::Machine& machine);
    /// Plays the next step; whether it is the last of a sample.
    bool play_step(emu::Machine& machine);
    void begin(const emu::Machine& machine);
    [[nodiscard]] bool note(const emu::Machine& machine, const emu::StepActivity& activity);

    const isa::Image* image_;
    Setting setting_;
    std::uint64_t first_;
    std::uint64_t end_;
    emu::MachineState start_;
    std::vector<std::size_t> word_first_;  ///< by neuron, and one more
    IdVector<NeuronId, Place> places_;
    std::map<Origin, std::vector<Emission>> spikes_;
    std::vector<std::shared_ptr<const Learned>> learned_;  ///< before each step, and at the end
    std::vector<emu::SamplePosition> positions_;           ///< by step of the window
    std::vector<std::uint64_t> sample_ends_;
};

/// What synapses that learn hold now, by entry and id.
[[nodiscard]] std::vector<std::vector<emu::SynapseState>> learned_of(const isa::Image& image,
                                                                     const emu::Machine& machine);

}  // namespace seamount::explain
