#include "compiler/partition/fill/incoming.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "compiler/base/huge_pages.hpp"
#include "compiler/ir/fanout.hpp"
#include "compiler/ir/rows/shared_rows.hpp"
#include "isa/base/assert.hpp"
#include "isa/image/synapse_cost.hpp"

namespace seamount::compiler {

Incoming::Incoming(const Lowered& lowered, std::uint32_t overhead_percent) {
    if (lowered.pool) return;  // OpenPool knows what neurons cost
    sort_by_target(lowered, number(lowered, overhead_percent));
}

void Incoming::add_price(const Lowered& lowered, const LoweredProjection& projection,
                         std::uint32_t overhead_percent) {
    Price& price = prices_.emplace_back();
    if (shares_rows(lowered, projection.from)) price.formats = 2;
    for (std::uint32_t k = 0; k < kBlock; ++k) {
        price.step[k] =
            static_cast<std::uint32_t>(isa::synapse_bits(projection.format, k + 1, kBlock) -
                                       isa::synapse_bits(projection.format, k, kBlock));
    }
    if (!projection.share || !projection.convolution) return;
    isa::SynapseFormat dense = projection.format;
    dense.index_bits = 0;
    // The output channels of a tap are neighbours on their core.
    const std::uint32_t run = projection.convolution->outputs_per_group();
    const std::uint64_t bits =
        std::min(synapse_bits(dense, run), isa::synapse_bits(projection.format, run));
    price.once =
        static_cast<std::uint32_t>((bits + run - 1) / run * (100 + overhead_percent) / 100);
}

std::vector<Incoming::Numbering> Incoming::number(const Lowered& lowered,
                                                  std::uint32_t overhead_percent) {
    using FormatKey = std::pair<isa::SynapseFormat, std::uint32_t>;  // 1 + projection if shared
    std::map<FormatKey, std::uint16_t> formats;
    std::map<std::tuple<bool, std::uint32_t, SynapseKind>, std::uint32_t> first_slot;
    std::map<std::tuple<bool, std::uint32_t, std::uint8_t>, std::uint32_t> first_axon;
    std::vector<Numbering> numbering;
    for (std::size_t n = 0; n < lowered.projections.size(); ++n) {
        const LoweredProjection& p = lowered.projections[n];
        Numbering& own = numbering.emplace_back();
        const bool shares = shares_rows(lowered, p.from);
        const std::uint32_t sources = lowered.network.source_size(p.from);
        const auto [format, is_new_format] =
            formats.try_emplace(FormatKey{p.format, shares ? static_cast<std::uint32_t>(n) + 1 : 0},
                                static_cast<std::uint16_t>(prices_.size()));
        SM_ASSERT(formats.size() <= 0xFFFF, "too many synapse formats");
        if (is_new_format) add_price(lowered, p, overhead_percent);

        if (shares) own.group_of = shared_groups(lowered, p.from);
        const auto [axon, is_new_axon] =
            first_axon.try_emplace({p.from.is_input, p.from.index, p.channel}, axons_);
        own.first_axon = axon->second;
        if (is_new_axon) axons_ += sources;

        if (p.share && p.convolution) {
            own.kernel = p.convolution.get();
            own.first_slot = slots();
            format_.insert(format_.end(), own.kernel->weights(), format->second);
            axon_of_slot_.resize(format_.size());
            continue;
        }
        const auto [slot, is_new_slot] =
            first_slot.try_emplace({p.from.is_input, p.from.index, kind_of(lowered, n)}, slots());
        own.first_slot = slot->second;
        if (!is_new_slot) continue;
        format_.insert(format_.end(), sources, format->second);
        for (std::uint32_t s = 0; s < sources; ++s) {
            axon_of_slot_.push_back(own.first_axon + (shares ? own.group_of[s] : s));
        }
    }
    return numbering;
}

/// Counting sort.
void Incoming::sort_by_target(const Lowered& lowered, const std::vector<Numbering>& numbering) {
    first_.assign(std::size_t{lowered.neuron_count()} + 1, 0);
    for (const LoweredProjection& p : lowered.projections) {
        const std::uint32_t base = lowered.populations[p.to].first_neuron.value();
        for (const std::uint32_t target : p.synapses.target) ++first_[base + target + 1];
    }
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
    slots_.reserve(first_.back());
    want_huge_pages(slots_);
    slots_.resize(first_.back());
    const bool kernels = std::any_of(numbering.begin(), numbering.end(),
                                     [](const Numbering& n) { return n.kernel != nullptr; });
    if (kernels) axon_.resize(first_.back());
    std::vector<std::uint64_t> next(first_.begin(), first_.end() - 1);
    for (std::size_t n = 0; n < lowered.projections.size(); ++n) {
        const LoweredProjection& p = lowered.projections[n];
        const Numbering& own = numbering[n];
        const std::uint32_t base = lowered.populations[p.to].first_neuron.value();
        for (std::uint32_t s = 0; s + 1 < p.synapses.first.size(); ++s) {
            const std::uint32_t axon =
                own.first_axon + (own.group_of.empty() ? s : own.group_of[s]);
            std::uint64_t e = p.synapses.first[s];
            const auto add = [&](std::uint32_t slot) {
                const std::uint64_t at = next[base + p.synapses.target[e++]]++;
                slots_[at] = slot;
                if (kernels) axon_[at] = axon;
            };
            if (own.kernel != nullptr) {
                // Weights of 0 may have been dropped.
                own.kernel->for_each_target(s, [&](std::uint32_t target, std::uint32_t weight) {
                    if (e == p.synapses.first[s + 1] || p.synapses.target[e] != target) return;
                    add(own.first_slot + weight);
                });
                SM_ASSERT(e == p.synapses.first[s + 1],
                          "a convolution's synapses are in the order of its geometry");
            } else {
                while (e < p.synapses.first[s + 1]) add(own.first_slot + s);
            }
        }
    }
}

}  // namespace seamount::compiler
