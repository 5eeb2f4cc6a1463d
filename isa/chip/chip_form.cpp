#include "isa/chip/chip_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/assert.hpp"
#include "isa/chip/chip_keys.hpp"
#include "isa/chip/cited.hpp"

namespace seamount::isa {

using yaml::Form;

namespace {

/// What a key of a section means; limits of cores and prices have theirs from their tables.
struct Meaning {
    std::string_view section;
    std::string_view key;
    std::string_view text;
};
constexpr auto kMeanings = std::to_array<Meaning>({
    {"topology", "width", "tiles from west to east"},
    {"topology", "height", "tiles from north to south"},
    {"topology", "cores_per_tile", "neurocores at each router"},
    {"topology", "chips", "[x, y]: identical chips side by side"},
    {"topology", "host_tile", "[x, y]: the tile of the host port"},
    {"limits", "max_delay", "the longest delay of a synapse"},
    {"limits", "learning_epoch", "the longest epoch of a learning rule"},
    {"synapses", "exponent_on",
     "what a negative weight exponent rounds: each weight, or their sum"},
    {"synapses", "zeros", "whether weights of 0 take place and time"},
    {"mesh", "link_occupancy_ns", "how long one flit keeps a link busy"},
    {"mesh", "flit_bits", "what one flit carries"},
    {"mesh", "header_bits", "of every packet; a plain spike has nothing else"},
    {"mesh", "payload_bits", "of graded spikes whose projections declare no width"},
    {"mesh", "payload_width", "as declared, or the bits of each value"},
    {"mesh", "meshes", "parallel physical meshes"},
    {"mesh", "policy", "which of two meshes a packet takes"},
    {"mesh", "routing", "the way through a mesh; xy_yx: each of two its own"},
    {"mesh", "buffer_flits", "places per router input and virtual channel"},
    {"mesh", "virtual_channels", "per link: 1, 2, 4 or 8"},
    {"mesh", "local_occupancy_ns", "how long one flit keeps a tile's way to its router busy"},
    {"mesh", "credit_ns", "how long a freed place takes to be known upstream"},
    {"mesh", "offchip_occupancy_ns", "how long one flit keeps a link between chips busy"},
    {"core", "overlap", "stages that run beside the stage before them"},
    {"core", "fetch_words", "words of synapse memory that one access reads"},
    {"power", "idle_mw", "drawn by one powered chip"},
    {"power", "stepping_mw", "drawn in addition while stepping"},
    {"power", "idle_per_tile_mw", "drawn by one tile in use"},
    {"power", "stepping_per_tile_mw", "drawn by one tile in use while stepping"},
    {"power", "idle_per_core_mw", "drawn by one core in use"},
    {"host", "class", "what beside the chip takes part in a run"},
    {"host", "snips_step_ns", "management of a step by embedded processors"},
    {"host", "snips_mw", "drawn by them while steps run"},
    {"host", "io_packet_ns", "of a host computer for one packet that it injects"},
    {"host", "io_mw", "drawn while a host injects, embedded processors included"},
});

/// What is priced.
constexpr auto kPricedNames = name_table<Event>({
    {Event::kUpdateActive, "an update of a neuron that changes state or spikes"},
    {Event::kUpdateInactive, "an update of a neuron that changes nothing"},
    {Event::kInstruction, "a cycle of microcode"},
    {Event::kSpikeOut, "a spike of a compartment"},
    {Event::kAxonOut, "a packet made for an output axon"},
    {Event::kAxonIn, "a packet looked up in the input axon table"},
    {Event::kSynapse, "a synaptic operation of a sparse format"},
    {Event::kTileSpike, "a packet into or out of a router within its tile"},
    {Event::kHopEastWest, "a flit over a horizontal link"},
    {Event::kHopNorthSouth, "a flit over a vertical link"},
    {Event::kHopOffChip, "a flit over a link between two chips"},
    {Event::kHostPacket, "a packet that the host port injects"},
    {Event::kHostWrite, "a state word that the host port writes"},
    {Event::kBarrier, "a barrier of the whole chip"},
    {Event::kSynapseDense, "a synaptic operation of a dense format"},
    {Event::kSynapseFetch, "an access to synapse memory"},
    {Event::kSynapseUpdate, "a learning rule applied to a synapse"},
    {Event::kTraceUpdate, "a trace brought up to date"},
    {Event::kHostStep, "management of a step by the host"},
    {Event::kStartUp, "the start of a run"},
    {Event::kHostReward, "a reward told to the cores"},
});

std::string_view meaning_of(std::string_view section, std::string_view key) {
    const auto found = std::find_if(kMeanings.begin(), kMeanings.end(), [&](const Meaning& row) {
        return row.section == section && row.key == key;
    });
    SM_ASSERT(found != kMeanings.end(), "a key of a chip has no meaning");
    return found->text;
}

/// A number, its source and how well it is known.
const Form& citation_form() {
    static const Form form = [] {
        Form citation{"cited", "A value with where it comes from."};
        citation
            .key("value", yaml::number(),
                 "the value itself: what the key may be without its source")
            .or_else(yaml::text())
            .or_else(yaml::list({yaml::number(), yaml::text(), yaml::list({yaml::number()})}))
            .must();
        citation.key("source", yaml::text(), "an entry of sources:");
        citation.key("grade", yaml::choice(kGradeNames), "how well it is known")
            .by_default(name_of(Grade::kAssumed));
        citation.key("residual", yaml::number(0.0, kMostResidual),
                     "the largest relative error that it leaves");
        return citation;
    }();
    return form;
}

/// Makes rows of what chip_keys says of one section.
class FormMaker {
public:
    FormMaker(Form& form, std::string_view section) : form_{form}, section_{section} {}

