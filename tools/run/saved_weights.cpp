#include "tools/run/saved_weights.hpp"

#include <array>
#include <span>
#include <vector>

#include "isa/image/image_sections.hpp"
#include "isa/image/weights.hpp"
#include "tools/base/zip_writer.hpp"

namespace seamount::tools {
namespace {

constexpr const char* kArchiveEnding = ".npz";

/// One row per synapse: source, target, weight, delay, tag, second tag.
constexpr std::array kColumns{"source", "target", "weight", "delay", "tag", "second_tag"};
struct Columns {
    std::array<std::vector<std::int32_t>, kColumns.size()> column;
    std::int32_t sign = isa::kMixed;  ///< isa::SignMode: how far its weights can go
};

void read_core(const isa::Image& image, const isa::CoreImage& core, std::vector<Columns>& out) {
    const isa::PlasticMemory& plastic = core.plastic;
    std::size_t at = 0;
    for (const isa::PlasticBlock& block : plastic.blocks) {
        const std::uint32_t header = core.synapses[block.header];
        const std::uint32_t entry = core.formats[isa::BlockHeader::format(header)].plastic - 1U;
        const std::uint32_t projection = image.learning.projections[entry].projection;
        out[entry].sign = core.formats[isa::BlockHeader::format(header)].sign_mode;
        const isa::PopulationImage& to = image.populations[image.projections[projection].to];
        for (std::uint32_t i = 0; i < isa::BlockHeader::count(header); ++i, ++at) {
            const std::uint32_t word = core.synapses[block.header + 1 + i];
            const std::uint32_t target =
                core.neurons[isa::SynapseWord::target(word)] - to.first_neuron;
            const std::array<std::int32_t, kColumns.size()> row{
                static_cast<std::int32_t>(block.source),
                static_cast<std::int32_t>(target),
                isa::SynapseWord::weight(word),
                static_cast<std::int32_t>(isa::SynapseWord::delay(word)),
                plastic.tags.empty() ? 0 : plastic.tags[at],
                plastic.second_tags.empty() ? 0 : plastic.second_tags[at]};
            for (std::size_t c = 0; c < row.size(); ++c) {
                out[entry].column[c][plastic.ids[at]] = row[c];
            }
        }
    }
}

/// The archive with that name.
std::string npz_of(const isa::Image& learned, const std::string& path) {
    std::vector<Columns> projections(learned.learning.projections.size());
    for (std::size_t e = 0; e < projections.size(); ++e) {
        const std::uint32_t projection = learned.learning.projections[e].projection;
        for (auto& column : projections[e].column)
            column.resize(learned.projections[projection].synapses);
    }
    for (const isa::CoreImage& core : learned.cores) read_core(learned, core, projections);
    NpzWriter npz;
    for (std::size_t e = 0; e < projections.size(); ++e) {
        const std::uint32_t projection = learned.learning.projections[e].projection;
        for (std::size_t c = 0; c < kColumns.size(); ++c) {
            npz.add(learned.projections[projection].name + "." + kColumns[c],
                    projections[e].column[c]);
        }
        npz.add(learned.projections[projection].name + ".sign",
                std::vector<std::int32_t>{projections[e].sign});
    }
    return npz.finish(path);
}

}  // namespace

SavedWeights::SavedWeights(const std::filesystem::path& path, const isa::Image& image,
                           const session::RunPlan& plan)
    : NamedRecord{path},
      path_{path},
      image_{image},
      end_{plan.first_step + plan.steps},
      dataset_end_{plan.dataset_end} {}

void SavedWeights::on_step(const emu::StepReport& report, const session::Tally& /*tally*/) {
    const std::uint64_t next = report.activity.step + 1;
    if (next != end_ && report.machine.position().step < dataset_end_) return;
    learned_ = image_;
    report.machine.store_learned(*learned_);
}

void SavedWeights::commit() {
    if (!learned_) return;
    if (path_.extension() == kArchiveEnding) {
        file.write(npz_of(*learned_, path_.string()));
    } else {
        isa::write_image(*learned_, [this](std::span<const std::byte> part) { file.write(part); });
    }
    NamedRecord::commit();
}

}  // namespace seamount::tools
