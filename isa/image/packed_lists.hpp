#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "isa/image/image.hpp"

// Lists of an image in the form that a file has: neighbouring compartments of a tile are neighbours
// of their population too, and the channels of a place have one entry of the axon map together.

namespace seamount::isa {

/// Ids that grow by `step` within a row of `count`, and by `row_step` from one of `rows` rows to
/// the next; modulo 2^32.
struct IdRun {
    std::uint32_t first = 0;
    std::uint32_t step = 0;
    std::uint32_t count = 0;
    std::uint32_t row_step = 0;
    std::uint32_t rows = 0;
};

/// Nothing if the ids themselves are shorter, or too many.
[[nodiscard]] std::optional<std::vector<IdRun>> id_runs(const std::vector<NeuronId>& ids);
/// Throws std::runtime_error if they are more than a core can have.
[[nodiscard]] std::vector<NeuronId> ids_of(const std::vector<IdRun>& runs);

/// Input axons in a row: each has `row_step` more in `first_row` than the one before.
struct AxonRun {
    InputAxon first;
    std::uint32_t row_step = 0;
    std::uint32_t count = 0;
};
/// Nothing if the axons themselves are shorter.
[[nodiscard]] std::optional<std::vector<AxonRun>> axon_runs(const std::vector<InputAxon>& axons);
/// Throws std::runtime_error if they are more than a core can have.
[[nodiscard]] std::vector<InputAxon> axons_of(const std::vector<AxonRun>& runs);

/// The shortest stretch of which the values are a repetition; their number if they are no more than
/// a core has compartments, and at least 1.
[[nodiscard]] std::size_t period_of(const std::vector<std::int32_t>& values);
/// `size` values, of which these are the first. Throws std::runtime_error if that is more than a
/// core has compartments.
void repeat_to(std::uint64_t size, std::vector<std::int32_t>& values);

/// `repeats` times `sources` neighbours with lists of `axons` entries each. From one source to the
/// next each entry changes by its step, from one repetition to the next its axon by another.
struct OutputRun {
    std::uint16_t sources = 0;
    std::uint16_t axons = 0;
    std::uint32_t repeats = 0;
};
/// What is added to an entry from one source to the next; modulo 2^16.
struct OutputStep {
    std::uint16_t axon = 0;
    std::uint16_t atom = 0;
    friend bool operator==(const OutputStep&, const OutputStep&) = default;
};
struct OutputRuns {
    std::vector<OutputRun> runs;
    std::vector<OutputAxon> axons;             ///< of the first source of each run
    std::vector<OutputStep> steps;             ///< of the entries of runs of more than one source
    std::vector<std::uint16_t> repeated_axon;  ///< of those of runs of more than one repetition
};

/// Nothing if the lists themselves are shorter.
[[nodiscard]] std::optional<OutputRuns> output_runs(const std::vector<std::uint32_t>& first,
                                                    const std::vector<OutputAxon>& outputs);
/// Throws std::runtime_error if the parts do not belong together.
void lists_of(const OutputRuns& runs, std::vector<std::uint32_t>& first,
              std::vector<OutputAxon>& outputs);

}  // namespace seamount::isa
