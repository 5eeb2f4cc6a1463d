#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>

#include "emulator/learning/plastic_projection.hpp"
#include "isa/learning/reference.hpp"
#include "tests/unit/learning/random_rule.hpp"

using namespace seamount;
using testing::Numbers;

namespace {

/// The same projection in the engine and in the reference.
struct Pair {
    Pair(Numbers& numbers, isa::LearnMode mode) {
        setup.rule = testing::random_rule(numbers, mode);
        setup.sign_mode = numbers.in(1, 3);
        setup.weight_bits = numbers.once_in(2) ? 8 : numbers.in(2, 6);
        setup.sources = static_cast<std::uint32_t>(numbers.in(1, 5));
        const int targets = numbers.in(1, 6);
        for (int i = 0; i < targets; ++i) {
            setup.neurons.push_back(static_cast<std::uint32_t>(100 + 7 * i));
        }
        setup.seed = 42;
        setup.projection = 3;
        for (std::uint32_t pre = 0; pre < setup.sources; ++pre) {
            for (std::uint32_t post = 0; post < setup.neurons.size(); ++post) {
                if (numbers.once_in(5)) continue;
                const int low = setup.sign_mode == 2 ? 0 : -255;
                const int high = setup.sign_mode == 3 ? 0 : 255;
                // As the compiler stores weights: a multiple of what its bits leave out.
                const int lost = 8 - setup.weight_bits + (setup.sign_mode == 1 ? 1 : 0);
                setup.synapses.push_back(
                    {pre,
                     post,
                     {numbers.in(low, high) / (1 << lost) * (1 << lost),
                      numbers.in(0, setup.rule.moves_delay ? setup.rule.max_delay : 60),
                      numbers.in(-100, 100)}});
            }
        }
        build_engine();
        reference.emplace(setup);
    }

    /// Compartments in the reverse order of the neurons, blocks in that of the sources.
    void build_engine() {
        emu::PlasticProjection::Params params;
        const std::size_t targets = setup.neurons.size();
        for (auto n = setup.neurons.rbegin(); n != setup.neurons.rend(); ++n) {
            compartments.emplace_back(*n);
        }
        for (std::uint32_t source = 0; source < setup.sources; ++source) {
            emu::PlasticProjection::Block block;
            words.push_back(0);  // header
            block.words = static_cast<std::uint32_t>(words.size());
            block.first = static_cast<std::uint32_t>(params.ids.size());
            block.source = source;
            for (std::uint32_t id = 0; id < setup.synapses.size(); ++id) {
                const auto& synapse = setup.synapses[id];
                if (synapse.pre != source) continue;
                const bool moves = setup.rule.moves_delay;
                words.push_back(isa::SynapseWord::pack(
                    synapse.value[0], moves ? static_cast<std::uint32_t>(synapse.value[1]) : 0,
                    static_cast<std::uint32_t>(targets - 1 - synapse.post)));
                params.ids.push_back(id);
                params.tags.push_back(static_cast<std::int16_t>(synapse.value[2]));
                params.second_tags.push_back(
                    static_cast<std::int16_t>(moves ? 0 : synapse.value[1]));
                ++block.count;
            }
            params.blocks.push_back(block);
        }
        params.rule = &setup.rule;
        params.format.sign_mode = static_cast<std::uint8_t>(setup.sign_mode);
        params.format.weight_bits = static_cast<std::uint8_t>(setup.weight_bits);
        params.projection = setup.projection;
        params.seed = setup.seed;
        params.neurons = &compartments;
        engine.emplace(std::move(params), words);
    }

    void step(Numbers& numbers, std::uint64_t now, bool enabled) {
        isa::LearningReference::Events events;
        const auto targets = static_cast<std::uint32_t>(setup.neurons.size());
        for (std::uint32_t source = 0; source < setup.sources; ++source) {
            if (!numbers.once_in(4)) continue;
            const int payload = numbers.in(0, 260);
            events.pre.emplace_back(source, payload);
            engine->pre_spike(source, payload, now);
        }
        for (std::uint32_t post = 0; post < targets; ++post) {
            const bool spiked = numbers.once_in(4);
            events.post.push_back(spiked);
            if (spiked) engine->post_spike(targets - 1 - post, now);
            const std::array<std::int32_t, 3> registers{
                numbers.in(-140, 140), numbers.once_in(2) ? numbers.in(0, 127) : 0, 5};
            events.registers.push_back(registers);
            if (setup.rule.post_from_program) {
                engine->post_traces(targets - 1 - post, registers, now);
            }
        }
        for (std::int64_t& reward : events.rewards) {
            reward = numbers.once_in(3) ? numbers.in(-150, 150) : 0;
        }
        events.clear_tags = numbers.once_in(15);
        reference->step(events, enabled);
        engine->end_step(now, events.rewards, enabled, activity);
        if (events.clear_tags) (void)engine->clear_tags();
        if (!numbers.once_in(40)) return;
        reference->clear_traces();
        engine->clear_traces();
    }

