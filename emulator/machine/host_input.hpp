#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "isa/base/random_domain.hpp"
#include "isa/image/image.hpp"

namespace seamount::emu {

/// Where a step stands in the presentation of the dataset.
struct SamplePosition {
    bool active = false;       ///< there is a sample: the network has a dataset, not yet all shown
    bool start = false;        ///< first step of the sample
    bool end = false;          ///< last step of the sample
    std::uint32_t sample = 0;  ///< index
    std::uint32_t local = 0;   ///< step within the sample
    std::uint32_t driven = 0;  ///< steps of a sample with input: steps_per_sample - blank
    std::uint64_t step = 0;    ///< of the dataset: steps of samples before, whole ones, and `local`
};
/// Of a step of the dataset: that of the run, and what samples that ended early have skipped.
[[nodiscard]] SamplePosition position_of(const isa::DatasetImage& dataset, std::uint64_t step);

/// The sources of one host input: which of them spike, what is written. A function of the step and
/// of where it stands in the dataset: no state, no order of calls. Inputs with a dataset follow its
/// steps, the others those of the run.
///
/// Value q of a source, T driven steps, l = step within the sample:
/// rate: floor((l+1)*q/max) > floor(l*q/max); latency: l == round((T-1)*(1-q/max)), halves up,
/// never for q <= 0; poisson: probability q/max. Without a dataset t takes the place of l and
/// r/2^64 that of q/max. Poisson draws have 64 bits, and depend on seed, input, source and step
/// (with a dataset: SamplePosition::step, so that a sample gets the same wherever others ended).
/// Rate from a random phase: floor((l+1)*q/max + u) > floor(l*q/max + u), where u is a multiple of
/// 2^-32 in [0, 1) that depends on seed, input, source and, with a dataset, sample. Graded: values
/// that are not 0 are payloads, of l = 0 or, if there are T for each source, of their step. Events
/// are a list, whose steps count through all samples.
class HostInput {
public:
    /// `image` and `dataset` (checked) must outlive the object. `index` is the input's place in
    /// Image::inputs.
    HostInput(const isa::InputImage& image, std::uint32_t index, const isa::DatasetImage& dataset,
              std::uint64_t seed);

    /// Appends the sources that spike in `step`, ascending; a source listed twice spikes twice.
    void spikes(std::uint64_t step, const SamplePosition& at,
                std::vector<std::uint32_t>& sources) const;

    /// Payloads of the spikes of `step`, in their order; empty: all are 1. May use `buffer` for
    /// them, which must outlive the span.
    [[nodiscard]] std::span<const std::int32_t> payloads(std::uint64_t step,
                                                         const SamplePosition& at,
                                                         std::vector<std::int32_t>& buffer) const;

    /// A value for one of InputImage::writes, by its place there.
    struct Write {
        std::uint32_t place = 0;
        std::int32_t value = 0;
    };
    /// Appends what is written at the start of `step`. One set of values is a constant, written at
    /// step 0 and when the cores have just been reset (`restored`); with a set per sample, each is
    /// written at its start. Of a list: the values of the step, after a reset the latest of each
    /// place.
    void writes(std::uint64_t step, const SamplePosition& at, bool restored,
                std::vector<Write>& written) const;

    [[nodiscard]] const isa::InputImage& image() const noexcept { return *image_; }

private:
    struct Span {
        std::size_t first = 0;
        std::size_t count = 0;
    };
    /// Where the list of spikes has those of `step`.
    [[nodiscard]] Span listed_at(std::uint64_t step) const;
    void listed(std::uint64_t step, std::vector<std::uint32_t>& sources) const;
    void listed_writes(std::uint64_t step, bool restored, std::vector<Write>& written) const;
    void from_rates(std::uint64_t step, std::vector<std::uint32_t>& sources) const;
    void from_sample(const SamplePosition& at, std::vector<std::uint32_t>& sources) const;
    void from_raster(const SamplePosition& at, std::vector<std::uint32_t>& sources) const;
    /// The values that act in a step of a sample, one for each source; none if none do.
    [[nodiscard]] std::span<const std::int32_t> row_at(const SamplePosition& at) const;
    void from_phase(std::uint64_t step, const SamplePosition& at,
                    std::vector<std::uint32_t>& sources) const;

    /// Calls `fires(source, upper word, lower word)` for all sources in order and appends those for
    /// which it holds.
    template <class Fires>
    void poisson(std::uint64_t step, std::vector<std::uint32_t>& sources, Fires fires) const;

    const isa::InputImage* image_;
    RandomStream random_;
    std::uint64_t raster_steps_ = 0;  ///< for which there are values per sample
};

}  // namespace seamount::emu
