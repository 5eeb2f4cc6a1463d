#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "isa/image/image.hpp"
#include "tools/run/records/record.hpp"
#include "tools/session/run_plan.hpp"

namespace seamount::tools {

/// What `run --save-weights` writes after the last step: an image that holds what was learned, or,
/// if the name ends in .npz, arrays NAME.source, NAME.target, NAME.weight, NAME.delay, NAME.tag and
/// NAME.second_tag for each projection NAME that learns, by synapse id, and NAME.sign, one
/// isa::SignMode: what `weights: {learned: FILE}` of a network reads.
class SavedWeights final : public NamedRecord {
public:
    /// Of a run of `image`, which must outlive it. Throws InputError (OUT-WRITE).
    SavedWeights(const std::filesystem::path& path, const isa::Image& image,
                 const session::RunPlan& plan);

    void on_step(const emu::StepReport& report, const session::Tally& tally) override;
    /// Throws InputError (OUT-WRITE) if the archive would be too large.
    void commit() override;

private:
    const std::filesystem::path path_;
    const isa::Image& image_;
    const std::uint64_t end_;          ///< the run has no later step,
    const std::uint64_t dataset_end_;  ///< or no later one of the dataset
    std::optional<isa::Image> learned_;
};

}  // namespace seamount::tools
