#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "isa/base/name_table.hpp"

namespace seamount::isa {

/// Amounts of what a core has limits for: what it has, or what is needed of it. A further limit is
/// a member, a value of CoreLimit and a row of kCoreLimitTable, from which the readers and writers
/// of chips, the data sheet, fits, remedies and reports take it; the code that counts its need
/// comes with it.
struct CoreAmounts {
    std::uint64_t compartments = 0;
    std::uint64_t input_axons = 0;
    std::uint64_t output_axons = 0;
    std::uint64_t synapse_bits = 0;  ///< by the exact cost formula, isa/image/synapse_cost.hpp
    std::uint64_t synapses = 0;      ///< synapse words of any format: memory of fixed-width words
    std::uint64_t synapse_formats = 0;
    std::uint64_t neuron_groups = 0;    ///< distinct (program, parameter set)
    std::uint64_t microcode_words = 0;  ///< of the distinct programs that run here
    // Words of 64 bits of a memory that a core shares out (isa/image/pool_cost.hpp); counted only
    // on chips that limit one of them.
    std::uint64_t synapse_words = 0;
    std::uint64_t axon_map = 0;  ///< entries of sources: one per place or neuron and target layer
    std::uint64_t axon_memory = 0;  ///< entries of lists of target cores
    std::uint64_t pool_words = 0;   ///< input axons, compartments and the three above together
    friend bool operator==(const CoreAmounts&, const CoreAmounts&) = default;
};

/// The members of CoreAmounts, in the order of chip files.
enum class CoreLimit : std::uint8_t {
    kCompartments,
    kInputAxons,
    kOutputAxons,
    kSynapseBits,
    kSynapses,
    kSynapseFormats,
    kNeuronGroups,
    kMicrocodeWords,
    kSynapseWords,
    kAxonMap,
    kAxonMemory,
    kPoolWords,
};

/// The parts of a network that take an amount, each its own share; kAll if it cannot be shared out.
enum class TakenBy : std::uint8_t {
    kPopulations,  ///< by their neurons on the core
    kSources,      ///< projections by their sources that reach the core
    kFanOuts,      ///< projections by the cores that their sources on the core reach
    kSynapses,     ///< projections by their synapses on the core
    kAll,
};

/// Everything that is said of one limit.
struct CoreLimitInfo {
    CoreLimit limit{};
    std::uint64_t CoreAmounts::*amount = nullptr;
    std::string_view key;           ///< in chip files, reports and messages of the compiler
    std::string_view words;         ///< in sentences: "core 3 needs 4,097 input axons"
    std::string_view unit;          ///< in the data sheet of a chip
    std::string_view resource;      ///< what a chip may have more of per core
    std::string_view remedy;        ///< how a network needs less of it
    std::uint64_t standard = 0;     ///< of a chip file that does not say, as Loihi 1; 0: no limit
    std::uint64_t most = 0;         ///< that a chip file may say
    std::uint64_t image_most = 0;   ///< that the fields of an image can number; 0: any
    std::uint64_t memory_bits = 0;  ///< that one takes in a core, for estimates of its memory
    TakenBy taken_by = TakenBy::kAll;
    bool in_summary = true;  ///< of a compilation: how full the fullest core is
};

/// The image numbers targets and axons with 16 bits, formats with 7 (isa/image/image.hpp).
inline constexpr auto kCoreLimitTable = std::to_array<CoreLimitInfo>({
    {.limit = CoreLimit::kCompartments,
     .amount = &CoreAmounts::compartments,
     .key = "compartments",
     .words = "compartments",
     .unit = "per core",
     .resource = "compartments",
     .remedy = "use fewer neurons",
     .standard = 1024,
     .most = 65536,
     .image_most = 65536,
     .memory_bits = 3 * 32,
     .taken_by = TakenBy::kPopulations},
    {.limit = CoreLimit::kInputAxons,
     .amount = &CoreAmounts::input_axons,
     .key = "input_axons",
     .words = "input axons",
     .unit = "per core",
     .resource = "input axons",
     .remedy = "connect fewer sources to each neuron",
     .standard = 4096,
     .most = 65536,
     .image_most = 65536,
     .memory_bits = 64,
     .taken_by = TakenBy::kSources},
    {.limit = CoreLimit::kOutputAxons,
     .amount = &CoreAmounts::output_axons,
     .key = "output_axons",
     .words = "output axons",
     .unit = "per core",
     .resource = "output axons",
     .remedy = "lower the fan-out",
     .standard = 4096,
     .most = std::uint64_t{1} << 31,
     .memory_bits = 64,
     .taken_by = TakenBy::kFanOuts},
    {.limit = CoreLimit::kSynapseBits,
     .amount = &CoreAmounts::synapse_bits,
     .key = "synapse_bits",
     .words = "synapse bits",
     .unit = "bits per core",
     .resource = "synapse memory",
     .remedy = "lower the fan-in or the bits of weights and delays",
     .standard = 1048576,
     .most = std::uint64_t{1} << 37,
     .memory_bits = 1,
     .taken_by = TakenBy::kSynapses},
    {.limit = CoreLimit::kSynapses,
     .amount = &CoreAmounts::synapses,
     .key = "synapses",
     .words = "synapses",
     .unit = "per core",
     .resource = "synapses",
     .remedy = "lower the fan-in",
     .most = std::uint64_t{1} << 32,
     .taken_by = TakenBy::kSynapses},
    {.limit = CoreLimit::kSynapseFormats,
     .amount = &CoreAmounts::synapse_formats,
     .key = "synapse_formats",
     .words = "synapse formats",
     .unit = "per core",
     .resource = "synapse formats",
     .remedy = "give the projections the same exponent, bits, sign, accumulator and largest delay",
     .standard = 16,
     .most = 128,
     .image_most = 128},
    {.limit = CoreLimit::kNeuronGroups,
     .amount = &CoreAmounts::neuron_groups,
     .key = "neuron_groups",
     .words = "neuron groups",
     .unit = "per core",
     .resource = "neuron groups",
     .remedy =
         "use fewer populations x parameter sets (what differs per neuron can be state words)",
     .standard = 32,
     .most = 65536},
    {.limit = CoreLimit::kMicrocodeWords,
     .amount = &CoreAmounts::microcode_words,
     .key = "microcode_words",
     .words = "microcode words",
     .unit = "words per core",
     .resource = "microcode memory",
     .remedy = "use shorter neuron programs",
     .standard = 1024,
     .most = 131072,
     .memory_bits = 32,
     .in_summary = false},
    {.limit = CoreLimit::kSynapseWords,
     .amount = &CoreAmounts::synapse_words,
     .key = "synapse_words",
     .words = "synapse words",
     .unit = "64-bit words per core",
     .resource = "synapse memory",
     .remedy = "lower the fan-in or the bits of weights and delays",
     .most = std::uint64_t{1} << 32,
     .taken_by = TakenBy::kSynapses},
    {.limit = CoreLimit::kAxonMap,
     .amount = &CoreAmounts::axon_map,
     .key = "axon_map",
     .words = "axon-map entries",
     .unit = "per core",
     .resource = "axon map",
     .remedy = "let fewer populations listen to each neuron",
     .most = std::uint64_t{1} << 32,
     .taken_by = TakenBy::kPopulations},
    {.limit = CoreLimit::kAxonMemory,
     .amount = &CoreAmounts::axon_memory,
     .key = "axon_memory",
     .words = "axon-memory entries",
     .unit = "per core",
     .resource = "axon memory",
     .remedy = "lower the fan-out",
     .most = std::uint64_t{1} << 32,
     .taken_by = TakenBy::kFanOuts},
    {.limit = CoreLimit::kPoolWords,
     .amount = &CoreAmounts::pool_words,
     .key = "pool_words",
     .words = "words of the memory pool",
     .unit = "64-bit words per core",
     .resource = "memory",
     .remedy = "use fewer neurons, or lower their fan-in",
     .most = std::uint64_t{1} << 32},
});
inline constexpr std::size_t kCoreLimits = kCoreLimitTable.size();
static_assert(has_row_for_each(kCoreLimitTable, &CoreLimitInfo::limit));
static_assert(sizeof(CoreAmounts) == kCoreLimits * sizeof(std::uint64_t),
              "a member of CoreAmounts has no row");

/// The order in which reports of a compilation list them.
inline constexpr std::array<CoreLimit, kCoreLimits> kCoreLimitsInReports{
    CoreLimit::kCompartments,   CoreLimit::kInputAxons,     CoreLimit::kOutputAxons,
    CoreLimit::kSynapseBits,    CoreLimit::kSynapses,       CoreLimit::kNeuronGroups,
    CoreLimit::kSynapseFormats, CoreLimit::kMicrocodeWords, CoreLimit::kSynapseWords,
    CoreLimit::kAxonMap,        CoreLimit::kAxonMemory,     CoreLimit::kPoolWords};

namespace detail {
consteval bool are_all_in_reports() {
    std::array<int, kCoreLimits> found{};
    for (const CoreLimit limit : kCoreLimitsInReports) ++found[static_cast<std::size_t>(limit)];
    return std::all_of(found.begin(), found.end(), [](int times) { return times == 1; });
}
}  // namespace detail
static_assert(detail::are_all_in_reports(), "kCoreLimitsInReports leaves a limit out");

[[nodiscard]] constexpr const CoreLimitInfo& info(CoreLimit limit) {
    return kCoreLimitTable[static_cast<std::size_t>(limit)];
}
/// The key in chip files: "input_axons".
[[nodiscard]] constexpr std::string_view name_of(CoreLimit limit) {
    return info(limit).key;
}

/// Hard limits of one core. 0 means "no such limit".
struct CoreLimits : CoreAmounts {
    /// Those of a chip file that says nothing.
    constexpr CoreLimits() {
        for (const CoreLimitInfo& row : kCoreLimitTable) this->*row.amount = row.standard;
    }
    /// Whether the chip keeps its tables in words of one memory, with kernel rows stored once per
    /// core: the amounts of isa/image/pool_cost.hpp are counted only then.
    [[nodiscard]] constexpr bool has_pool() const noexcept {
        return synapse_words != 0 || axon_map != 0 || axon_memory != 0 || pool_words != 0;
    }
    /// Steps. A limit of every synapse, not an amount that a core runs out of.
    std::uint32_t max_delay = 62;
    /// Steps of the longest epoch of learning: what the field of a spike's time within it can say.
    std::uint32_t learning_epoch = kUsualEpoch;
    static constexpr std::uint32_t kUsualEpoch = 63;
    friend bool operator==(const CoreLimits&, const CoreLimits&) = default;
};

}  // namespace seamount::isa
