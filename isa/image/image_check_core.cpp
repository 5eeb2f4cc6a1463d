#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "isa/image/image_check.hpp"
#include "isa/image/synapse_block.hpp"

namespace seamount::isa {
namespace {

constexpr std::uint64_t kMaxCompartments = 65536;  ///< a synapse names its target with 16 bits

/// Faults of one core, named after it.
class CoreCheck {
public:
    CoreCheck(const CoreImage& core, CheckContext& context)
        : core_{core},
          context_{context},
          who_{fmt::format("core {}", core.core)},
          highest_target_(core.rows.size()) {}

    void run() {
        check_groups();
        if (check_formats()) check_rows();
        check_input_axons();
        check_outputs(who_, compartments_, core_.output_first, core_.outputs, context_);
    }

private:
    template <class... Args>
    bool fault(fmt::format_string<Args...> text, Args&&... args) {
        return context_.faults.add(who_ + ": " + fmt::format(text, std::forward<Args>(args)...));
    }

    void check_groups() {
        const Image& image = context_.image;
        for (std::size_t g = 0; g < core_.groups.size() && !context_.faults.full(); ++g) {
            const NeuronGroup& group = core_.groups[g];
            if (group.first != compartments_ || group.count == 0) {
                fault("group {} holds {} compartments from {}, must follow at {}", g, group.count,
                      group.first, compartments_);
            }
            compartments_ += group.count;
            if (group.program >= image.programs.size()) {
                fault("group {} runs program {} of {}", g, group.program, image.programs.size());
            }
            if (group.population >= image.populations.size()) {
                fault("group {} belongs to population {} of {}", g, group.population,
                      image.populations.size());
            } else {
                check_program(g, group);
                check_neurons(g, group);
            }
            check_state(g, group);
        }
        if (compartments_ > kMaxCompartments || compartments_ != core_.neurons.size()) {
            fault("groups hold {} compartments and there are {} neuron ids (at most {})",
                  compartments_, core_.neurons.size(), kMaxCompartments);
        }
    }

    void check_program(std::size_t g, const NeuronGroup& group) {
        if (group.program >= context_.image.programs.size()) return;
        const ProgramImage* const program = &context_.image.programs[group.program];
        const ProgramImage*& of_population = context_.program_of[group.population];
        if (of_population != nullptr && of_population != program) {
            fault("group {} runs another program than the rest of population {}", g,
                  group.population);
        }
        of_population = program;
    }

    void check_neurons(std::size_t g, const NeuronGroup& group) {
        const PopulationImage& population = context_.image.populations[group.population];
        const std::size_t end =
            std::min<std::size_t>(core_.neurons.size(), std::size_t{group.first} + group.count);
        for (std::size_t c = group.first; c < end; ++c) {
            // Wraps to a large number if the id lies before the population.
            if (core_.neurons[c] - population.first_neuron < population.count) continue;
            if (!fault("compartment {} of group {} is neuron {}, outside population '{}'", c, g,
                       core_.neurons[c], population.name)) {
                return;
            }
        }
    }

    void check_state(std::size_t g, const NeuronGroup& group) {
        if (group.state.size() > static_cast<std::size_t>(kStateWords)) {
            fault("group {} has {} state words, at most {}", g, group.state.size(), kStateWords);
        }
        for (std::size_t w = 0; w < group.state.size(); ++w) {
            const std::size_t values = group.state[w].size();
            if (values == 1 || values == group.count) continue;
            if (!fault("group {} has {} initial values of state word {}, must be 1 or {}", g,
                       values, w, group.count)) {
                return;
            }
        }
    }