    void compare() {
        const auto decoded = isa::decode_learning(setup.rule.words);
        bool tag = false;
        bool second = false;
        for (const auto& product : decoded) {
            tag = tag || product.target == isa::LearnTarget::kTag;
            second = second || product.target == isa::LearnTarget::kDelay;
        }
        engine->for_each([&](const emu::PlasticSynapse& synapse) {
            const auto& expected = reference->synapses()[synapse.id];
            CHECK(synapse.weight == expected.value[0]);
            if (second) {
                CHECK((setup.rule.moves_delay ? synapse.delay : synapse.second_tag) ==
                      expected.value[1]);
            }
            if (tag) CHECK(synapse.tag == expected.value[2]);
        });
        for (std::uint32_t source = 0; source < setup.sources; ++source) {
            CHECK(engine->pre().stored(0, source) == reference->pre_trace(source, 0));
            CHECK(engine->pre().stored(1, source) == reference->pre_trace(source, 1));
        }
        for (std::uint32_t i = 0; i < engine->post_count(); ++i) {
            const std::uint32_t compartment = engine->first_post() + i;
            const auto post = static_cast<std::uint32_t>(setup.neurons.size()) - 1 - compartment;
            // A compartment that no synapse reaches has no traces.
            const bool reached =
                std::any_of(setup.synapses.begin(), setup.synapses.end(),
                            [post](const auto& synapse) { return synapse.post == post; });
            for (int k = 0; k < 3 && reached; ++k) {
                CHECK(engine->post().stored(static_cast<std::uint32_t>(k), i) ==
                      reference->post_trace(post, k));
            }
        }
    }

    isa::LearningReference::Setup setup;
    std::vector<NeuronId> compartments;
    std::vector<std::uint32_t> words;
    std::optional<emu::PlasticProjection> engine;
    std::optional<isa::LearningReference> reference;
    emu::LearningActivity activity;
};

}  // namespace

TEST_CASE("the learning engine does what the reference does, for any rule and spikes", "[engine]") {
    const int mode = GENERATE(0, 1, 2, 3);
    Numbers numbers{static_cast<std::uint32_t>(100 + mode)};
    std::uint64_t changed = 0;
    for (int trial = 0; trial < 150; ++trial) {
        Pair pair{numbers, static_cast<isa::LearnMode>(mode)};
        INFO("mode " << mode << ", trial " << trial << ", epoch "
                     << static_cast<int>(pair.setup.rule.epoch));
        const std::uint64_t steps = std::max<std::uint64_t>(40, 3U * pair.setup.rule.epoch);
        for (std::uint64_t now = 0; now < steps; ++now) {
            pair.step(numbers, now, now < 20 || now > 25);
            if ((now + 1) % pair.setup.rule.epoch == 0) pair.compare();
        }
        changed += pair.activity.synapse_writes;
    }
    CHECK(changed > 1000);
}

TEST_CASE("a network without spikes does no learning work", "[engine]") {
    Numbers numbers{7};
    for (int trial = 0; trial < 50; ++trial) {
        Pair pair{numbers, isa::LearnMode::kExact};
        const auto decoded = isa::decode_learning(pair.setup.rule.words);
        const bool sweeps = std::any_of(decoded.begin(), decoded.end(), [](const auto& product) {
            return product.gate == isa::LearnGate::kU;
        });
        if (sweeps || pair.setup.rule.normal_sum != 0) continue;
        for (std::uint64_t now = 0; now < 100; ++now) {
            pair.engine->end_step(now, {}, true, pair.activity);
        }
        CHECK(pair.activity == emu::LearningActivity{});
    }
}
