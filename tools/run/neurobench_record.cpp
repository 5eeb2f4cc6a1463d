#include "tools/run/neurobench_record.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string_view>

#include "isa/base/json.hpp"
#include "isa/image/synapse_block.hpp"
#include "tools/base/version.hpp"

namespace seamount::tools {
namespace {

constexpr std::string_view kMembrane = "v";

struct RowCount {
    std::uint64_t synapses = 0;
    std::uint64_t nonzero = 0;
};

RowCount count_row(const isa::CoreImage& core, std::size_t at) {
    RowCount count;
    for (bool last = false; !last;) {
        const std::uint32_t header = core.synapses.at(at);
        last = isa::BlockHeader::last(header);
        const isa::SynapseFormat& format = core.formats.at(isa::BlockHeader::format(header));
        isa::for_each_synapse(format, core.synapses.data() + at,
                              [&count](const isa::StoredSynapse& synapse) {
                                  ++count.synapses;
                                  count.nonzero += synapse.weight != 0 ? 1U : 0U;
                              });
        at += isa::block_words(format, isa::BlockHeader::count(header));
    }
    return count;
}

/// Counts what an output axon reaches; rows that many use are read once.
class RowCounter {
public:
    explicit RowCounter(const isa::Image& image) : image_{image} {
        for (std::size_t i = 0; i < image.cores.size(); ++i) {
            index_of_.emplace(image.cores[i].core, i);
            rows_.emplace_back(image.cores[i].rows.size());
        }
    }
    [[nodiscard]] std::size_t core_of(const isa::OutputAxon& output) const {
        return index_of_.at(output.core);
    }
    [[nodiscard]] RowCount reached(const isa::OutputAxon& output) {
        const std::size_t index = core_of(output);
        const isa::CoreImage& core = image_.cores[index];
        RowCount sum;
        isa::for_each_visit(core, core.input_axons.at(output.axon),
                            [&](std::uint32_t first, std::uint32_t /*base*/, bool padding) {
                                if (padding) return;
                                const RowCount& row = count(index, first + output.atom);
                                sum.synapses += row.synapses;
                                sum.nonzero += row.nonzero;
                            });
        return sum;
    }

private:
    const RowCount& count(std::size_t index, std::size_t row) {
        std::optional<RowCount>& known = rows_[index].at(row);
        if (!known) known = count_row(image_.cores[index], image_.cores[index].rows.at(row));
        return *known;
    }