    /// False if rows cannot be read by these formats.
    bool check_formats() {
        bool good = true;
        if (core_.formats.size() > 128) {
            fault("{} synapse formats, at most 128", core_.formats.size());
        }
        for (std::size_t i = 0; i < core_.formats.size(); ++i) {
            const SynapseFormat& f = core_.formats[i];
            const bool weight = f.weight_bits >= 1 && f.weight_bits <= 8 && f.weight_bits != 7 &&
                                f.weight_exponent >= -8 && f.weight_exponent <= 7;
            const bool index = f.index_bits == 0 || (f.index_bits >= 6 && f.index_bits <= 16);
            const bool dense = (f.flags & SynapseFormat::kDense) != 0;
            const bool holes = (f.flags & SynapseFormat::kHoles) != 0;
            const bool on_sum = (f.flags & SynapseFormat::kOnSum) != 0;
            if (weight && index && f.delay_bits <= (dense ? 6 : 7) && f.tag_bits <= 17 &&
                f.sign_mode >= 1 && f.sign_mode <= 3 && f.accumulator < kAccumulators &&
                f.flags <= SynapseFormat::kFlags && (dense ? f.index_bits == 0 : !holes) &&
                (on_sum ? f.rule() == Accumulate::kSum : f.sum == 0) &&
                !(dense && f.plastic != 0)) {
                continue;
            }
            good = false;
            if (!fault("synapse format {} has a field out of range", i)) break;
        }
        return good;
    }

    /// Notes the highest target of every row. Rows that start at the same offset are walked once;
    /// others may share blocks, but not so many that the walk becomes long.
    void check_rows() {
        std::uint64_t budget = 4 * std::uint64_t{core_.synapses.size()} + 16 * core_.rows.size();
        std::vector<std::uint32_t> order(core_.rows.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
            return core_.rows[a] < core_.rows[b];
        });
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (i != 0 && core_.rows[order[i]] == core_.rows[order[i - 1]]) {
                highest_target_[order[i]] = highest_target_[order[i - 1]];
            } else if (!check_row(order[i], budget)) {
                return;
            }
        }
    }

    /// False if no further row is to be looked at.
    bool check_row(std::size_t r, std::uint64_t& budget) {
        std::uint64_t at = core_.rows[r];
        for (bool last = false; !last;) {
            if (at >= core_.synapses.size()) {
                return fault("row {} runs past the {} words of synapse memory", r,
                             core_.synapses.size());
            }
            const std::uint32_t header = core_.synapses[at];
            const std::uint32_t format = BlockHeader::format(header);
            if (format >= core_.formats.size()) {
                return fault("row {} uses synapse format {} of {}", r, format,
                             core_.formats.size());
            }
            const std::uint32_t count = BlockHeader::count(header);
            const std::uint64_t words = block_words(core_.formats[format], count);
            if (words > core_.synapses.size() - at) {
                return fault(
                    "row {} has a block of {} synapses that runs past the {} words of synapse "
                    "memory",
                    r, count, core_.synapses.size());
            }
            if (words > budget) {
                fault("row {} and those before it share too many synapses", r);
                return false;
            }
            budget -= words;
            if (!check_block(r, core_.formats[format], core_.synapses.data() + at)) return false;
            last = BlockHeader::last(header);
            at += words;
        }
        return true;
    }

    bool check_block(std::size_t row, const SynapseFormat& format, const std::uint32_t* block) {
        std::uint32_t target = 0;
        std::uint32_t delay = 0;
        for_each_synapse(format, block, [&](const StoredSynapse& synapse) {
            target = std::max(target, synapse.target);
            delay = std::max(delay, synapse.delay);
        });
        if (BlockHeader::count(block[0]) != 0) {
            highest_target_[row] = std::max(highest_target_[row], target + 1);
        }
        const int width = std::min<int>(format.delay_bits, 6);
        const std::uint32_t stored = (1U << width) - 1U;
        const std::uint32_t most = std::min(kMaxDelay, stored);
        if (delay <= most) return true;
        return fault("row {} has a delay of {} steps, its format allows {}", row, delay, most);
    }

