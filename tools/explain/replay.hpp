#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "tools/explain/execution.hpp"
#include "tools/explain/fan_in.hpp"
#include "tools/explain/recording.hpp"

namespace seamount::explain {

/// Something that adds to an accumulator of a neuron: a spike through a synapse, or a push of
/// another compartment.
struct Event {
    Origin origin;
    std::uint64_t step = 0;     ///< in which it was sent
    std::uint64_t arrival = 0;  ///< in which it acts
    std::uint32_t ordinal = 0;  ///< among the spikes, or pushes, of its origin in that step
    bool is_push = false;
    std::uint8_t accumulator = 0;
    std::int32_t payload = 1;
    bool graded = false;  ///< the payload multiplies the weight

    // Of a spike.
    std::int32_t weight = 0;  ///< mantissa
    int exponent = 0;
    std::uint32_t delay = 0;
    std::uint32_t entry = 0;  ///< of LearningImage::projections, if it learns
    std::uint32_t id = FanInSynapse::kStatic;
    /// What it adds, or, on_sum, what it adds to a sum that is then shifted by the exponent.
    std::int64_t units = 0;
    bool on_sum = false;
    std::uint8_t sum = 0;
};

/// What of a neuron is explained.
struct Question {
    enum class Kind : std::uint8_t { kSpike, kPush, kWord };
    Kind kind = Kind::kSpike;
    NeuronId neuron;
    std::uint64_t step = 0;
    std::uint32_t ordinal = 0;  ///< among its spikes, or pushes, in that step; of a word: which
    bool of_payload = false;    ///< a spike's payload instead of what let it spike
    friend auto operator<=>(const Question&, const Question&) = default;
};

/// A value, what it is made of, and what it had to cross.
struct Quantity {
    std::int64_t value = 0;
    Shares shares;
    std::optional<std::int64_t> threshold{};
    std::uint32_t pc = 0;        ///< of the comparison, if there is a threshold
    bool right_side = false;     ///< the value stood on its right
    bool is_difference = false;  ///< left minus right: events are on both sides
};

/// What a neuron would have done without one event.
struct Without {
    std::optional<std::int64_t> value;       ///< of the quantity; none: it did not come to it
    bool happens = false;                    ///< the spike is there in the same step
    std::optional<std::uint64_t> earlier{};  ///< a spike before that is not there with the event
    std::optional<std::uint64_t> next{};     ///< the next spike of the window, if it is gone
};

/// One neuron in the window of a recording, executed again by itself from what reached it; what is
/// asked of it stands in replay_questions.cpp.
class NeuronReplay {
    static constexpr std::size_t kNone = ~std::size_t{0};
    /// An event that is left out, or acts in another step.
    struct Change {
        std::size_t event = kNone;
        std::optional<std::uint64_t> arrival{};
    };

public:
    NeuronReplay(const Recording& recording, FanIn& fan_in, NeuronId neuron);

    /// Another compartment of the core pushes; before the step in which that acts.
    void add(const Event& event);
    /// Executes the next step; returns what was pushed.
    [[nodiscard]] std::vector<TracedPush> advance();
    /// Whether what it did is what the machine recorded, bit for bit.
    [[nodiscard]] bool agrees() const;

    [[nodiscard]] const std::vector<Event>& events() const noexcept { return events_; }
    /// What is asked for with its parts: Shares::at(kEntries + i) is that of event i.
    [[nodiscard]] Quantity quantity(const Question& question);
    [[nodiscard]] Without without(std::size_t event, const Question& question,
                                  const Quantity& quantity) const {
        return changed({event, {}}, question, quantity);
    }
    /// The same with the event `steps` later (or earlier, if negative) instead of gone.
    [[nodiscard]] Without moved(std::size_t event, std::int64_t steps, const Question& question,
                                const Quantity& quantity) const;
    [[nodiscard]] NeuronId neuron() const noexcept { return neuron_; }

private:
    struct Plain {
        std::array<std::int32_t, isa::kStateWords> state{};
        std::array<std::int32_t, isa::kAccumulators> carried{};
    };
    /// What a step did, with parts.
    struct Done {
        std::vector<TracedSpike> spikes;
        std::vector<TracedPush> pushes;
    };
    struct Write {
        std::uint32_t input = 0;
        std::size_t place = 0;
        std::uint32_t state = 0;
    };
    void take_synapses(FanIn& fan_in);
    [[nodiscard]] bool spiked_in(std::uint64_t step) const;
    [[nodiscard]] bool resets_since_start(std::uint64_t step) const;
    static void measure(const Execution& execution, const TracedLane& lane,
                        const Question& question, const Quantity& quantity, Without& result);
    [[nodiscard]] bool is_lost(const Event& event) const;
    void take_writes();
    void prepare(std::uint64_t step, TracedLane& lane, bool traced) const;
    void accumulate(std::uint64_t step, const Change& change, bool traced, TracedLane& lane) const;
    [[nodiscard]] Without changed(const Change& change, const Question& question,
                                  const Quantity& quantity) const;
    [[nodiscard]] Execution start(std::uint64_t step, bool traced, TracedLane& lane) const;
    void carry(TracedLane& lane) const;
    [[nodiscard]] TracedLane first_lane(bool traced) const;
    void trace();

    const Recording& recording_;
    NeuronId neuron_;
    const isa::NeuronGroup& group_;
    const isa::ProgramImage& program_;
    isa::PhiloxSource random_;
    std::uint32_t read_ = 0;     ///< accumulators that the program reads
    std::uint32_t written_ = 0;  ///< state words that it writes
    std::vector<Event> events_;
    std::vector<std::vector<std::size_t>> by_step_;  ///< events by arrival, from first() on
    std::vector<emu::HostInput> inputs_;             ///< that write
    std::vector<Write> writes_;
    std::vector<Plain> before_;  ///< each step of the window that was executed
    TracedLane lane_;
    std::vector<Emission> spikes_;
    bool traced_ = false;
    std::map<std::uint64_t, Done> done_;
    TracedLane last_;  ///< after the window
};

}  // namespace seamount::explain
