// A network is run step by step while this program plays its host:  plain ../python/echo.yaml
#include <cstdio>
#include <seamount.hpp>

using namespace seamount::session;

int main(int argc, char** argv) try {
    Listener silent;
    const auto loaded =
        std::make_shared<const Loaded>(open(argc > 1 ? argv[1] : "echo.yaml", {}, silent));
    Simulation simulation{loaded};
    std::uint32_t next = 0;
    simulation.before_step = [&next](Simulation& self) {
        const std::uint32_t spike[] = {next++ % 4};
        self.inject("eye", spike);
    };
    simulation.run(20);
    const std::vector<std::int32_t> v = simulation.state("out", "v");
    const RunResult result = simulation.result();
    std::printf("%llu spikes in %llu steps, %.3g s, %.3g J, v of neuron 0: %d\n",
                static_cast<unsigned long long>(result.run.spikes),
                static_cast<unsigned long long>(result.run.steps), seconds(result.totals.time),
                joules(simulation.energy().total()), v[0]);
    return result.run.spikes == 20 ? 0 : 1;
} catch (const seamount::InputError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
}