    template <class T>
    void whole(std::string_view key, T value, Range range, std::string_view unit) {
        add(key, yaml::integer(range.min, range.max), fmt::format("{}", value), unit);
    }
    template <class T>
    void rare(std::string_view key, T value, T /*usual*/, Range range, std::string_view unit) {
        whole(key, value, range, unit);
    }
    void limit(std::string_view key, std::uint64_t value, std::uint64_t most,
               std::string_view unit) {
        const auto row =
            std::find_if(kCoreLimitTable.begin(), kCoreLimitTable.end(),
                         [key](const CoreLimitInfo& limit) { return limit.key == key; });
        form_
            .key(key, yaml::integer(0, static_cast<std::int64_t>(most)),
                 fmt::format("{} of a core; 0: no limit", row->words))
            .by_default(fmt::format("{}", value))
            .in(unit)
            .with(citation_form());
    }
    void time(std::string_view key, Picoseconds value, double most_ns, std::string_view) {
        const double ns = static_cast<double>(value.count()) / 1000.0;
        add(key, yaml::number(0.0, most_ns), fmt::format("{}", ns), "ns");
    }
    void power(std::string_view key, Milliwatts value, std::string_view unit) {
        add(key, yaml::number(0.0, chip_keys::kMaxMilliwatts), fmt::format("{}", value.count()),
            unit);
    }
    template <class Enum, std::size_t N, Enum First>
    void choice(std::string_view key, Enum value, const NameTable<Enum, N, First>& names,
                std::string_view) {
        add(key, yaml::choice(names), name_of(names, value), {});
    }
    /// Ends depend on the grid: those of the largest.
    template <class T>
    void pair(std::string_view key, std::string_view, chip_keys::Side<T> across,
              chip_keys::Side<T> down, std::string_view) {
        const std::int64_t most = across.range.min == 0
                                      ? chip_keys::kMaxSide * chip_keys::kMaxSide - 1
                                      : across.range.max;
        add(key, yaml::list({yaml::integer(across.range.min, most)}, 2, 2),
            fmt::format("[{}, {}]", across.value, down.value), {});
    }
    void stages(std::string_view key, const std::array<bool, kStages>& overlaps, std::string_view) {
        std::vector<std::string> stages = names(kStageNames);
        stages.erase(stages.begin());  // the first has none before it
        std::vector<std::string_view> overlapping;
        for (const Stage stage : values(kStageNames)) {
            if (overlaps[static_cast<std::size_t>(stage)]) overlapping.push_back(name_of(stage));
        }
        add(key, yaml::list({yaml::choice(std::move(stages))}),
            fmt::format("[{}]", fmt::join(overlapping, ", ")), {});
    }
    void price(const EventInfo& info, const EventPrice&, const EventPrice&) {
        const std::string_view what = name_of(kPricedNames, info.event);
        if (info.has_time) add_price(info, "_ns", chip_keys::kMaxNanoseconds, what).in("ns");
        add_price(info, "_pj", chip_keys::kMaxPicojoules, what).in("pJ");
    }

private:
    void add(std::string_view key, yaml::ValueType type, std::string_view standard,
             std::string_view unit) {
        form_.key(key, std::move(type), meaning_of(section_, key))
            .by_default(standard)
            .in(unit)
            .with(citation_form());
    }
    yaml::Key& add_price(const EventInfo& info, std::string_view unit, double most,
                         std::string_view what) {
        yaml::Key& row =
            form_.key(fmt::format("{}{}", info.name, unit), yaml::number(0.0, most), what)
                .with(citation_form());
        if (info.follows) {
            row.by_default(fmt::format("({}{})", name_of(*info.follows), unit));
        } else if (!info.everywhere) {
            row.by_default("0");
        }
        return row;
    }

