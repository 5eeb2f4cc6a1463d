// A network learns to hold a pole from nothing but its fall; this program plays the cart:
//
//     cart_pole ../networks/cartpole.yaml [EPISODES]
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <seamount.hpp>
#include <vector>

#include "../worlds/cart_pole.hpp"

namespace {

using namespace seamount::session;
using worlds::CartPole;

/// Hears which way the only neuron of a population pushes: the payload of its spike.
class Actor final : public RunObserver {
public:
    Actor(const seamount::isa::Image& image, const std::string& name) {
        for (std::size_t core = 0; core < image.cores.size(); ++core) {
            for (const auto& group : image.cores[core].groups) {
                if (image.populations[group.population].name != name) continue;
                core_ = core;
                compartment_ = group.first;
            }
        }
    }
    void on_step(const seamount::emu::StepReport& report, const Tally& /*tally*/) override {
        push_ = 0;
        for (const auto& spike : report.activity.cores[core_].spikes) {
            if (spike.compartment == compartment_) push_ = spike.payload;
        }
    }
    [[nodiscard]] std::int32_t push() const { return push_; }

private:
    std::size_t core_ = 0;
    std::uint32_t compartment_ = 0;
    std::int32_t push_ = 0;
};

/// Near the middle, nearly at rest.
CartPole start(std::mt19937_64& random) {
    CartPole cart;
    for (double& value : cart.state) {
        value = (static_cast<double>(random() >> 11U) * 0x1p-53 - 0.5) * 0.1;
    }
    return cart;
}

/// Steps until the pole falls, CartPole::kSteps at most.
int episode(Simulation& chip, const Actor& actor, CartPole cart) {
    chip.clear_tags();  // of the episode before
    for (int length = 1;; ++length) {
        const std::uint32_t box[] = {cart.box()};
        chip.inject("state", box);
        chip.step();
        const bool held = cart.push(10.0 * actor.push());
        if (held && length < CartPole::kSteps) continue;
        if (!held) {
            const std::uint32_t fallen[] = {0};
            chip.inject("fallen", fallen);
            chip.step();
        }
        return length;
    }
}

double mean(const std::vector<int>& lengths, std::size_t first, std::size_t count) {
    const auto begin = lengths.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = begin + static_cast<std::ptrdiff_t>(count);
    return std::accumulate(begin, end, 0.0) / static_cast<double>(count);
}

}  // namespace

int main(int argc, char** argv) try {
    constexpr std::size_t kShown = 20;
    const std::string file = argc > 1 ? argv[1] : "cartpole.yaml";
    const std::size_t episodes = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200;
    if (episodes < 2 * kShown) {
        std::fprintf(stderr, "cart_pole: at least %zu episodes\n", 2 * kShown);
        return 2;
    }
    Listener silent;
    CompileSettings settings;
    settings.chip = "loihi2";
    const auto loaded = std::make_shared<const Loaded>(open(file, settings, silent));
    Actor actor{loaded->image, "actor"};
    Simulation chip{loaded, {}, {&actor}};
    std::mt19937_64 random;
    std::vector<int> lengths;
    while (lengths.size() < episodes) lengths.push_back(episode(chip, actor, start(random)));
    const RunResult result = chip.result();
    const auto steps = static_cast<double>(result.run.steps);
    std::printf(
        "held for %.0f steps in the first %zu of %zu episodes, %.0f in the last %zu; "
        "%.3g us and %.3g uJ a decision\n",
        mean(lengths, 0, kShown), kShown, episodes, mean(lengths, episodes - kShown, kShown),
        kShown, seconds(result.totals.time) / steps * 1e6,
        joules(chip.energy().total()) / steps * 1e6);
    return mean(lengths, episodes - kShown, kShown) > 3 * mean(lengths, 0, kShown) ? 0 : 1;
} catch (const seamount::InputError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
}