    void check_input_axons() {
        if (core_.input_axons.size() > 65536) {
            fault("{} input axons, at most 65536", core_.input_axons.size());
        }
        // Highest target of 64 rows at a time, since many axons may share many rows.
        constexpr std::size_t kBlock = 64;
        std::vector<std::uint32_t> blocks((highest_target_.size() + kBlock - 1) / kBlock, 0);
        for (std::size_t r = 0; r < highest_target_.size(); ++r) {
            blocks[r / kBlock] = std::max(blocks[r / kBlock], highest_target_[r]);
        }
        // What a table of rows reaches, known for each that a visit names.
        const auto reach = [&](std::size_t first, std::size_t end) {
            std::uint32_t highest = 0;
            for (std::size_t r = first; r < end;) {
                const bool whole = r % kBlock == 0 && r + kBlock <= end;
                highest = std::max(highest, whole ? blocks[r / kBlock] : highest_target_[r]);
                r += whole ? kBlock : 1;
            }
            return highest;
        };
        // Visits from here to the last one of their axon: the fewest rows that follow a first row,
        // and the highest compartment for axons of so many rows.
        std::map<std::pair<std::uint32_t, std::uint16_t>, std::optional<std::uint32_t>> known;
        std::uint64_t budget = 16 * (std::uint64_t{core_.visits.size()} + core_.rows.size()) + 1024;
        const auto reach_of_visits = [&](const InputAxon& axon) -> std::optional<std::uint32_t> {
            const auto [at, is_new] = known.try_emplace({axon.first_visit(), axon.rows});
            if (!is_new) return at->second;
            std::uint32_t highest = 0;
            for (std::size_t v = axon.first_visit();; ++v) {
                if (v >= core_.visits.size()) return std::nullopt;
                const RowVisit& visit = core_.visits[v];
                const std::size_t end = std::size_t{visit.first_row} + axon.rows;
                const std::uint64_t work = 1 + axon.rows / kBlock;
                if (end > core_.rows.size() || work > budget) return std::nullopt;
                budget -= work;
                const std::uint32_t rows = visit.padding() ? 0 : reach(visit.first_row, end);
                if (rows != 0) highest = std::max(highest, visit.base + rows);
                if (visit.last()) return at->second = highest;
            }
        };
        for (std::size_t a = 0; a < core_.input_axons.size(); ++a) {
            const InputAxon& axon = core_.input_axons[a];
            std::optional<std::uint32_t> highest;
            if (axon.has_visits()) {
                highest = reach_of_visits(axon);
            } else {
                const std::size_t end = std::size_t{axon.first_row} + axon.rows;
                if (end <= core_.rows.size()) highest = reach(axon.first_row, end);
            }
            if (axon.rows == 0 || !highest) {
                if (!fault("input axon {} has {} rows from {} {}, there are {} and {}", a,
                           axon.rows, axon.has_visits() ? "visit" : "row", axon.first_visit(),
                           core_.rows.size(), counted_visits())) {
                    return;
                }
                continue;
            }
            if (*highest == 0 || axon.base + *highest <= compartments_) continue;
            if (!fault("input axon {} reaches compartment {} of {}", a, axon.base + *highest - 1,
                       compartments_)) {
                return;
            }
        }
    }
    [[nodiscard]] std::string counted_visits() const {
        return fmt::format("{} visits", core_.visits.size());
    }

    const CoreImage& core_;
    CheckContext& context_;
    std::string who_;
    std::uint64_t compartments_ = 0;
    std::vector<std::uint32_t> highest_target_;  ///< per row: highest target + 1, 0 if it has none
};

}  // namespace

void check_core(const CoreImage& core, CheckContext& context) {
    CoreCheck{core, context}.run();
}

void check_outputs(const std::string& who, std::uint64_t sources,
                   const std::vector<std::uint32_t>& first, const std::vector<OutputAxon>& outputs,
                   CheckContext& context) {
    Faults& faults = context.faults;
    if (first.size() != sources + 1 || first.front() != 0 || first.back() != outputs.size() ||
        !std::is_sorted(first.begin(), first.end())) {
        faults.add(fmt::format("{}: fan-out offsets must be {} ascending numbers from 0 to {}", who,
                               sources + 1, outputs.size()));
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const OutputAxon& out = outputs[i];
        const CoreImage* const core =
            out.core.index() < context.core_by_id.size() ? context.core_by_id[out.core] : nullptr;
        const bool known = core != nullptr && out.axon < core->input_axons.size();
        if (known && out.atom < core->input_axons[out.axon].rows && out.channel < kChannels &&
            out.payload_bits <= OutputAxon::kMaxPayloadBits) {
            continue;
        }
        if (!faults.add(fmt::format(
                "{}: output axon {} goes to core {}, axon {}, atom {}, channel {}, payload of {} "
                "bits: {}",
                who, i, out.core, out.axon, out.atom, out.channel, out.payload_bits,
                known ? "out of range" : "no such axon"))) {
            return;
        }
    }
}

}  // namespace seamount::isa
