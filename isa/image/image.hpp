#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/ids.hpp"
#include "isa/base/name_table.hpp"
#include "isa/dataset/dataset_image.hpp"
#include "isa/learning/learning_image.hpp"
#include "isa/microcode/accumulate.hpp"
#include "isa/microcode/opcode.hpp"
#include "isa/probe/probe_image.hpp"

namespace seamount::isa {

/// The only version that is written and read; container.hpp says what may change without a new one.
inline constexpr std::uint32_t kImageVersion = 7;

/// How the synapses of one block are stored and how their weight becomes an increment (Loihi's
/// SynapseFmt).
struct SynapseFormat {
    std::int8_t weight_exponent = 0;  ///< wexp, -8..7
    std::uint8_t weight_bits = 8;     ///< stored width 1..8, without 7
    std::uint8_t delay_bits = 0;      ///< 0: every delay of the block is 0
    std::uint8_t tag_bits = 0;
    std::uint8_t index_bits = 0;   ///< 0, 6..16: width of a stored target index; 0 if kDense
    std::uint8_t sign_mode = 1;    ///< 1 mixed, 2 excitatory, 3 inhibitory (fanout_type)
    std::uint8_t accumulator = 0;  ///< dendritic accumulator 0..3
    std::uint8_t flags = 0;        ///< kGraded, kDense, kOnSum, kHoles, and the rule
    /// kOnSum: the synapses of a core with equal (accumulator, sum) are summed together.
    std::uint8_t sum = 0;
    /// 0: static; p: entry p - 1 of LearningImage::projections, whose blocks hold nothing else.
    /// Never dense.
    std::uint8_t plastic = 0;

    static constexpr std::uint8_t kGraded = 1;  ///< the payload multiplies the weight
    /// The targets of a block follow each other: only the first one is stored, see BlockHeader.
    static constexpr std::uint8_t kDense = 2;
    /// The exponent is applied, rounding down, to what the spikes of one step add to a (target,
    /// delay), not to each weight.
    static constexpr std::uint8_t kOnSum = 4;
    /// Of a dense block: fields with weight 0 are holes, no synapses.
    static constexpr std::uint8_t kHoles = 8;
    /// Accumulate of the accumulator, which is that of the programs of all targets. Only kSum has
    /// its exponent on the sum.
    static constexpr std::uint8_t kRule = 3U << 4U;
    static constexpr std::uint8_t kFlags = kGraded | kDense | kOnSum | kHoles | kRule;

    [[nodiscard]] constexpr Accumulate rule() const noexcept {
        return static_cast<Accumulate>((flags & kRule) >> 4U);
    }
    constexpr void set_rule(Accumulate rule) noexcept {
        flags = static_cast<std::uint8_t>((flags & ~unsigned{kRule}) | unsigned(rule) << 4U);
    }

    friend auto operator<=>(const SynapseFormat&, const SynapseFormat&) = default;
};

/// Packed synapse word: weight[31:23] signed mantissa, delay[22:17], spare[16], target[15:0].
/// The target is added to the axon's base. The increment is (clip15((weight << 7) >> (7 - wexp)))
/// in units of 2^6; with kOnSum the weight, and the sum is shifted by wexp.
struct SynapseWord {
    static constexpr std::uint32_t pack(std::int32_t weight, std::uint32_t delay,
                                        std::uint32_t target) {
        return (static_cast<std::uint32_t>(weight) << 23) | (delay << 17) | target;
    }
    static constexpr std::int32_t weight(std::uint32_t w) {
        return static_cast<std::int32_t>(w) >> 23;
    }
    static constexpr std::uint32_t delay(std::uint32_t w) { return (w >> 17) & 63U; }
    static constexpr std::uint32_t target(std::uint32_t w) { return w & 0xFFFFU; }
};
/// Steps; what the field holds. Chips may have less (Loihi: 62).
inline constexpr std::uint32_t kMaxDelay = 63;

/// Header word of a block in synapse memory: last[31] format[30:24] count[23:0], followed by
/// `count` synapse words. The blocks of a row follow each other; the last one has `last` set. A row
/// has at least one block.
///
/// The header of a dense block is followed by a word with the first target [15:0], then by `count`
/// fields of weight_bits + delay_bits, packed from the low bits of the first word on: the weight
/// without the bits that its format does not store (mixed: two's complement; inhibitory: the
/// magnitude), above it the delay. See isa/image/synapse_block.hpp.
struct BlockHeader {
    static constexpr std::uint32_t pack(bool last, std::uint32_t format, std::uint32_t count) {
        return (last ? 0x80000000U : 0U) | (format << 24) | count;
    }
    static constexpr bool last(std::uint32_t h) { return (h >> 31) != 0; }
    static constexpr std::uint32_t format(std::uint32_t h) { return (h >> 24) & 127U; }
    static constexpr std::uint32_t count(std::uint32_t h) { return h & 0xFFFFFFU; }
};

/// Input axon of a core: a packet (axon, atom) selects row first_row + atom; `base` is added to
/// each target. Discrete axons have one row. Axons may share rows, and rows may start at the same
/// offset (population axons: shared weights).
///
/// With kVisits in `first_row`, the packet selects one row of each visit from
/// CoreImage::visits[first_visit()] to the first one that is the last: of a place of a feature map,
/// each tap of the kernel that reaches this core. `base` is added to theirs. Axons may share
/// visits.
struct InputAxon {
    static constexpr std::uint32_t kVisits = 0x80000000U;

