#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/frontend/data/data_array.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/image/image.hpp"

namespace seamount::compiler {

/// Another dataset for an input of an image.
struct BoundData {
    std::vector<Diagnostic> warnings;
    std::vector<std::filesystem::path> files;  ///< that were read
    std::vector<std::int32_t> labels;          ///< one per sample, or none
    std::uint32_t samples = 0;
    std::uint32_t bound = 0;  ///< index of the input
};

/// Replaces the samples of input `bound`, which a dataset drives, by those that `source` names, as
/// `dataset:` of a network would read them: with the steps, blank steps, reset and encoding that
/// the image has. The image's schedule stays as it is, for the caller to compare and set.
///
/// `source` is
/// - FILE or FILE.npz:ARRAY. Of an archive without a name: its only array, else the one called as
///   the input, `samples` or `x`. Whole values are parts of the image's full scale (its `max`),
///   others of 1. An array `labels`, or `y`, of an archive with several has the labels;
/// - of an input of events: FILE.npz or FILE.h5, with the usual arrays and the bin of the image;
/// - {samples: {file: FILE, ...}, labels: {file: FILE, ...}, max: M}, or {events: {...}}: keys of
///   `dataset:` (YAML).
///
/// Throws InputError with what is wrong with the files (NET-*) or the text (YML-*) at `where`.
[[nodiscard]] BoundData bind_samples(const std::string& source, const std::string& where,
                                     isa::Image& image, std::uint32_t bound,
                                     std::uint64_t max_input = frontend::kMaxInput);

/// The classes of the readout's neurons from FILE, FILE.npz:ARRAY (without a name: its only array,
/// or `classes`), in place of those of `image`. Throws InputError, also if it has no readout.
[[nodiscard]] BoundData bind_classes(const std::string& source, const std::string& where,
                                     isa::Image& image,
                                     std::uint64_t max_input = frontend::kMaxInput);

/// Labels from FILE, FILE.npz:ARRAY, for `samples` of them. Throws InputError.
[[nodiscard]] BoundData bind_labels(const std::string& source, const std::string& where,
                                    std::uint32_t samples,
                                    std::uint64_t max_input = frontend::kMaxInput);

}  // namespace seamount::compiler
