#include "compiler/fit/fit.hpp"

#include <algorithm>
#include <utility>

#include "compiler/lower/lower.hpp"
#include "compiler/place/place.hpp"

namespace seamount::compiler {
namespace {

/// So many chips of a kind are looked at: the synapses of more need not fit this machine.
constexpr std::uint32_t kMostChips = 16;

std::uint64_t parts(std::uint64_t whole, std::uint64_t part) {
    return (whole + part - 1) / part;
}

}  // namespace

FitStudy::FitStudy(const Network& network, const isa::ChipSpec& chip, const FitOptions& options)
    : chip_{chip} {
    report_.exact = options.exact.has_value();
    report_.neurons = network.neuron_count();
    for (const Input& input : network.inputs) report_.inputs.push_back(input.image.name);
    report_.steps_per_sample = network.dataset.steps_per_sample;
    report_.samples_end_early = network.dataset.ends_early();
    report_.samples = network.dataset.samples;
    report_.chips.cores_each = cores_per_chip(chip);
    report_.chips.available = std::uint64_t{chip.mesh.chips_x} * chip.mesh.chips_y;
    if (!lower_network(network)) {
        report_.verdict = FitVerdict::kDoesNotFit;
        return;
    }
    report_.synapses = lowered_->synapse_count();
    report_.need =
        options.exact ? exact_need(*lowered_, chip, *options.exact) : quick_need(*lowered_, chip);
    report_.verdict = report_.need.verdict;
    count_chips();
    report_.layers = layer_fits(*lowered_, report_.need.cut, chip.limits);
    if (report_.verdict == FitVerdict::kFits) return;
    const std::vector<isa::ChipSpec> others =
        options.other_chips ? options.other_chips() : std::vector<isa::ChipSpec>{};
    report_.changes = changes_for({network, *lowered_, report_.need, report_.layers, chip, others,
                                   report_.chips.needed, report_.exact});
}

bool FitStudy::lower_network(const Network& network) {
    const std::uint32_t chips =
        std::max<std::uint32_t>(1, std::min(kMostChips, 65536 / std::max(1U, chip_.cores())));
    Diagnostics found;
    Lowered lowered = lower(network, several(chip_, chips), found);
    if (!found.has_errors()) {
        report_.warnings = found.all();
        lowered_ = std::move(lowered);
        return true;
    }
    const bool only_refusals = std::ranges::all_of(found.all(), [](const Diagnostic& finding) {
        return finding.severity == Severity::kWarning || is_refusal(finding);
    });
    if (!only_refusals) found.throw_if_errors();
    report_.too_large = true;
    report_.chips.least = chips * report_.chips.available + 1;
    for (const Diagnostic& finding : found.all()) {
        (is_refusal(finding) ? report_.need.refusals : report_.warnings).push_back(finding);
    }
    return false;
}

void FitStudy::count_chips() {
    ChipCount& chips = report_.chips;
    const CoreNeed& need = report_.need;
    const std::uint64_t usable =
        std::max<std::uint64_t>(1, std::min(chips.cores_each, need.usable_cores));
    chips.least = parts(need.least.cores, usable);
    if (need.misfits != 0) return;
    chips.needed = report_.verdict == FitVerdict::kFits
                       ? parts(need.cores, std::max<std::uint64_t>(1, chips.cores_each))
                       : parts(need.cores, usable);
}

std::optional<RateEstimate> FitStudy::cost(const SourceRates& rates) const {
    const CoreNeed& need = report_.need;
    if (!lowered_ || need.misfits != 0 || !chip_.priced()) return std::nullopt;
    const std::uint64_t groups = parts(need.cores, std::max<std::uint64_t>(1, need.usable_cores));
    const isa::ChipSpec chip =
        groups <= 1 ? chip_ : several(chip_, static_cast<std::uint32_t>(groups));
    Mapping mapping = need.cut.mapping;
    const bool is_placed = std::ranges::none_of(
        mapping.core_of, [](CoreId core) { return core == Mapping::kUnplaced; });
    if (!is_placed) place(mapping, chip, Placer::kHilbert, 1);
    return estimate(*lowered_, mapping, chip, rates);
}

}  // namespace seamount::compiler