    std::uint32_t first_row = 0;
    std::uint16_t rows = 1;
    std::uint16_t base = 0;

    [[nodiscard]] constexpr bool has_visits() const noexcept { return (first_row & kVisits) != 0; }
    [[nodiscard]] constexpr std::uint32_t first_visit() const noexcept {
        return first_row & ~kVisits;
    }
    friend bool operator==(const InputAxon&, const InputAxon&) = default;
};

/// One of the row tables that a packet to an input axon with visits selects a row of: first_row +
/// atom, its targets moved by `base` and that of the axon.
struct RowVisit {
    std::uint32_t first_row = 0;
    std::uint16_t base = 0;
    std::uint16_t flags = 0;  ///< kPadding, kLast

    /// The row belongs to compartments beyond the edge of a feature map, with which its last tile
    /// is filled up. It is looked up, counted (padding_events) and paid for, and adds nothing.
    static constexpr std::uint16_t kPadding = 1;
    static constexpr std::uint16_t kLast = 2;  ///< of the axon
    [[nodiscard]] constexpr bool padding() const noexcept { return (flags & kPadding) != 0; }
    [[nodiscard]] constexpr bool last() const noexcept { return (flags & kLast) != 0; }
    friend auto operator<=>(const RowVisit&, const RowVisit&) = default;
};

/// One entry of a compartment's (or host input's) fan-out list: where a spike goes.
struct OutputAxon {
    PackedId<CoreId, std::uint16_t> core;
    std::uint16_t axon = 0;
    std::uint16_t atom = 0;
    std::uint8_t channel = 0;       ///< of the spikes that go there; a host input's go everywhere
    std::uint8_t payload_bits = 0;  ///< width of the payload that a packet carries; 0: none
    static constexpr std::uint8_t kMaxPayloadBits = 32;
    [[nodiscard]] bool graded() const noexcept { return payload_bits != 0; }
    friend bool operator==(const OutputAxon&, const OutputAxon&) = default;
};

/// Compartments [first, first + count) of a core that run one program with one set of parameters.
struct NeuronGroup {
    std::uint32_t program = 0;     ///< index into Image::programs
    std::uint32_t population = 0;  ///< index into Image::populations
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::array<std::int32_t, kParameters> params{};
    /// Initial value of state word w: one value for all compartments, or `count` values.
    std::vector<std::vector<std::int32_t>> state;
    friend bool operator==(const NeuronGroup&, const NeuronGroup&) = default;
};

/// What a core takes of a memory pool beside its compartments, in words of 64 bits
/// (isa/image/pool_cost.hpp); all 0 on chips without one.
struct PoolUse {
    std::uint32_t input_axons = 0;
    std::uint32_t synapse_words = 0;
    std::uint32_t axon_map = 0;
    std::uint32_t axon_memory = 0;
    friend bool operator==(const PoolUse&, const PoolUse&) = default;
};

/// Everything that is loaded into one core.
struct CoreImage {
    CoreId core;
    std::vector<NeuronGroup> groups;     ///< in compartment order, without gaps
    std::vector<NeuronId> neurons;       ///< of each compartment
    std::vector<SynapseFormat> formats;  ///< at most 128
    std::vector<InputAxon> input_axons;
    std::vector<RowVisit> visits;
    /// Compartments beyond the edge of a feature map, with which its last tile is filled up: they
    /// are updated in every step (padding_updates), and have no state and no neuron.
    std::uint32_t padding = 0;
    PoolUse pool;
    std::vector<std::uint32_t> rows;          ///< offset of each row's first header in `synapses`
    std::vector<std::uint32_t> synapses;      ///< headers and packed words
    std::vector<std::uint32_t> output_first;  ///< compartments + 1 offsets into `outputs`
    std::vector<OutputAxon> outputs;
    PlasticMemory plastic;  ///< of the blocks whose format is plastic
    friend bool operator==(const CoreImage&, const CoreImage&) = default;
};

/// Microcode with the names that tools show.
struct ProgramImage {
    std::string name;
    std::string file;  ///< file name of the source, without directory
    std::vector<std::uint32_t> words;
    std::vector<std::uint32_t> lines;
    std::vector<std::string> params;
    std::vector<std::string> states;
    std::vector<std::string> accumulators;
    struct View {
        std::string name;
        std::string expression;  ///< over params and states, see isa::Expression
        friend bool operator==(const View&, const View&) = default;
    };
    std::vector<View> views;
    AccumulateRules combine{};  ///< of each accumulator, whether it has a name or not
    friend bool operator==(const ProgramImage&, const ProgramImage&) = default;
};

/// A population: neurons [first_neuron, first_neuron + count), and where its YAML entry
/// stands.
struct PopulationImage {
    std::string name;
    NeuronId first_neuron;
    std::uint32_t count = 0;
    std::vector<std::uint32_t> shape;
    SourceLocation where;
    friend bool operator==(const PopulationImage&, const PopulationImage&) = default;
};

/// A projection of the network, for tools: its synapses are those of the cores.
struct ProjectionImage {
    std::string name;
    std::string from;      ///< name of the population or host input
    std::uint32_t to = 0;  ///< index into Image::populations
    std::uint64_t synapses = 0;
    SourceLocation where;
    friend bool operator==(const ProjectionImage&, const ProjectionImage&) = default;
};

/// How a host input produces events.
enum class InputKind : std::uint8_t {
    kSpikes = 0,   ///< explicit list
    kRate = 1,     ///< evenly spaced, from per-source values
    kPoisson = 2,  ///< Bernoulli per step, counter-based
    kLatency = 3,  ///< datasets only: one spike per sample
    kRaster = 4,   ///< datasets only: samples x steps x size zeros and ones
    kWrite = 5,    ///< no spikes: values are written into a state word of the target's compartments
    kReward =
        6,  ///< no spikes: the list's payloads are rewards, its sources the channels r0 and r1
    kGraded = 7,       ///< datasets only: values are payloads, 0 is no spike
    kPhasedRate = 8,   ///< kRate from a random phase, of each source and sample
    kTimedEvents = 9,  ///< datasets only: explicit list, of all samples one after the other
};
/// As data sheets show them.
inline constexpr auto kInputKindNames = name_table<InputKind>({
    {InputKind::kSpikes, "spikes"},
    {InputKind::kRate, "rate"},
    {InputKind::kPoisson, "poisson"},
    {InputKind::kLatency, "latency"},
    {InputKind::kRaster, "raster"},
    {InputKind::kWrite, "write"},
    {InputKind::kReward, "reward"},
    {InputKind::kGraded, "graded"},
    {InputKind::kPhasedRate, "rate, random phase"},
    {InputKind::kTimedEvents, "events"},
});

/// A host input: `size` sources, their fan-out, and what drives them.
struct InputImage {
    std::string name;
    InputKind kind = InputKind::kSpikes;
    std::uint32_t size = 0;
    std::vector<std::uint32_t> shape;
    SourceLocation where;

