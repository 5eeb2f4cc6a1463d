// A weight is taught by rewards until the network answers 100, then kept:  learning reward.yaml
#include <cstdio>
#include <seamount.hpp>

using namespace seamount::session;

int main(int argc, char** argv) try {
    Listener silent;
    const auto loaded =
        std::make_shared<const Loaded>(open(argc > 1 ? argv[1] : "reward.yaml", {}, silent));
    Simulation simulation{loaded};
    const std::uint32_t spike[] = {0};
    int steps = 0;
    std::int32_t weight = 0;
    for (; weight != 100 && steps < 100; ++steps) {
        simulation.inject("eye", spike);
        simulation.reward(0, weight < 100 ? 5 : -5);
        simulation.step();
        weight = simulation.weights("w").weight[0];
    }
    const State taught = simulation.snapshot();
    simulation.set_learning(false);
    simulation.run(10);
    simulation.restore(taught);
    std::printf("weight %d after %d rewards\n", weight, steps);
    return weight == 100 && simulation.weights("w").weight[0] == 100 ? 0 : 1;
} catch (const seamount::InputError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
}
