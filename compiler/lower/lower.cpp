#include "compiler/lower/lower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "compiler/ir/fanout.hpp"
#include "compiler/lower/region.hpp"
#include "compiler/lower/synapse_generator.hpp"
#include "compiler/lower/tile_order.hpp"
#include "compiler/lower/words.hpp"
#include "isa/microcode/instruction.hpp"

namespace seamount::compiler {
namespace {

constexpr std::uint32_t kMaxPlastic = 255;  ///< what SynapseFormat::plastic can name

using Profile = std::array<std::int32_t, isa::kParameters>;

struct HashProfile {
    std::size_t operator()(const Profile& profile) const noexcept {
        std::uint64_t hash = 0xCBF29CE484222325U;
        for (const std::int32_t word : profile) {
            hash = (hash ^ static_cast<std::uint32_t>(word)) * 0x9E3779B97F4A7C15U;
            hash ^= hash >> 29;
        }
        return hash;
    }
};

/// Numbers the distinct parameter sets in the order of the neurons that use them first.
void find_profiles(const std::vector<Values<std::int32_t>>& params, LoweredPopulation& lowered) {
    const bool uniform = std::all_of(params.begin(), params.end(),
                                     [](const Values<std::int32_t>& v) { return v.uniform(); });
    const auto profile_of = [&params](std::uint32_t neuron) {
        Profile profile{};
        for (std::size_t i = 0; i < params.size(); ++i) profile[i] = params[i].at(neuron);
        return profile;
    };
    if (uniform) {
        lowered.profiles = {profile_of(0)};
        return;
    }
    std::unordered_map<Profile, std::uint32_t, HashProfile> known;
    lowered.profile_of.reserve(lowered.size);
    for (std::uint32_t neuron = 0; neuron < lowered.size; ++neuron) {
        const Profile profile = profile_of(neuron);
        const auto [place, is_new] =
            known.try_emplace(profile, static_cast<std::uint32_t>(lowered.profiles.size()));
        if (is_new) lowered.profiles.push_back(profile);
        lowered.profile_of.push_back(place->second);
    }
    if (lowered.profiles.size() == 1) lowered.profile_of.clear();
}

/// Populations share a program only if it is the same object: the frontend has one per file, and
/// two files may differ in their views alone.
std::uint32_t program_index(const std::shared_ptr<const isa::Program>& program,
                            std::vector<std::shared_ptr<const isa::Program>>& programs) {
    const auto index = static_cast<std::uint32_t>(
        std::find(programs.begin(), programs.end(), program) - programs.begin());
    if (index == programs.size()) programs.push_back(program);
    return index;
}

/// Index of the state word that the compiler fills for compartments with a parent.
std::optional<std::uint32_t> parent_word(const isa::Program& program) {
    for (std::uint32_t w = 0; w < program.states.size(); ++w) {
        if (program.states[w].name == kParentWord) return w;
    }
    return std::nullopt;
}

/// Reports programs that no core holds, and those whose effect would depend on the mapping.
void check_program(const Population& population, const isa::ChipSpec& chip,
                   Diagnostics& diagnostics) {
    const isa::Program& program = *population.program;
    const auto report = [&](const std::string& what, const char* hint) {
        diagnostics.error(
            "CMP-PROGRAM", population.where,
            fmt::format("program '{}' of population '{}' {}", program.name, population.name, what),
            hint);
    };
    const std::size_t words = program.words.size();
    if (chip.limits.microcode_words != 0 && words > chip.limits.microcode_words) {
        report(fmt::format("has {} words, a core of chip '{}' holds {}", words, chip.name,
                           chip.limits.microcode_words),
               "use a shorter program or a chip with more microcode memory");
    }
    bool pushes = false;
    for (const std::uint32_t word : program.words) {
        const auto instruction = isa::decode(word);
        if (!instruction) continue;
        pushes = pushes || instruction->op == isa::Opcode::kPsh;
    }
    if (pushes && !population.parent) {
        report("pushes between compartments (PSH), but has no parent to push to",
               "declare it as one of the 'compartments:' of a population, with its 'parent:'");
    }
    if (population.parent && !parent_word(program)) {
        report("is a compartment with a parent, but has no state word 'parent'",
               "declare '.state parent'; the compiler writes there how far away the parent is");
    }
}

void check_accumulator(const Network& network, const Projection& projection,
                       Diagnostics& diagnostics) {
    const Population& target = network.populations[projection.to];
    const auto& names = target.program->accumulators;
    if (names.empty() || projection.accumulator < names.size()) return;
    diagnostics.warning(
        "CMP-ACCUMULATOR", projection.where,
        fmt::format("projection '{}' adds to accumulator {}, program '{}' of population '{}' "
                    "declares {}",
                    projection.name, projection.accumulator, target.program->name, target.name,
                    names.size()),
        "use one of its accumulators, or another neuron program");
}

/// Feature maps are best cut into tiles that hold all channels of a place.
void find_order(const Projection& projection, Lowered& lowered) {
    if (!projection.convolution) return;
    const auto arrange = [](const MapShape& map, LoweredPopulation& population) {
        if (population.unit != 1) return;
        population.unit = map.channels;
        if (map.channels_last || map.channels == 1) return;
        population.order.reserve(map.size());
        for (std::uint32_t place = 0; place < map.places(); ++place) {
            for (std::uint32_t c = 0; c < map.channels; ++c) {
                population.order.push_back(map.index(c, place));
            }
        }
    };
    arrange(projection.convolution->out, lowered.populations[projection.to]);
    if (!projection.from.is_input) {
        arrange(projection.convolution->in, lowered.populations[projection.from.index]);
    }
}

/// Parents stand behind their children.
void find_roots(Lowered& lowered) {
    for (std::size_t p = lowered.populations.size(); p-- > 0;) {
        LoweredPopulation& population = lowered.populations[p];
        population.root = population.parent ? lowered.populations[*population.parent].root
                                            : static_cast<std::uint32_t>(p);
    }
}

/// What depends on all projections: dense formats, and which sums belong together.
void finish_formats(const isa::ChipSpec& chip, Lowered& lowered, Diagnostics& diagnostics) {
    constexpr std::uint32_t kMaxSums = 256;  // what SynapseFormat::sum can name
    std::map<std::pair<std::uint32_t, std::uint8_t>, std::uint32_t> sums;  // of a target
    for (LoweredProjection& projection : lowered.projections) {
        const LoweredPopulation& target = lowered.populations[projection.to];
        isa::SynapseFormat& format = projection.format;
        if (chip.exponent_on == isa::ExponentOn::kSum && format.weight_exponent != 0 &&
            format.rule() == isa::Accumulate::kSum) {
            format.flags |= isa::SynapseFormat::kOnSum;
            const std::uint32_t sum = sums[{projection.to, format.accumulator}]++;
            format.sum = static_cast<std::uint8_t>(sum);
            if (sum == kMaxSums) {
                diagnostics.error(
                    "CMP-FIT", projection.where,
                    fmt::format("projection '{}' is the {}th with an exponent that adds to "
                                "accumulator {} of population '{}', an image holds {}",
                                projection.name, sum + 1, format.accumulator, target.name,
                                kMaxSums),
                    "merge projections between the same populations, or use another accumulator");
            }
        }
        if (projection.complete && !projection.learning_rule &&
            !shares_rows(lowered, projection.from) && target.profile_of.empty() &&
            target.order.empty()) {
            format.flags |= isa::SynapseFormat::kDense;
            format.index_bits = 0;
        }
    }
}

/// Above this many synapses the partitioner gets tiles of neurons instead of finding out who is
/// connected to whom.
constexpr std::uint64_t kTiledSynapses = 20'000'000;

/// Orders the populations of a large network by tiles, but compartments of cells and those of which
/// dense rows need the numbers in order.
void order_by_tiles(const Network& network, Lowered& lowered) {
    if (lowered.synapse_count() <= kTiledSynapses) return;
    std::vector<bool> keeps(lowered.populations.size());
    for (std::size_t p = 0; p < keeps.size(); ++p) {
        const LoweredPopulation& population = lowered.populations[p];
        if (!population.parent) continue;
        keeps[p] = true;
        keeps[population.root] = true;
    }
    for (const LoweredProjection& projection : lowered.projections) {
        keeps[projection.to] = keeps[projection.to] || projection.complete;
    }
    for (std::size_t p = 0; p < keeps.size(); ++p) {
        LoweredPopulation& population = lowered.populations[p];
        if (keeps[p] || !population.order.empty() || population.pinned.given()) continue;
        population.order = tile_order(network.populations[p].shape);
    }
}

/// A graded spike is as wide to every core as the widest projection of its source and channel says,
/// so that flits do not depend on which projections share a core.
void widen_payloads(Lowered& lowered) {
    std::map<std::tuple<bool, std::uint32_t, std::uint8_t>, std::uint8_t> widest;
    const auto of = [&widest](const LoweredProjection& p) -> std::uint8_t& {
        return widest[{p.from.is_input, p.from.index, p.channel}];
    };
    for (const LoweredProjection& p : lowered.projections) of(p) = std::max(of(p), p.payload_bits);
    for (LoweredProjection& p : lowered.projections) {
        if (p.payload_bits != 0) p.payload_bits = of(p);
    }
}

}  // namespace

LoweredPopulation lower_population(const Population& population, Diagnostics& diagnostics) {
    LoweredPopulation lowered;
    lowered.name = population.name;
    lowered.where = population.where;
    lowered.size = population.size;
    lowered.first_neuron = population.first_neuron;
    lowered.pinned = population.pinned;
    lowered.parent = population.parent;

    WordEvaluator evaluator{population, diagnostics};
    std::vector<Values<std::int32_t>> params;
    for (const isa::WordDecl& word : population.program->params) {
        params.push_back(evaluator.evaluate(word, "parameter"));
    }
    for (const isa::WordDecl& word : population.program->states) {
        const auto given = population.initial.find(word.name);
        lowered.state.push_back(
            given != population.initial.end() ? given->second : evaluator.evaluate(word, "state"));
    }
    find_profiles(params, lowered);
    return lowered;
}

Lowered lower(Network network, const isa::ChipSpec& chip, SynapseSource& source,
              Diagnostics& diagnostics) {
    Lowered lowered;
    lowered.pool = chip.limits.has_pool();
    lowered.drops_zeros = chip.zeros == isa::ZeroWeights::kDropped;
    for (const Population& population : network.populations) {
        lowered.populations.push_back(lower_population(population, diagnostics));
        lowered.populations.back().region = cores_of_region(population, chip, diagnostics);
        lowered.populations.back().program = program_index(population.program, lowered.programs);
        lowered.populations.back().parent_word = parent_word(*population.program).value_or(0);
        check_program(population, chip, diagnostics);
    }
    find_roots(lowered);
    std::uint32_t plastic = 0;
    for (Projection& projection : network.projections) {
        check_accumulator(network, projection, diagnostics);
        lowered.projections.push_back(
            lower_projection(network, projection, chip, source, lowered.losses, diagnostics));
        find_order(projection, lowered);
        if (projection.learning_rule && ++plastic > kMaxPlastic) {
            diagnostics.error(
                "CMP-FIT", projection.where,
                fmt::format("projection '{}' is the {}th that learns, an image holds {}",
                            projection.name, plastic, kMaxPlastic),
                "merge projections between the same populations");
            break;
        }
        if (projection.learning_rule) {
            lowered.projections.back().format.plastic = static_cast<std::uint8_t>(plastic);
        }
        projection.rows.reset();
    }
    finish_formats(chip, lowered, diagnostics);
    widen_payloads(lowered);
    order_by_tiles(network, lowered);
    lowered.network = std::move(network);
    return lowered;
}

Lowered lower(Network network, const isa::ChipSpec& chip, Diagnostics& diagnostics) {
    SynapseGenerator generator;
    return lower(std::move(network), chip, generator, diagnostics);
}

}  // namespace seamount::compiler
