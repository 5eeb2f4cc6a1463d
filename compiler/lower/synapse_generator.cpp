#include "compiler/lower/synapse_generator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "compiler/base/huge_pages.hpp"
#include "compiler/lower/quantise/quantiser.hpp"
#include "isa/base/assert.hpp"
#include "isa/base/text.hpp"

namespace seamount::compiler {
namespace {

isa::SignMode needed_mode(const std::vector<double>& weights) {
    bool positive = false;
    bool negative = false;
    for (const double w : weights) {
        positive = positive || w > 0.0;
        negative = negative || w < 0.0;
    }
    if (!negative) return isa::kExcitatory;
    return positive ? isa::kMixed : isa::kInhibitory;
}

bool is_fraction(double weight) {
    constexpr double kWhole = 0x1p52;  // from here on all are
    return std::fabs(weight) < kWhole &&
           weight != static_cast<double>(static_cast<std::int64_t>(weight));
}

bool has_fraction(const std::vector<RawSynapse>& row) {
    return std::any_of(row.begin(), row.end(),
                       [](const RawSynapse& synapse) { return is_fraction(synapse.weight); });
}

/// Collects the synapses of a projection row by row.
class TableBuilder {
public:
    TableBuilder(const Projection& projection, std::uint32_t sources, std::uint32_t targets,
                 const SynapseBounds& bounds)
        : projection_{projection}, sources_{sources}, targets_{targets}, bounds_{bounds} {
        table_.first.reserve(std::size_t{sources} + 1);
        begin();
    }

    /// False, with a message, if the projection has too many synapses.
    bool build(std::uint32_t longest_delay, Diagnostics& diagnostics);

    [[nodiscard]] SynapseTable take() { return std::move(table_); }
    [[nodiscard]] isa::SignMode mode() const noexcept { return mode_; }
    [[nodiscard]] std::uint32_t largest_delay() const noexcept { return largest_delay_; }
    [[nodiscard]] QuantisationLoss loss() const { return quantiser_->loss(); }

private:
    void begin();
    [[nodiscard]] Quantiser::Params params(isa::SignMode mode) {
        mode_ = mode;
        const WeightRounding unsaid =
            has_fractions_ ? WeightRounding::kNearest : WeightRounding::kTruncate;
        return {mode, static_cast<int>(projection_.bits), projection_.exponent,
                projection_.rounding.value_or(unsaid), projection_.keeps_learned()};
    }
    /// Whole weights come first: rounding that nobody chose is that of whole ones until another
    /// comes, and then all begins again.
    [[nodiscard]] bool must_restart(const std::vector<RawSynapse>& row) const {
        return quantiser_ && !projection_.rounding && !has_fractions_ && has_fraction(row);
    }
    void append(std::uint32_t source, const std::vector<RawSynapse>& row);
    void append_delay(std::size_t synapse, std::uint32_t delay);
    /// Makes room for about so many synapses, at once: growing would move them.
    void reserve(double synapses);
    /// Synapses that so many rows like these may have.
    [[nodiscard]] std::uint64_t bound(std::uint32_t rows_done) const {
        const bool is_full = table_.target.size() == std::uint64_t{rows_done} * targets_;
        return is_full ? bounds_.full_rows : bounds_.synapses;
    }

