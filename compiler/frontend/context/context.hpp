#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/frontend/context/ids.hpp"
#include "compiler/frontend/context/programs.hpp"
#include "compiler/frontend/data/data_store.hpp"
#include "compiler/frontend/rows/part.hpp"
#include "compiler/ir/network.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::compiler::frontend {

inline constexpr std::uint32_t kMaxSize = std::uint32_t{1} << 24U;  ///< neurons, or sources
inline constexpr std::int64_t kMaxDimensions = 8;                   ///< of a shape
inline constexpr std::uint64_t kMaxSynapses = std::uint64_t{1} << 30U;
/// Values that one input may hold in memory.
inline constexpr std::uint64_t kMaxSamples = std::uint64_t{1} << 30U;
inline constexpr std::int64_t kMaxStep = std::int64_t{1} << 48U;  ///< of a spike or reward
inline constexpr double kMaxScale = 1e6;                          ///< of the weights
/// Pairs that a rule looks at: minutes.
inline constexpr std::uint64_t kMaxTries = std::uint64_t{1} << 37U;

/// Elements of all parts of a network that are kept: 8 bytes each at most.
inline constexpr std::uint64_t kMaxPartElements = std::uint64_t{1} << 27U;

/// What the name of a population, an input, a part of one or a view stands for.
struct End {
    SourceRef source;
    SharedPart part;  ///< null: all of it
};

/// What the readers of the parts of a network file share. A population or input that was read with
/// errors is in the network all the same, with size 0 or without program, so that references to it
/// are not reported as well.
struct Context {
    const YamlFile& yaml;
    Diagnostics& diagnostics;
    DataStore& data;
    ProgramLibrary& programs;
    Network& network;
    /// Populations and inputs by name; claim_name fills it.
    std::unordered_map<std::string, SourceRef> sources{};
    /// An input that drives a word of some neurons of a population.
    struct Driver {
        std::string input;
        std::set<std::uint32_t> neurons;  ///< within the population
    };
    /// Which inputs drive a word: by index of the population and state word.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Driver>> drivers{};
    /// `views:` by name (parts.hpp); nothing: of one that was read with errors.
    std::map<std::string, std::optional<End>> views{};
    std::map<std::string, End> slices{};  ///< by their text; each is kept once
    std::uint64_t part_elements = 0;  ///< of all parts so far; beyond the limit: it was reported
    /// `dt:` as number * 10^exponent seconds.
    struct StepLength {
        double number = 1.0;
        int exponent = 0;
    };
    std::optional<StepLength> dt{};
    /// Identifiers of populations whose size was given by them, by index of the population.
    std::map<std::uint32_t, std::shared_ptr<const IdIndex>> ids{};

    // `scale: auto`, see projections/auto_scale.hpp.
    struct AutoScale {
        bool fixed_exponent = false;  ///< the projection names one
    };
    /// Names of the populations that some projection with it goes to.
    std::set<std::string> auto_scaled{};
    /// Their arguments that count in weights, as given: by index of the population and name.
    std::map<std::uint32_t, std::map<std::string, std::vector<double>>> scaled_arguments{};
    /// By index of the projection.
    std::map<std::size_t, AutoScale> auto_projections{};
};

/// The word for what is to be chosen.
inline constexpr std::string_view kAuto = "auto";

/// Whether a projection says `scale: auto`.
[[nodiscard]] bool has_auto_scale(const YamlNode& projection);
/// Reads `scale:` of the projection that is read next: a number, which is left alone if it is to be
/// chosen.
void read_scale(Context& context, const YamlNode& projection, double& scale);

/// Reports YML-TYPE unless `node` is a map.
bool expect_map(const YamlNode& node, const std::string& name);
/// Reports YML-TYPE unless `node` is a sequence.
bool expect_sequence(const YamlNode& node, const std::string& name);

/// Reports NET-NAME at `where` for a name that is empty, very long or has control characters.
void check_name(const Context& context, const std::string& name, const SourceLocation& where);

enum class SourceKind : std::uint8_t { kPopulation, kInput };
/// Gives the name to the next population or input of the network, which the caller then appends.
/// False, with NET-DUPLICATE at `where`, if another one has it. The name is checked too.
bool claim_name(Context& context, const std::string& name, SourceKind kind,
                const SourceLocation& where);

/// Index of the population that `node` names; reports NET-NAME with the closest one, views of
/// populations among them where these can stand too.
[[nodiscard]] std::optional<std::uint32_t> find_population(const Context& context,
                                                           const YamlNode& node,
                                                           bool or_views = false);
/// The population or input that is called `name`; reports NET-NAME at `node` with the closest one,
/// views among them where these can stand too.
[[nodiscard]] std::optional<SourceRef> find_source(const Context& context, const YamlNode& node,
                                                   const std::string& name, bool or_views);

/// "did you mean 'x'?", or which names there are, or nothing.
[[nodiscard]] std::string suggest(const std::string& name, const std::vector<std::string>& known);

/// How many elements there are and how they are laid out.
struct Extent {
    std::uint32_t size = 0;
    std::vector<std::uint32_t> shape;
    std::shared_ptr<const IdIndex> ids{};  ///< of `size: {ids: ...}`, else null
};
/// Reads `size:` (a number, {file:}: rows of a table, {edges:}: largest index of an edge list plus
/// one, or {ids:}: how many identifiers) or `shape:` of a map.
[[nodiscard]] std::optional<Extent> read_extent(Context& context, const YamlNode& map);

}  // namespace seamount::compiler::frontend