    Form& form_;
    std::string_view section_;
};

template <class Visit>
Form section(std::string_view name, std::string_view meaning, const Visit& visit) {
    const ChipSpec standard;
    Form form{name, meaning};
    FormMaker maker{form, name};
    visit(standard, maker);
    return form;
}

Form make_barrier_form() {
    static const Form table = [] {
        Form form{"barrier_table", "Times by the number of tiles in use, ascending."};
        form.others = {yaml::number(0.0, chip_keys::kMaxNanoseconds)};
        return form;
    }();
    const auto time = yaml::number(0.0, chip_keys::kMaxNanoseconds);
    Form form{"barrier", "How long a barrier takes once all is quiet."};
    form.key("model", yaml::choice(kBarrierNames), "what its time depends on").must();
    form.key("base_ns", time, "of fixed and wavefront").in("ns");
    form.key("per_hop_ns", time, "of wavefront: for each hop across the tiles in use").in("ns");
    form.key("table_ns", yaml::map(table), "of table").in("ns");
    for (const yaml::Key& key : citation_form().keys) {
        if (!key.required) form.keys.push_back(key);
    }
    return form;
}

Form make_profile_form() {
    static const Form barrier = make_barrier_form();
    Form form =
        section("prices", "What events cost in one profile.",
                [](const ChipSpec& chip, FormMaker& maker) { chip_keys::prices(chip, maker); });
    form.key("barrier", yaml::map(barrier), "the time of a barrier");
    form.key(chip_keys::kOthers, yaml::choice({std::string{"free"}}),
             "free: what has no price here costs nothing")
        .with(citation_form());
    return form;
}

Form make_faults_form() {
    constexpr std::int64_t kLast = chip_keys::kMaxSide * chip_keys::kMaxSide - 1;
    const auto place = yaml::integer(0, kLast);
    Form form{"faults", "What is broken."};
    form.key("dead_cores", yaml::list({place}), "cores that do not work").with(citation_form());
    form.key("dead_links", yaml::list({yaml::list({place}, 2, 2)}), "[tile, tile] of links")
        .with(citation_form());
    form.key("dead_synapse_words", yaml::list({yaml::list({yaml::count()}, 2, 2)}),
             "[core, words of 64 bits that it lacks]")
        .with(citation_form());
    return form;
}

Form named(std::string_view name, std::string_view meaning, yaml::ValueType value) {
    Form form{name, meaning};
    form.others = {std::move(value)};
    return form;
}

Form make_chip_form() {
    using Maker = FormMaker&;
    static const Form vars = named("vars", "Variables by name: their defaults.", yaml::text());
    static const Form sources =
        named("sources", "Where numbers come from, by the name that they cite.", yaml::text());
    static const std::array sections{
        section("topology", "Tiles, cores and chips.",
                [](const ChipSpec& c, Maker m) { chip_keys::topology(c, m); }),
        section("limits", "Hard limits of a core.",
                [](const ChipSpec& c, Maker m) { chip_keys::limits(c, m); }),
        section("synapses", "How weights are stored.",
                [](const ChipSpec& c, Maker m) { chip_keys::synapses(c, m); }),
        section("mesh", "Packets, links and routers.",
                [](const ChipSpec& c, Maker m) { chip_keys::mesh(c, m); }),
        section("core", "How the stages of a core work together.",
                [](const ChipSpec& c, Maker m) { chip_keys::core(c, m); }),
        section("power", "What is drawn whatever happens.",
                [](const ChipSpec& c, Maker m) { chip_keys::power(c, m); }),
        section("host", "What manages the chip.",
                [](const ChipSpec& c, Maker m) { chip_keys::host(c, m); }),
    };
    static const Form faults = make_faults_form();
    static const Form profile = make_profile_form();
    static const Form profiles = named("profiles", "Prices by name.", yaml::map(profile));
    Form form{"chip", "A chip. Each number may stand as {value: ..., source: ..., grade: ...}."};
    form.key("chip", yaml::text(), "its name").by_default(ChipSpec{}.name);
    form.key("extends", yaml::text(),
             "a chip, by file or name, whose values hold where this says none");
    form.key("vars", yaml::map(vars), "defaults of ${name}; --set name=value overrides");
    form.key("sources", yaml::map(sources), "where numbers come from");
    for (const Form& part : sections) form.key(part.name, yaml::map(part), "see there");
    form.key("faults", yaml::map(faults), "what is broken").by_default("(nothing)");
    form.key("prices", yaml::text(),
             "the profile in force; none: a chip without times and energies");
    form.key("profiles", yaml::map(profiles), "prices by name");
    return form;
}

}  // namespace

const Form& chip_form() {
    static const Form form = make_chip_form();
    return form;
}

}  // namespace seamount::isa