    const isa::Image& image_;
    std::map<CoreId, std::size_t> index_of_;
    std::vector<std::vector<std::optional<RowCount>>> rows_;
};

std::optional<std::uint32_t> membrane_of(const isa::ProgramImage& program) {
    if (program.states.empty()) return std::nullopt;
    const auto v = std::ranges::find(program.states, kMembrane);
    return v == program.states.end() ? 0U : static_cast<std::uint32_t>(v - program.states.begin());
}

double ratio(double part, double whole) {
    return whole > 0.0 ? part / whole : 0.0;
}

}  // namespace

NeurobenchRecord::Work& NeurobenchRecord::Work::operator+=(const Work& other) {
    steps += other.steps;
    activations += other.activations;
    macs += other.macs;
    acs += other.acs;
    membrane_updates += other.membrane_updates;
    return *this;
}

NeurobenchRecord::NeurobenchRecord(const std::filesystem::path& path, const isa::Image& image)
    : FileRecord{path},
      image_{image},
      stats_{session::measure(image)},
      reach_(image.neuron_count()),
      nonzero_from_host_(image.cores.size(), 1.0),
      membrane_of_(image.neuron_count()),
      membrane_(image.neuron_count()),
      spiked_in_(image.neuron_count()) {
    count_reach();
    for (const isa::CoreImage& core : image.cores) {
        for (const isa::NeuronGroup& group : core.groups) {
            const auto word = membrane_of(image.programs.at(group.program));
            if (word) membranes_ += group.count;
            for (std::uint32_t i = 0; i < group.count; ++i) {
                membrane_of_[core.neurons[group.first + i]] = word;
            }
        }
    }
}

void NeurobenchRecord::count_reach() {
    RowCounter counter{image_};
    for (const isa::CoreImage& core : image_.cores) {
        for (std::size_t i = 0; i + 1 < core.output_first.size(); ++i) {
            std::vector<Reach>& all = reach_[core.neurons[i]];
            for (std::uint32_t o = core.output_first[i]; o < core.output_first[i + 1]; ++o) {
                const isa::OutputAxon& output = core.outputs[o];
                const auto known = std::ranges::find(all, output.channel, &Reach::channel);
                Reach& reach =
                    known == all.end() ? all.emplace_back(Reach{output.channel, 0, 0}) : *known;
                (output.graded() ? reach.graded : reach.plain) += counter.reached(output).nonzero;
            }
        }
    }
    std::vector<RowCount> from_host(image_.cores.size());
    for (const isa::InputImage& input : image_.inputs) {
        for (const isa::OutputAxon& output : input.outputs) {
            const RowCount row = counter.reached(output);
            RowCount& sum = from_host[counter.core_of(output)];
            sum.synapses += row.synapses;
            sum.nonzero += row.nonzero;
        }
    }
    for (std::size_t core = 0; core < from_host.size(); ++core) {
        if (from_host[core].synapses == 0) continue;
        nonzero_from_host_[core] = static_cast<double>(from_host[core].nonzero) /
                                   static_cast<double>(from_host[core].synapses);
    }
}

void NeurobenchRecord::on_step(const emu::StepReport& report, const session::Tally& /*tally*/) {
    Work work;
    work.steps = 1;
    const emu::StepActivity& activity = report.activity;
    is_first_ = is_first_ || activity.sample_start;
    for (std::size_t i = 0; i < activity.cores.size(); ++i) {
        for (const emu::EmittedSpike& spike : activity.cores[i].spikes) {
            const NeuronId neuron = image_.cores[i].neurons[spike.compartment];
            if (spike.payload == 0) continue;
            if (spiked_in_[neuron] != activity.step + 1) ++work.activations;
            spiked_in_[neuron] = activity.step + 1;
            for (const Reach& reach : reach_[neuron]) {
                if (reach.channel != spike.channel) continue;
                work.macs += static_cast<double>(reach.graded);
                work.acs += static_cast<double>(reach.plain);
            }
        }
    }
    for (const emu::SpikePacket& packet : activity.packets) {
        if (packet.source_core != emu::SpikePacket::kFromHost) continue;
        (packet.graded() ? work.macs : work.acs) +=
            packet.synapses * nonzero_from_host_[packet.target_core.index()];
    }
    count_membranes(report, work);
    run_ += work;
    sample_ += work;
}

void NeurobenchRecord::count_membranes(const emu::StepReport& report, Work& work) {
    for (const NeuronId neuron : membrane_.ids()) {
        if (!membrane_of_[neuron]) continue;
        const std::int32_t now = report.machine.state(neuron, *membrane_of_[neuron]);
        const bool spiked = spiked_in_[neuron] == report.activity.step + 1;
        if (is_first_ || spiked || now != membrane_[neuron]) ++work.membrane_updates;
        membrane_[neuron] = now;
    }
    is_first_ = false;
}

void NeurobenchRecord::on_sample(const emu::SampleScore& score, bool scored,
                                 const session::Tally& /*tally*/) {
    samples_ += sample_;
    sample_ = {};
    ++sample_count_;
    if (!scored || !score.label) return;
    ++labelled_;
    if (score.correct()) ++correct_;
}

void NeurobenchRecord::finish(const emu::RunTotals& /*totals*/) {
    const auto neurons = static_cast<double>(stats_.neurons);
    const auto possible = static_cast<double>(stats_.possible_connections);
    const auto per = [&](const Work& work, double executions) {
        const double dense = possible * static_cast<double>(work.steps);
        return Json{
            {"synaptic_operations",
             {{"Effective_MACs", ratio(work.macs, executions)},
              {"Effective_ACs", ratio(work.acs, executions)},
              {"Dense", ratio(dense, executions)}}},
            {"membrane_updates", ratio(static_cast<double>(work.membrane_updates), executions)}};
    };
    Json json{{"version", version()},
              {"network", image_.network},
              {"footprint", stats_.footprint_bytes},
              {"connection_sparsity", stats_.connection_sparsity()},
              {"activation_sparsity", 1.0 - ratio(static_cast<double>(run_.activations),
                                                  neurons * static_cast<double>(run_.steps))}};
    const bool has_samples = sample_count_ != 0;
    const Json mean = has_samples ? per(samples_, static_cast<double>(sample_count_))
                                  : per(run_, static_cast<double>(run_.steps));
    json["per"] = has_samples ? "sample" : "step";
    json.update(mean);
    if (labelled_ != 0) {
        json["classification_accuracy"] =
            static_cast<double>(correct_) / static_cast<double>(labelled_);
    }
    json["per_step"] = per(run_, static_cast<double>(run_.steps));
    if (has_samples) json["per_sample"] = mean;
    json["executions"] = {{"steps", run_.steps}, {"samples", sample_count_}};
    json["neurons"] = stats_.neurons;
    json["neurons_with_membrane"] = membranes_;
    json["connections"] = {{"possible", stats_.possible_connections},
                           {"stored", stats_.synapses},
                           {"nonzero", stats_.nonzero_synapses}};
    file.write(json_text(json, 2) + "\n");
}

}  // namespace seamount::tools
