#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "isa/image/image_check.hpp"

namespace seamount::isa {
namespace {

class InputCheck {
public:
    InputCheck(std::size_t index, const InputImage& input, CheckContext& context)
        : in_{input}, context_{context}, who_{fmt::format("input {} '{}'", index, input.name)} {}

    void run() {
        if (kInputKindNames.index_of(in_.kind) >= kInputKindNames.size()) {
            fault("kind {} is unknown", static_cast<int>(in_.kind));
            return;
        }
        if (!in_.shape.empty() && product(in_.shape) != in_.size) {
            fault("has {} sources, its shape another number", in_.size);
        }
        if (in_.kind == InputKind::kReward && in_.size != static_cast<std::uint32_t>(kRewards)) {
            fault("has {} reward channels, must have {}", in_.size, kRewards);
        }
        check_spikes();
        if (in_.kind == InputKind::kTimedEvents) check_events();
        check_rates();
        check_samples();
        check_writes();
        const bool spikes = in_.kind != InputKind::kWrite && in_.kind != InputKind::kReward;
        if (spikes || !in_.output_first.empty() || !in_.outputs.empty()) {
            check_outputs(who_, in_.size, in_.output_first, in_.outputs, context_);
        }
    }

private:
    template <class... Args>
    bool fault(fmt::format_string<Args...> text, Args&&... args) {
        return context_.faults.add(who_ + ": " + fmt::format(text, std::forward<Args>(args)...));
    }

    void check_spikes() {
        const auto& steps = in_.spike_steps;
        const auto& sources = in_.spike_sources;
        const bool values = in_.kind == InputKind::kWrite && in_.samples.empty();
        const bool lists = in_.kind == InputKind::kSpikes || in_.kind == InputKind::kReward ||
                           in_.kind == InputKind::kTimedEvents || values;
        if (steps.size() != sources.size() || (!lists && !steps.empty())) {
            fault("{} spike steps and {} spike sources for input kind {}", steps.size(),
                  sources.size(), static_cast<int>(in_.kind));
            return;
        }
        const std::size_t payloads = in_.spike_payloads.size();
        if ((payloads != 0 || values) && payloads != steps.size()) {
            fault("has {} spike payloads, must have none or {}", payloads, steps.size());
        }
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (sources[i] >= in_.size &&
                !fault("spike {} comes from source {} of {}", i, sources[i], in_.size)) {
                return;
            }
            if (i != 0 && (steps[i] < steps[i - 1] ||
                           (steps[i] == steps[i - 1] && sources[i] < sources[i - 1]))) {
                fault("spikes are not sorted by step and source at spike {}", i);
                return;
            }
        }
    }

    /// Each spike once, within the driven steps of a sample.
    void check_events() {
        const DatasetImage& dataset = context_.image.dataset;
        const std::uint64_t steps = dataset.steps_per_sample;
        const std::uint64_t driven = steps - std::min<std::uint64_t>(dataset.blank, steps);
        if (!(in_.events.bin > 0.0) || dataset.samples == 0 || steps == 0) {
            fault("has events in bins of {} of {} samples", in_.events.bin, dataset.samples);
            return;
        }
        const auto& at = in_.spike_steps;
        for (std::size_t i = 0; i < at.size() && i < in_.spike_sources.size(); ++i) {
            const bool twice =
                i != 0 && at[i] == at[i - 1] && in_.spike_sources[i] == in_.spike_sources[i - 1];
            if (!twice && at[i] / steps < dataset.samples && at[i] % steps < driven) continue;
            if (!fault("event {} in step {} is a second one, or outside of the driven steps", i,
                       at[i])) {
                return;
            }
        }
    }

    void check_rates() {
        const bool drives = (in_.kind == InputKind::kRate || in_.kind == InputKind::kPhasedRate ||
                             in_.kind == InputKind::kPoisson) &&
                            in_.samples.empty();
        const std::size_t expected = drives ? in_.size : 0;
        if (in_.rates.size() != expected) {
            fault("has {} rates, must have {}", in_.rates.size(), expected);
        }
    }

    void check_samples() {
        const DatasetImage& dataset = context_.image.dataset;
        const std::uint64_t values = in_.samples.size();
        const bool raster = in_.kind == InputKind::kRaster;
        // samples x steps fits 64 bits; the division keeps the rest from overflowing.
        const std::uint64_t lists =
            std::uint64_t{dataset.samples} *
            (raster ? dataset.steps_per_sample - std::min(dataset.blank, dataset.steps_per_sample)
                    : 1U);
        const bool complete =
            in_.size == 0 ? values == 0 : values % in_.size == 0 && values / in_.size == lists;
        if (in_.kind == InputKind::kSpikes || in_.kind == InputKind::kTimedEvents) {
            if (values != 0) fault("has a list of spikes and {} sample values", values);
            return;
        }
        if (in_.kind == InputKind::kGraded) return check_payloads(complete);
        if (in_.kind == InputKind::kWrite) {
            if (values == 0 && !in_.spike_steps.empty()) return;
            if (values != in_.size && !complete) {
                fault("has {} values to write, must have {} or {} x {}", values, in_.size, lists,
                      in_.size);
            }
            return;
        }
        const bool needs_dataset = raster || in_.kind == InputKind::kLatency;
        if (!(complete && (lists != 0 || !needs_dataset)) && (needs_dataset || values != 0)) {
            fault("has {} sample values, must have {} x {}", values, lists, in_.size);
        }
        if (in_.full_scale < 1) {
            fault("has a full scale of {}, must be at least 1", in_.full_scale);
            return;
        }
        const auto [low, high] = std::minmax_element(in_.samples.begin(), in_.samples.end());
        const std::int32_t most = raster ? 1 : in_.full_scale;
        if (values != 0 && (*low < 0 || *high > most)) {
            fault("has sample values in [{}, {}], must be in [0, {}]", *low, *high, most);
        }
    }

    /// `complete`: there is a payload for each sample and source.
    void check_payloads(bool complete) {
        const DatasetImage& dataset = context_.image.dataset;
        const std::uint64_t driven =
            dataset.steps_per_sample - std::min(dataset.blank, dataset.steps_per_sample);
        const std::uint64_t lists = in_.size == 0 ? 0 : in_.samples.size() / in_.size;
        const bool each_step = in_.size != 0 && in_.samples.size() % in_.size == 0 &&
                               lists == std::uint64_t{dataset.samples} * driven;
        if (dataset.samples != 0 && (complete || each_step)) return;
        fault("has {} payloads, must have {} x {}, or these for each of {} steps",
              in_.samples.size(), dataset.samples, in_.size, driven);
    }

    void check_writes() {
        const std::size_t expected = in_.kind == InputKind::kWrite ? in_.size : 0;
        if (in_.writes.size() != expected) {
            fault("has {} places to write, must have {}", in_.writes.size(), expected);
        }
        for (std::size_t i = 0; i < in_.writes.size(); ++i) {
            const auto& [neuron, state] = in_.writes[i];
            if (neuron.value() < context_.neurons &&
                state < static_cast<std::uint32_t>(kStateWords)) {
                continue;
            }
            if (!fault("writes state word {} of neuron {}: no such place", state, neuron)) return;
        }
    }

    const InputImage& in_;
    CheckContext& context_;
    std::string who_;
};

}  // namespace

void check_input(std::size_t index, const InputImage& input, CheckContext& context) {
    InputCheck{index, input, context}.run();
}

}  // namespace seamount::isa
