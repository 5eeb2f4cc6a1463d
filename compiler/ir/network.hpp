#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/convolution.hpp"
#include "isa/base/ids.hpp"
#include "isa/base/name_table.hpp"
#include "isa/image/image.hpp"
#include "isa/microcode/program.hpp"

namespace seamount::compiler {

/// One value for all, or one per element. Empty means "not given".
template <class T>
struct Values {
    std::vector<T> list;
    [[nodiscard]] bool given() const noexcept { return !list.empty(); }
    [[nodiscard]] bool uniform() const noexcept { return list.size() == 1; }
    [[nodiscard]] T at(std::size_t i) const { return list.size() == 1 ? list.front() : list.at(i); }
};

/// A connection as the user wrote it, before quantisation.
struct RawSynapse {
    std::uint32_t target = 0;  ///< index within the target population
    double weight = 0.0;       ///< mantissa units, `scale` applied
    std::uint32_t delay = 0;   ///< steps, 0..62
};

/// Generates the fan-out of one source neuron. The same source always gives the same row, in any
/// order of calls: random rules draw from counters keyed by (seed, projection, source).
class RowGenerator {
public:
    virtual ~RowGenerator() = default;
    /// Replaces `row` with the synapses of `source`, in a fixed order.
    virtual void row(std::uint32_t source, std::vector<RawSynapse>& row) const = 0;
    /// How many synapses all rows have, about; 0: nobody knows.
    [[nodiscard]] virtual std::uint64_t synapses() const noexcept { return 0; }
};

/// The state word in which the compiler writes how far away the parent of a compartment is.
inline constexpr std::string_view kParentWord = "parent";

/// Where a projection starts: a population or a host input, by index.
struct SourceRef {
    bool is_input = false;
    std::uint32_t index = 0;
    friend bool operator==(const SourceRef&, const SourceRef&) = default;
};

enum class WeightRounding : std::uint8_t { kTruncate, kNearest };
inline constexpr auto kWeightRoundingNames = name_table<WeightRounding>({
    {WeightRounding::kTruncate, "truncate"},
    {WeightRounding::kNearest, "nearest"},
});

/// Where the neurons of a population may be, one by one wherever the compiler likes: on some cores
/// or, with `tiles`, on those of a rectangle of tiles.
struct Region {
    SourceLocation where;
    std::vector<CoreId> cores;
    std::optional<std::array<std::uint32_t, 4>> tiles;  ///< x, y, width, height
};

struct Population {
    std::string name;
    SourceLocation where;
    std::vector<std::uint32_t> shape;
    std::uint32_t size = 0;
    NeuronId first_neuron;
    std::shared_ptr<const isa::Program> program;
    std::map<std::string, Values<std::int64_t>>
        args;  ///< by .arg name; range-checked; absent = the default
    /// By state word: what it starts with instead of what its program says. Never the parent word.
    std::map<std::string, Values<std::int32_t>> initial{};
    Values<CoreId> pinned;                   ///< core of each neuron; not given = mapping: auto
    std::optional<Region> region;            ///< never together with `pinned`
    std::uint32_t kept_states = 0;           ///< bit w: a new sample leaves state word w as it is
    std::optional<SourceLocation> resets{};  ///< of the key that says so
    /// The population behind this one to whose neuron i this one's neuron i pushes: both are
    /// compartments of one cell and must share a core.
    std::optional<std::uint32_t> parent;
};

struct Projection {
    std::string name;
    SourceLocation where;
    SourceRef from;
    std::uint32_t to = 0;  ///< index of the target population
    std::shared_ptr<const RowGenerator> rows;
    std::int32_t exponent = 0;  ///< wexp, -8..7
    std::uint32_t bits = 8;     ///< 1,2,3,4,5,6,8
    std::optional<std::uint8_t>
        sign_mode;  ///< 1 mixed, 2 excitatory, 3 inhibitory; nothing: what the weights need
    /// Nothing: nearest if any weight has a fraction, else truncate.
    std::optional<WeightRounding> rounding;
    std::uint32_t accumulator = 0;  ///< 0..3
    bool graded = false;            ///< the payload multiplies the weight
    /// Width on the mesh of the payloads that it takes; nothing: as the chip says.
    std::optional<std::uint32_t> payload_bits{};
    std::uint32_t channel = 0;  ///< of the source's spikes that it carries, 0..31; inputs: 0
    bool share = false;         ///< equal rows of a core are stored once
    std::shared_ptr<const Convolution> convolution;  ///< its geometry, if it is one
    /// What its YAML says, variables replaced, and the data files that it names: equal content
    /// means equal synapses between ends of the same shape. Empty if no file describes it.
    std::string content{};
    std::vector<std::filesystem::path> content_files{};
    std::optional<std::uint32_t> learning_rule;  ///< index into Network::learning.rules
    /// Index into Network::projections of the one that learns its weights: its own rule has no
    /// products, and its rows are those of that one turned around.
    std::optional<std::uint32_t> tied{};
    bool learned = false;  ///< its weights are what synapses learned: whole, within 9 bits

