#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/isa/neuron_fixture.hpp"

using namespace seamount;
using testing::Args;
using testing::Neuron;

namespace {

using Int = std::int64_t;

isa::Program load(const std::string& name) {
    return isa::assemble_file(SEAMOUNT_SOURCE_DIR "/configs/neurons/" + name);
}

/// What `join` makes of an own current and what the children pushed.
Int joined(Int join, Int own, const std::vector<Int>& pushed) {
    Int result = own;
    if (pushed.empty()) return own;
    if (join == 3) {
        const bool open =
            std::any_of(pushed.begin(), pushed.end(), [](Int value) { return value > 0; });
        return open ? own : 0;
    }
    for (const Int value : pushed) {
        if (join == 0) result += value;
        if (join == 1) result = std::max(result, value);
        if (join == 2) result = std::min(result, value);
    }
    return result;
}

}  // namespace

TEST_CASE("dendrite.asm and dendritic_soma.asm join any number of children as they say",
          "[dendrites]") {
    const isa::Program dendrite = load("dendrite.asm");
    const isa::Program soma = load("dendritic_soma.asm");
    const isa::PhiloxSource random{1};
    std::mt19937 draw{3};
    const auto value = [&draw] { return static_cast<Int>(draw() % 2001) - 1000; };
    for (Int join = 0; join <= 3; ++join) {
        for (Int children = 0; children <= 3; ++children) {
            const Int child = children % 3;
            Neuron leaf{
                dendrite,
                {{"decay_u", 1024}, {"join", join}, {"children", children}, {"child", child}}};
            leaf.word("parent") = 17;
            Neuron root{soma,
                        {{"decay_u", 1024},
                         {"decay_v", 512},
                         {"vth", 300},
                         {"bias", 5},
                         {"join", join},
                         {"children", children}}};
            Int u = 0;
            Int v = 0;
            int spikes = 0;
            for (std::uint64_t step = 0; step < 200; ++step) {
                const Int input = value() / 4;
                std::vector<Int> pushed;
                for (Int k = 0; k < children; ++k) pushed.push_back(value() * 64);
                for (Neuron* neuron : {&leaf, &root}) {
                    for (std::size_t k = 0; k < pushed.size(); ++k) {
                        neuron->lane.accumulators[k + 1] = static_cast<std::int32_t>(pushed[k]);
                    }
                }
                INFO("join " << join << ", " << children << " children, step " << step);
                u = u * 3072 / 4096 + input * 64;
                const Int sum = joined(join, u, pushed);
                const auto sent =
                    leaf.step(static_cast<std::int32_t>(input), random, NeuronId{0}, step);
                REQUIRE(sent.pushes ==
                        std::vector<isa::PushOut>{{static_cast<std::int32_t>(sum),
                                                   static_cast<std::uint8_t>(child + 1), 17}});
                REQUIRE(leaf.word("u") == u);

                v = v * 3584 / 4096 + sum + 5;
                const bool fires = v > 300 * 64;
                if (fires) v = 0;
                spikes += fires ? 1 : 0;
                const auto out =
                    root.step(static_cast<std::int32_t>(input), random, NeuronId{0}, step);
                REQUIRE(out.spikes.size() == (fires ? 1U : 0U));
                REQUIRE(root.word("v") == v);
            }
            CHECK((spikes > 0 || join == 2));
        }
    }
}
