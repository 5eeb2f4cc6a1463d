#include "tools/session/optimise/trial.hpp"

#include "emulator/energy/ledger.hpp"
#include "emulator/machine/activity.hpp"
#include "emulator/timing/step_report.hpp"
#include "tools/session/drive/simulation.hpp"

namespace seamount::session {
namespace {

/// Counts the spikes of each neuron and sums up the steps that count.
class Meter final : public RunObserver {
public:
    Meter(const isa::Image& image, std::uint64_t from) : image_{image}, from_{from} {
        activity_.spikes.resize(image.neuron_count());
    }

    void on_step(const emu::StepReport& report, const Tally& tally) override {
        const emu::StepActivity& activity = report.activity;
        for (std::size_t i = 0; i < activity.cores.size(); ++i) {
            for (const emu::EmittedSpike& spike : activity.cores[i].spikes) {
                ++activity_.spikes[image_.cores[i].neurons[spike.compartment].index()];
            }
        }
        activity_.input_spikes += tally.input_spikes;
        if (activity_.steps++ >= from_) counted_ += tally;
    }

    [[nodiscard]] const Tally& counted() const noexcept { return counted_; }
    [[nodiscard]] compiler::Activity take() { return std::move(activity_); }

private:
    const isa::Image& image_;
    std::uint64_t from_;
    compiler::Activity activity_;
    Tally counted_;
};

}  // namespace

Trial try_mapping(const std::shared_ptr<const Loaded>& loaded, const RunSettings& run,
                  std::uint64_t steps, std::uint64_t from) {
    Meter meter{loaded->image, from};
    Simulation simulation{loaded, run, {&meter}};
    simulation.run(from);
    const double before = joules(simulation.energy().total());
    simulation.run(steps - from);
    const auto mean = [steps, from](double sum) { return sum / static_cast<double>(steps - from); };
    Trial trial;
    trial.spike_hash = simulation.result().spike_hash;
    trial.measured.fits = true;
    trial.measured.cores = static_cast<std::uint32_t>(loaded->image.cores.size());
    trial.measured.step_time_s = mean(seconds(meter.counted().time));
    trial.measured.step_energy_j = mean(joules(simulation.energy().total()) - before);
    trial.measured.packets_per_step = mean(static_cast<double>(meter.counted().packets));
    trial.activity = meter.take();
    return trial;
}

}  // namespace seamount::session
