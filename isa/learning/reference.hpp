#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "isa/learning/learning_image.hpp"

namespace seamount::isa {

/// Learning of one projection in the most obvious form: every trace and every synapse in every
/// epoch, one after the other. Slow; the engine of the emulator is tested against it.
class LearningReference {
public:
    struct Synapse {
        std::uint32_t pre = 0;
        std::uint32_t post = 0;
        std::array<std::int32_t, kLearnTargets> value{};  ///< w d t
    };
    struct Setup {
        LearningRuleImage rule;  ///< microcode that check_learning accepts
        int sign_mode = 1;       ///< 1 mixed, 2 excitatory, 3 inhibitory
        int weight_bits = 8;
        std::uint32_t sources = 0;
        std::vector<std::uint32_t> neurons;  ///< global id of each target
        std::vector<Synapse> synapses;       ///< by id
        std::uint64_t seed = 1;
        std::uint32_t projection = 0;
    };
    /// What happens in one step.
    struct Events {
        std::vector<std::pair<std::uint32_t, std::int32_t>> pre;       ///< source, payload
        std::vector<bool> post;                                        ///< by target
        std::vector<std::array<std::int32_t, kPostTraces>> registers;  ///< by target; post: program
        std::array<std::int64_t, kRewards> rewards{};
        bool clear_tags = false;  ///< at the end of the step, after learning
    };

    explicit LearningReference(Setup setup);

    /// Runs the next step; synapses change at ends of epochs, only if `enabled`.
    void step(const Events& events, bool enabled);
    /// All traces and what spiked in the epoch so far are forgotten.
    void clear_traces();

    [[nodiscard]] const std::vector<Synapse>& synapses() const noexcept { return setup_.synapses; }
    [[nodiscard]] std::int32_t pre_trace(std::uint32_t source, int k) const {
        return pre_[source].trace[static_cast<std::size_t>(k)];
    }
    [[nodiscard]] std::int32_t post_trace(std::uint32_t target, int k) const {
        return post_[target].trace[static_cast<std::size_t>(k)];
    }

private:
    using Traces = std::array<std::int32_t, kPostTraces>;
    struct Side {
        Traces trace{};
        std::uint32_t time = 0;  ///< of the last spike in the epoch, from 1
        bool late = false;       ///< spiked in the last step of brian2loihi
        std::vector<Traces> history;
    };

    void spike(Side& side, std::uint32_t key, bool post, std::uint32_t q);
    void payload(Side& side, std::uint32_t key, std::uint32_t q, std::int32_t payload);
    void evolve(Side& side, std::uint32_t key, bool post);
    void learn(std::size_t id);
    void normalise();
    [[nodiscard]] std::int64_t factor(const LearnFactor& factor, LearnGate gate,
                                      const Synapse& synapse, const Side& pre,
                                      const Side& post) const;
    [[nodiscard]] std::int32_t finish(std::int64_t sum, std::int32_t old, LearnTarget target,
                                      std::size_t id) const;
    [[nodiscard]] bool rounds_up(std::uint64_t numerator, int bits, std::uint32_t id,
                                 std::uint32_t stream, std::uint32_t word,
                                 std::uint64_t step) const;
    [[nodiscard]] std::uint32_t random(std::uint32_t id, std::uint32_t stream, std::uint32_t word,
                                       std::uint64_t step) const;
    [[nodiscard]] std::int32_t decayed(std::int32_t value, std::size_t trace, std::uint32_t key,
                                       std::uint32_t word, bool post, std::uint64_t step) const;
    [[nodiscard]] std::int32_t with_impulse(std::int32_t value, std::size_t trace,
                                            std::uint32_t key, std::uint32_t word, bool post,
                                            bool repeat, std::uint64_t step) const;

    Setup setup_;
    std::vector<LearnProduct> products_;
    std::vector<Side> pre_;
    std::vector<Side> post_;
    std::array<std::int64_t, kRewards> rewards_{};
    std::uint64_t now_ = 0;
};

}  // namespace seamount::isa
