#include <fmt/core.h>

#include <string_view>
#include <utility>

#include "isa/base/text.hpp"
#include "isa/chip/chip_keys.hpp"
#include "tools/inspect/compile_summary.hpp"
#include "tools/run/run_summary.hpp"
#include "tools/session/run_sum.hpp"

namespace seamount::tools {
namespace {

using session::CoreCounter;

/// Collects warnings about one file.
class Losses {
public:
    explicit Losses(std::string file) : file_{std::move(file)} {}

    void add(const char* code, std::string message, std::string hint = {}) {
        list_.push_back(
            {code, {file_, 0, 0}, std::move(message), std::move(hint), Severity::kWarning});
    }
    std::vector<Diagnostic> take() { return std::move(list_); }

private:
    std::string file_;
    std::vector<Diagnostic> list_;
};

void add_losses_of_cores(const session::CoreCounts& cores, Losses& losses) {
    if (const std::uint64_t dropped = cores[CoreCounter::kDroppedPushes]; dropped != 0) {
        losses.add("RUN-DROPPED",
                   fmt::format("{} PSH of the microcode went beyond their core and were dropped",
                               grouped(dropped)),
                   "keep the compartments that pass values to each other in one core");
    }
    if (const std::uint64_t overflows = cores[CoreCounter::kOverflows]; overflows != 0) {
        losses.add(
            "RUN-OVERFLOW",
            fmt::format("{} {} of the microcode did not fit the width that the instruction names "
                        "(.w22, .w24, .sat, ...) or the 32 bits of an accumulator, wrapped or "
                        "saturated as on the chip",
                        grouped(overflows), overflows == 1 ? "result" : "results"),
            "smaller weights or exponents, or more decay; overflows in cores.csv says where");
    }
}

/// Events that happened and that nobody gave a price, of a chip that does not say that they are
/// free.
void add_unpriced(const RunOutcome& outcome, Losses& losses) {
    const isa::ChipSpec& chip = outcome.loaded.chip;
    const auto given = [&chip](std::string_view key) {
        return chip.origins.of.contains(fmt::format("prices.{}", key));
    };
    if (!chip.priced() || given(isa::chip_keys::kOthers)) return;
    std::string missing;
    for (const isa::EventInfo& row : isa::kEventTable) {
        if (row.follows || outcome.result.totals.counts.of(row.event) == 0) continue;
        for (const char* const unit : {"_ns", "_pj"}) {
            const std::string key = fmt::format("{}{}", row.name, unit);
            if (given(key) || (!row.has_time && key.ends_with("_ns"))) continue;
            missing += fmt::format("{}{}", missing.empty() ? "" : ", ", key);
        }
    }
    if (missing.empty()) return;
    losses.add("RUN-PRICE",
               fmt::format("the prices '{}' of chip '{}' lack {}: what the run counted of them "
                           "costs nothing",
                           chip.prices_name, chip.name, missing),
               "give each (0 if it is free), or say 'others: free' in the profile");
}

/// Populations that could have spiked and did not. The state of a readout may be all that is
/// wanted.
void add_silence(const RunOutcome& outcome, Losses& losses) {
    const isa::Image& image = outcome.loaded.image;
    std::string silent;
    for (const std::uint32_t p : outcome.result.silent_populations) {
        const bool read_by_state =
            image.readout.by == isa::ReadoutBy::kMaxState && image.readout.population == p;
        if (read_by_state || !session::can_spike(image, p)) continue;
        silent += fmt::format("{}'{}'", silent.empty() ? "" : ", ", image.populations[p].name);
    }
    if (silent.empty() || outcome.result.run.steps == 0) return;
    losses.add("RUN-SILENT",
               fmt::format("no neuron of {} ever spiked in {}", silent,
                           counted(outcome.result.run.steps, "step")),
               "does input reach it, and are its weights large enough for its threshold? 'seamount "
               "compile' says what quantisation left of them; scale: auto chooses their scale");
}

}  // namespace

std::vector<Diagnostic> losses_of(const RunOutcome& outcome) {
    Losses losses{outcome.loaded.file.string()};
    if (outcome.loaded.report) {
        for (const compiler::QuantisationLoss& loss : outcome.loaded.report->losses) {
            // What was clipped is a warning of the compiler.
            if (loss.truncated == 0) continue;
            losses.add("RUN-PRECISION", loss_text(loss),
                       loss.nearest ? ""
                                    : "the projection's 'rounding: nearest' takes the nearest "
                                      "weight that can be stored");
        }
    }
    add_losses_of_cores(outcome.result.run.cores, losses);
    add_silence(outcome, losses);
    add_unpriced(outcome, losses);
    if (const std::uint64_t wide = outcome.result.totals.wide_packets; wide != 0) {
        losses.add("RUN-PAYLOAD",
                   fmt::format("{} {} a payload beyond the width that the network declares and "
                               "took the flits that it needs",
                               grouped(wide), wide == 1 ? "packet has" : "packets have"),
                   "a larger 'payload_bits' of the projection, or smaller payloads");
    }
    if (outcome.empty_values != 0) {
        losses.add("RUN-VIEW",
                   fmt::format("{} values of probed views divided by zero or overflowed; they "
                               "are empty in potentials.csv",
                               grouped(outcome.empty_values)));
    }
    const isa::DatasetImage& dataset = outcome.loaded.image.dataset;
    // Those of no finished sample; a run does not go beyond its dataset.
    const std::uint64_t steps = outcome.result.run.steps - outcome.result.samples.steps;
    if (dataset.samples != 0 && steps != 0) {
        losses.add("RUN-PARTIAL",
                   fmt::format("the last sample was cut off after {} of its {} steps and is not "
                               "scored",
                               steps, dataset.steps_per_sample));
    }
    return losses.take();
}

}  // namespace seamount::tools