    /// Its weights are stored as they are: synapses that learn have 9 bits.
    [[nodiscard]] bool keeps_learned() const noexcept {
        return learned && learning_rule.has_value();
    }
};

/// What `scale: auto` chose for a population: of everything that counts in weights, 1 became
/// `scale` mantissas, for all projections to it together.
struct ChosenScale {
    struct OfProjection {
        std::string name;
        double largest = 0.0;       ///< magnitude of its weights, as given
        std::int32_t exponent = 0;  ///< a mantissa of it counts 2^exponent times
    };
    struct OfArgument {
        std::string name;
        double least = 0.0;  ///< as given
        double most = 0.0;
        std::int64_t least_value = 0;  ///< what they became
        std::int64_t most_value = 0;
        std::string exponent;  ///< argument that holds powers of two of the value; empty: none
        std::int64_t largest_exponent = 0;
    };
    std::string population;
    double scale = 1.0;
    std::vector<OfProjection> projections;
    std::vector<OfArgument> arguments;
};

/// A number of a network file that stands there with a unit.
struct UnitValue {
    SourceLocation where;
    std::string name;     ///< "delay"
    std::string written;  ///< "2ms"
    std::string became;   ///< "2 steps"
};

/// A host input. Its image part (schedule, data) is filled by the frontend; fan-out lists are added
/// by codegen.
struct Input {
    isa::InputImage image;  ///< without output_first, outputs
};

/// The network as the user described it: connectivity still procedural, weights not yet quantised.
struct Network {
    std::string name;
    std::string file;
    std::set<std::filesystem::path> files_read;  ///< that file, its data files and programs
    std::uint64_t seed = 1;
    std::optional<double> dt_s;         ///< seconds of a step, if the file says so
    std::vector<UnitValue> with_units;  ///< numbers that count in it
    std::vector<Population> populations;
    std::vector<Input> inputs;
    std::vector<Projection> projections;
    std::vector<ChosenScale> scales;  ///< by `scale: auto`; what follows from them is in place
    isa::DatasetImage dataset;
    isa::ReadoutImage readout;
    std::vector<isa::ProbeImage> probes;
    std::vector<isa::CoreProbeImage> core_probes;
    std::vector<SourceLocation> core_probe_places;  ///< by core_probes: of the `cores` in the file
    std::vector<isa::ProbeWindow> weight_windows;   ///< as Image::weight_windows
    isa::LearningImage learning;                    ///< codegen adds `projections` and `ties`

    [[nodiscard]] std::uint32_t neuron_count() const noexcept;
    [[nodiscard]] std::uint32_t source_size(SourceRef source) const;
    [[nodiscard]] const std::string& source_name(SourceRef source) const;
    /// Which projections that learn have the weights of which others, as an image says it.
    [[nodiscard]] std::vector<isa::TieImage> ties() const;
    /// Whether payloads change what its synapses do or learn.
    [[nodiscard]] bool takes_payloads(const Projection& projection) const;
};

/// Checks the invariants between passes; our bug if it fails. Returns the faults.
[[nodiscard]] std::vector<std::string> verify(const Network& network);
/// Readable listing for --dump-after.
[[nodiscard]] std::string print(const Network& network);

}  // namespace seamount::compiler