    const Projection& projection_;
    std::uint32_t sources_;
    std::uint32_t targets_;
    SynapseBounds bounds_;
    isa::SignMode mode_ = isa::kMixed;
    std::optional<Quantiser> quantiser_;
    SynapseTable table_;
    std::vector<double> asked_;  // until the sign mode is known
    bool has_fractions_ = false;
    std::uint32_t largest_delay_ = 0;
    std::uint64_t bad_weights_ = 0;
    std::uint32_t bad_source_ = 0;
    std::uint32_t bad_target_ = 0;
};

void TableBuilder::begin() {
    table_.first.assign(1, 0);
    table_.target.clear();
    table_.weight.clear();
    table_.delay.clear();
    largest_delay_ = 0;
    bad_weights_ = 0;
    if (projection_.sign_mode) {
        quantiser_.emplace(params(static_cast<isa::SignMode>(*projection_.sign_mode)));
    }
}

void TableBuilder::append_delay(std::size_t synapse, std::uint32_t delay) {
    if (delay != 0 && table_.delay.empty()) {
        table_.delay.reserve(table_.target.capacity());
        table_.delay.assign(synapse, 0);
    }
    largest_delay_ = std::max(largest_delay_, delay);
    if (delay != 0 || !table_.delay.empty()) {
        table_.delay.push_back(static_cast<std::uint8_t>(delay & 0xFFU));
    }
}

void TableBuilder::append(std::uint32_t source, const std::vector<RawSynapse>& row) {
    std::size_t at = table_.target.size();
    table_.target.resize(at + row.size());
    if (quantiser_) table_.weight.resize(at + row.size());
    for (const RawSynapse& synapse : row) {
        SM_ASSERT(synapse.target < targets_, projection_.name);
        double weight = synapse.weight;
        if (!std::isfinite(weight)) {
            if (bad_weights_++ == 0) {
                bad_source_ = source;
                bad_target_ = synapse.target;
            }
            weight = 0.0;
        }
        table_.target[at] = synapse.target;
        append_delay(at, synapse.delay);
        if (quantiser_) {
            table_.weight[at] = quantiser_->quantise(weight);
        } else {
            asked_.push_back(weight);
        }
        ++at;
    }
    table_.first.push_back(at);
}

void TableBuilder::reserve(double synapses) {
    const auto most = static_cast<double>(std::max(bounds_.synapses, bounds_.full_rows));
    const auto size = static_cast<std::size_t>(std::min(synapses * 1.02, most));
    table_.target.reserve(size);
    table_.weight.reserve(size);
    if (!quantiser_) asked_.reserve(size);
    want_huge_pages(table_.target);
    want_huge_pages(table_.weight);
    want_huge_pages(asked_);
}

bool TableBuilder::build(std::uint32_t longest_delay, Diagnostics& diagnostics) {
    constexpr std::uint32_t kSampleRows = 64;
    std::vector<RawSynapse> row;
    const std::uint64_t expected = projection_.rows->synapses();
    if (expected != 0) reserve(static_cast<double>(expected));
    for (std::uint32_t source = 0; source < sources_; ++source) {
        projection_.rows->row(source, row);
        if (must_restart(row)) {
            has_fractions_ = true;
            begin();
            source = 0;
            projection_.rows->row(source, row);
        }
        append(source, row);
        if (expected == 0 && source + 1 == kSampleRows) {
            reserve(static_cast<double>(table_.target.size()) / kSampleRows * sources_);
        }
        if (table_.target.size() > bound(source + 1)) {
            diagnostics.error(
                "CMP-FIT", projection_.where,
                fmt::format("projection '{}' does not fit: after {} of {} sources it has {} "
                            "synapses, the synapse memory of the whole chip holds at most {}",
                            projection_.name, grouped(source + 1), grouped(sources_),
                            grouped(table_.target.size()), grouped(bound(source + 1))),
                "lower the number of connections or the stored bits, or use a chip with more cores "
                "or more synapse memory");
            return false;
        }
    }
    if (!quantiser_) {
        has_fractions_ = std::any_of(asked_.begin(), asked_.end(), is_fraction);
        quantiser_.emplace(params(needed_mode(asked_)));
        table_.weight.reserve(asked_.size());
        for (const double asked : asked_) table_.weight.push_back(quantiser_->quantise(asked));
    }
    if (bad_weights_ != 0) {
        diagnostics.error("CMP-WEIGHT", projection_.where,
                          fmt::format("projection '{}': the weight from {} to {} is not a finite "
                                      "number ({} such weight{})",
                                      projection_.name, bad_source_, bad_target_,
                                      grouped(bad_weights_), bad_weights_ == 1 ? "" : "s"),
                          "check the formula or the file that it comes from");
    }
    if (largest_delay_ > longest_delay) {
        diagnostics.error("CMP-DELAY", projection_.where,
                          fmt::format("projection '{}' has a delay of {} steps, must be in [0, {}]",
                                      projection_.name, largest_delay_, longest_delay),
                          "shorten the delays or use a chip with a larger max_delay");
    }
    return true;
}

}  // namespace

std::optional<GeneratedSynapses> SynapseGenerator::synapses(const Network& network,
                                                            const Projection& projection,
                                                            const SynapseBounds& bounds,
                                                            Diagnostics& diagnostics) {
    const std::size_t before = diagnostics.all().size();
    TableBuilder builder{projection, network.source_size(projection.from),
                         network.populations[projection.to].size, bounds};
    if (!builder.build(bounds.delay, diagnostics)) return std::nullopt;
    if (diagnostics.all().size() != before) return std::nullopt;
    return GeneratedSynapses{builder.take(), static_cast<std::uint8_t>(builder.mode()),
                             builder.largest_delay(), builder.loss()};
}

}  // namespace seamount::compiler
