#include <fmt/core.h>

#include <utility>

#include "isa/base/text.hpp"
#include "tools/inspect/compile_summary.hpp"
#include "tools/run/run_summary.hpp"

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
                        "(.w22, .w24, .sat, ...), wrapped or saturated as on the chip",
                        grouped(overflows), overflows == 1 ? "result" : "results"),
            "smaller weights or exponents, or more decay; overflows in cores.csv says where");
    }
}

}  // namespace

std::vector<Diagnostic> losses_of(const RunOutcome& outcome) {
    Losses losses{outcome.loaded.file.string()};
    if (outcome.loaded.report) {
        for (const std::string& loss : truncation_losses(*outcome.loaded.report)) {
            losses.add("RUN-PRECISION", loss);
        }
    }
    add_losses_of_cores(outcome.result.run.cores, losses);
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
    const std::uint64_t steps = outcome.result.totals.steps;
    if (dataset.samples != 0 && steps % dataset.steps_per_sample != 0) {
        losses.add("RUN-PARTIAL",
                   fmt::format("the last sample was cut off after {} of its {} steps and is not "
                               "scored",
                               steps % dataset.steps_per_sample, dataset.steps_per_sample));
    }
    return losses.take();
}

}  // namespace seamount::tools