    /// kSpikes, kTimedEvents: sorted by step, then source; of kTimedEvents none twice. kWrite:
    /// steps of values that change in a run.
    std::vector<std::uint64_t> spike_steps;
    std::vector<std::uint32_t> spike_sources;
    /// kSpikes, kTimedEvents: one per spike; empty: all are 1. kWrite: the values, one per step of
    /// the list.
    std::vector<std::int32_t> spike_payloads;

    /// kRate, kPhasedRate, kPoisson without a dataset: probability or rate of each source per step,
    /// in units of 2^-64 rounded up, so that an exact fraction is reached in the step in which it
    /// should be; kAlways: 1.
    std::vector<std::uint64_t> rates;
    static constexpr std::uint64_t kAlways = ~std::uint64_t{0};

    /// kTimedEvents: what other files of events are read with.
    struct EventCoding {
        double bin = 0.0;         ///< what a step takes, in the unit of the file's times
        bool counts = false;      ///< a payload says how many events made the spike
        bool from_first = false;  ///< the first event of a sample is at time 0
        friend bool operator==(const EventCoding&, const EventCoding&) = default;
    };
    EventCoding events{};

    /// Dataset: row-major samples x size (kRaster: samples x (steps_per_sample - blank) x size,
    /// zeros and ones; kGraded: payloads, as either of both: of the first step or of each one);
    /// empty if this input has none. kWrite: samples x size, or size values that are held for the
    /// whole run, or none if its list says which are written when.
    std::vector<std::int32_t> samples;
    std::int32_t full_scale = 1;  ///< value that means rate 1, or the earliest latency

    /// kWrite: one entry per source: the place where its value of `samples` is written.
    struct WriteTarget {
        NeuronId neuron;
        std::uint32_t state = 0;  ///< state word
        friend bool operator==(const WriteTarget&, const WriteTarget&) = default;
    };
    std::vector<WriteTarget> writes;

    std::vector<std::uint32_t> output_first;  ///< size + 1 offsets into `outputs`
    std::vector<OutputAxon> outputs;
    friend bool operator==(const InputImage&, const InputImage&) = default;
};

/// What the compiler hands to the emulator; nothing else passes between them.
struct Image {
    std::string network;     ///< its name
    std::string chip;        ///< the resolved chip description as YAML text, see ChipSpec::resolved
    std::uint64_t seed = 1;  ///< default seed of run-time randomness
    std::vector<ProgramImage> programs;
    std::vector<PopulationImage> populations;
    std::vector<CoreImage> cores;  ///< used cores, ascending by core id
    std::vector<InputImage> inputs;
    DatasetImage dataset;
    ReadoutImage readout;
    std::vector<ProbeImage> probes;
    std::vector<CoreProbeImage> core_probes;
    /// By LearningImage::probes; those that are missing here always read.
    std::vector<ProbeWindow> weight_windows;
    std::vector<ProjectionImage> projections;  ///< in file order
    LearningImage learning;

    [[nodiscard]] std::uint32_t neuron_count() const noexcept;
    friend bool operator==(const Image&, const Image&) = default;
};

/// The program that runs population `population`, or nothing if no core holds any of it; `image`
/// must have passed check_image.
[[nodiscard]] const ProgramImage* program_of(const Image& image, std::uint32_t population);

/// Calls `visit(first row, base, padding)` for each row table that packets to the axon select a row
/// of; `core` must have passed check_image.
template <class Visit>
void for_each_visit(const CoreImage& core, const InputAxon& axon, Visit&& visit) {
    if (!axon.has_visits()) {
        visit(axon.first_row, std::uint32_t{axon.base}, false);
        return;
    }
    for (std::size_t v = axon.first_visit();; ++v) {
        const RowVisit& each = core.visits[v];
        visit(each.first_row, std::uint32_t{axon.base} + each.base, each.padding());
        if (each.last()) return;
    }
}

/// Serialises; the layout stands in container.hpp. The same image always gives the same bytes.
[[nodiscard]] std::vector<std::byte> serialize(const Image& image);

/// Reads and checks an image completely (CRCs, bounds of every index, microcode): an Image that
/// this returns is safe to run. Throws InputError (IMG-*) with `name` as the file.
[[nodiscard]] Image deserialize(std::span<const std::byte> bytes, const std::string& name);

/// Writes through OutputFile: a killed run leaves no half-written image. Throws InputError
/// (IMG-WRITE).
void save_image(const Image& image, const std::filesystem::path& path);
[[nodiscard]] Image load_image(const std::filesystem::path& path);

/// Structural check used by deserialize and by tests of the compiler: every index in range, groups
/// without gaps, microcode sound, rows inside synapse memory, targets inside the core. Returns all
/// faults as sentences, at most 100 of them. Takes time and memory in proportion to the image.
[[nodiscard]] std::vector<std::string> check_image(const Image& image);

}  // namespace seamount::isa
