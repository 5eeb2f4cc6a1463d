#include "compiler/partition/graph/portfolio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "compiler/partition/hypergraph/refine.hpp"
#include "compiler/partition/seeds/seeds.hpp"

namespace seamount::compiler {
namespace {

/// What a search may take is in proportion to the pins of the network, so that compiling grows no
/// faster than the network. Graphs with fewer pins than these, or with few of what the network has
/// (what is left is merged), cost so little that more seeds and hotter annealing are affordable.
constexpr std::uint64_t kSmall = 50'000;
constexpr std::uint64_t kMerged = 8;       // times fewer
constexpr std::uint64_t kSweeps = 4;       // of a network by annealing, per effort
constexpr std::uint64_t kMostSweeps = 40;  // of what is small, per effort
/// A partition that costs at least this share of one by chance shows that there is no structure;
/// below the other share there is some.
constexpr double kRandom = 0.94;
constexpr double kUnclear = 0.8;
/// A first pass that saves less than this tells that further ones will find nothing that the sweeps
/// after it do not, if these save less than kSwept: they save a tenth of any network, as each
/// vertex finds the part where chance has put most of its partners.
constexpr double kNoGain = 0.97;
constexpr double kSwept = 0.88;
/// The share of the average part below which no vertex leaves a part in sweeps over a network that
/// looks like chance. Of eight random networks two such sweeps and a free one save 10 %, two free
/// ones 4 to 9 %.
constexpr double kEven = 0.98;
/// Targets of a source that METIS sees of a large network: these say which neurons belong together
/// as well as a thousand do, at a fraction of the time.
constexpr std::uint32_t kMostTargets = 128;
/// Annealing that changes the cost by less in four sweeps has found what there is to find.
constexpr double kSettled = 0.002;

bool better(const Cut& a, const Cut& b) {
    if (a.fits != b.fits) return a.fits;
    return a.cost < b.cost;
}

class Search {
public:
    Search(const Hypergraph& graph, std::uint32_t cores, const PartLimits& limits,
           const PortfolioOptions& options)
        : graph_{graph},
          cores_{cores},
          limits_{limits},
          options_{options},
          pins_{std::max<std::uint64_t>(graph.pins.size(), 1)},
          is_small_{pins_ <= std::max(kSmall, options.pins / kMerged)} {}

    Cut run(const Cut* known);

private:
    /// How many parts to try: few, as that saves packets, but with room to move.
    [[nodiscard]] std::vector<std::uint32_t> part_counts() const;
    void try_parts(std::uint32_t parts);
    /// Sweeps over the best cut that keep all parts about as full as they are on average.
    [[nodiscard]] std::vector<std::uint32_t> even_sweeps(std::uint32_t parts,
                                                         std::uint32_t sweeps) const;
    /// Improves a seed and keeps it if it is the best so far.
    void consider(std::vector<std::uint32_t> seed, std::uint32_t parts, std::uint32_t sweeps,
                  const std::string& how);
    [[nodiscard]] bool costs_like_chance(double share) const {
        return static_cast<double>(best_.cost) > share * cost_by_chance(graph_, best_.parts);
    }
    /// Whether the best cut gains nothing over chance. Parts count as much as they have vertices: a
    /// nearly empty one, which few nets can reach, says nothing of the others.
    [[nodiscard]] bool costs_like_chance_on_used() const;
    void polish();
    /// Whether a network without structure needs more input axons than all cores have: then no
    /// search helps. Looks at one pass over the vertices, which becomes the best cut if so.
    [[nodiscard]] bool is_hopeless();
    /// Whether even the best cut so far needs too many axons to be worth more work; takes it down.
    bool gives_up();
    /// The axons of a cut, as a share of those that all cores have.
    [[nodiscard]] double need_of(const Assignment& assignment) const;
    [[nodiscard]] std::uint32_t patience() const { return is_small_ ? 1 : 4; }
    void tell(const std::string& what, std::uint32_t parts) const {
        if (options_.progress) options_.progress(fmt::format("{}, {} cores", what, parts));
    }

    const Hypergraph& graph_;
    std::uint32_t cores_;
    const PartLimits& limits_;
    PortfolioOptions options_;
    std::uint64_t pins_;
    bool is_small_;
    Cut best_;
    bool has_best_ = false;
};

std::vector<std::uint32_t> Search::part_counts() const {
    const std::uint32_t closed = graph_.fixed_parts();
    const std::uint32_t fewest = fewest_parts(graph_, limits_);
    std::vector<std::uint32_t> counts;
    const auto add = [&](double factor) {
        const auto parts = static_cast<std::uint32_t>(std::ceil(fewest * factor));
        const std::uint32_t count = closed + std::clamp(parts, 1U, cores_ - closed);
        if (std::ranges::find(counts, count) == counts.end()) counts.push_back(count);
    };
    add(1.015);
    if (is_small_) add(1.3);
    return counts;
}

void Search::consider(std::vector<std::uint32_t> seed, std::uint32_t parts, std::uint32_t sweeps,
                      const std::string& how) {
    tell(how, parts);
    Assignment assignment{graph_, parts, limits_, seed};
    Cut cut;
    cut.fits = refine(assignment, {sweeps, 0.0, options_.seed, patience()});
    cut.part_of = assignment.part_of();
    cut.parts = parts;
    cut.cost = assignment.cost();
    cut.need = need_of(assignment);
    cut.how = how;
    if (!has_best_ || better(cut, best_)) best_ = std::move(cut);
    has_best_ = true;
}

bool Search::costs_like_chance_on_used() const {
    std::vector<double> share(best_.parts);  // of the vertices
    for (const std::uint32_t part : best_.part_of) share[part] += 1.0 / graph_.vertex_count();
    std::vector<double> reached(best_.parts);  // rates of the nets that have a pin there
    std::vector<std::uint32_t> seen(best_.parts, Hypergraph::kNone);  // the last of them
    std::map<std::uint64_t, double> rate_of;  // of all nets with so many pins
    double rates = 0.0;
    for (std::uint32_t net = 0; net < graph_.net_count(); ++net) {
        const double rate = graph_.rate[net];
        rates += rate;
        rate_of[graph_.pins_of(net).size()] += rate;
        for (const std::uint32_t pin : graph_.pins_of(net)) {
            const std::uint32_t part = best_.part_of[pin];
            if (std::exchange(seen[part], net) != net) reached[part] += rate;
        }
    }
    double cost = 0.0;
    double by_chance = 0.0;
    for (std::uint32_t part = 0; part < best_.parts; ++part) {
        cost += share[part] * reached[part];
        const double miss = std::log1p(-std::min(share[part], 1.0));  // log of the chance of a pin
        for (const auto& [pins, rate] : rate_of) {
            by_chance -= share[part] * rate * std::expm1(static_cast<double>(pins) * miss);
        }
    }
    const auto used = static_cast<double>(
        std::ranges::count_if(share, [](double of_part) { return of_part > 0.0; }));
    return used * cost - rates > kNoGain * (used * by_chance - rates);
}

std::vector<std::uint32_t> Search::even_sweeps(std::uint32_t parts, std::uint32_t sweeps) const {
    std::uint64_t compartments = 0;
    for (std::uint32_t v = 0; v < graph_.vertex_count(); ++v) {
        if (graph_.fixed[v] == Hypergraph::kNone) compartments += graph_.compartments[v];
    }
    const std::uint32_t open = std::max(parts - graph_.fixed_parts(), 1U);
    Annealing annealing{sweeps, 0.0, options_.seed, patience()};
    annealing.least = static_cast<std::uint64_t>(kEven * static_cast<double>(compartments) / open);
    Assignment assignment{graph_, parts, limits_, best_.part_of};
    refine(assignment, annealing);
    return assignment.part_of();
}

void Search::try_parts(std::uint32_t parts) {
    const std::uint32_t sweeps = is_small_ ? 8 : 2;
    if (options_.partitioner == Partitioner::kAuto ||
        options_.partitioner == Partitioner::kStream) {
        // A large network that a single pass already maps well needs no other proof of structure.
        consider(streaming_seed(graph_, parts, limits_), parts, is_small_ ? sweeps : 0, kByOrder);
        const bool gains_nothing = !is_small_ && costs_like_chance(kNoGain);
        const bool is_quick =
            !is_small_ && options_.effort <= kQuickEffort && costs_like_chance_on_used();
        if (!is_small_ && !is_quick &&
            (options_.partitioner == Partitioner::kStream || costs_like_chance(kUnclear))) {
            consider(even_sweeps(parts, sweeps), parts, 1, kByOrder);
        }
        best_.is_random = options_.may_be_random &&
                          (is_quick || costs_like_chance(gains_nothing ? kSwept : kRandom));
        if (options_.partitioner == Partitioner::kStream || best_.is_random) return;
    }
    if (options_.partitioner == Partitioner::kMultilevel) {
        consider(multilevel_seed(graph_, parts, limits_, options_.seed), parts, sweeps,
                 "multilevel");
        return;
    }
    if (!is_small_) {
        consider(metis_seed(graph_, parts, limits_, {true, 0, kMostTargets}, options_.seed), parts,
                 sweeps, "metis, synapses");
        return;
    }
    consider(metis_seed(graph_, parts, limits_, {true, 1}, options_.seed), parts, sweeps,
             "metis, synapses and a ring");
    consider(metis_seed(graph_, parts, limits_, {false, 2}, options_.seed), parts, sweeps,
             "metis, two rings");
}

double Search::need_of(const Assignment& assignment) const {
    double input = 0.0;
    double output = 0.0;
    for (std::uint32_t part = 0; part < assignment.parts(); ++part) {
        if (assignment.is_closed(part)) continue;
        input += static_cast<double>(assignment.load(part).input_axons);
        output += static_cast<double>(assignment.load(part).output_axons);
    }
    const auto share = [this](double need, std::uint64_t limit) {
        const double all = static_cast<double>(limit) * (cores_ - graph_.fixed_parts());
        return limit == 0 ? 0.0 : need / std::max(all, 1.0);
    };
    return std::max(share(input, limits_.input_axons), share(output, limits_.output_axons));
}

bool Search::gives_up() {
    // More cores need more axons; what a longer search saves is less than this.
    best_.is_hopeless = options_.gives_up && !best_.fits && best_.need >= kGiveUpFactor;
    return best_.is_hopeless;
}

void Search::polish() {
    tell(fmt::format("{}: annealing", best_.how), best_.parts);
    // In the order of the parts, what a sweep looks at lies close together.
    std::vector<std::uint32_t> order(graph_.vertex_count());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
        return best_.part_of[a] < best_.part_of[b];
    });
    const Hypergraph sorted = reorder(graph_, order);
    std::vector<std::uint32_t> part_of;
    part_of.reserve(order.size());
    for (const std::uint32_t vertex : order) part_of.push_back(best_.part_of[vertex]);
    Assignment assignment{sorted, best_.parts, limits_, part_of};
    const double mean =
        static_cast<double>(assignment.cost()) / std::max<double>(1.0, graph_.vertex_count());
    const double temperature = mean * (is_small_ ? 1.0 : 0.15);
    const std::uint64_t affordable =
        std::max(kSweeps * options_.pins, kMostSweeps * kSmall) / pins_;
    const auto sweeps =
        options_.effort * static_cast<std::uint32_t>(std::clamp(affordable, kSweeps, kMostSweeps));
    const double settled = is_small_ ? 0.0 : kSettled;
    best_.fits = refine(assignment, {sweeps, temperature, options_.seed + 1, patience(), settled});
    best_.cost = assignment.cost();
    for (std::size_t i = 0; i < order.size(); ++i) {
        best_.part_of[order[i]] = assignment.part_of()[i];
    }
}

bool Search::is_hopeless() {
    if (limits_.input_axons == 0 || !options_.may_be_random || is_small_) return false;
    const auto axons = static_cast<double>(limits_.input_axons) * cores_;
    if (kRandom * cost_by_chance(graph_, cores_) <= axons) return false;
    PartLimits loose = limits_;
    loose.input_axons = 0;
    loose.output_axons = 0;
    const std::uint32_t parts = part_counts().front();
    const std::vector<std::uint32_t> seed = streaming_seed(graph_, parts, loose);
    tell(kByOrder, parts);
    const Assignment assignment{graph_, parts, loose, seed};
    best_ = {seed, parts, assignment.cost(), false, kByOrder, false, true};
    best_.is_random = costs_like_chance(kRandom);
    best_.is_hopeless = best_.is_random && options_.gives_up;
    return best_.is_random;
}

Cut Search::run(const Cut* known) {
    if (known == nullptr && is_hopeless()) return std::move(best_);
    if (known != nullptr) {
        const std::uint32_t parts = std::max(known->parts, part_counts().front());
        consider(known->part_of, parts, options_.polishes ? 0 : 4, known->how);
    } else {
        for (const std::uint32_t parts : part_counts()) {
            try_parts(parts);
            best_.is_final = best_.is_random && best_.fits;
            if (best_.is_final || gives_up()) return std::move(best_);
        }
    }
    // Limits on what does not add up, such as input axons, show only now how many parts it takes.
    for (std::uint32_t parts = best_.parts; !best_.fits && parts < cores_;) {
        parts = std::min(cores_, parts + std::max(1U, parts / 6));
        try_parts(parts);
        if (gives_up()) return std::move(best_);
    }
    best_.is_final =
        options_.polishes || options_.partitioner == Partitioner::kStream || best_.is_random;
    if (options_.partitioner != Partitioner::kStream && !best_.is_random && options_.polishes)
        polish();
    return std::move(best_);
}

}  // namespace

double net_by_chance(double pins, std::uint32_t parts) {
    const auto all = static_cast<double>(parts);
    const double miss = std::log1p(-1.0 / all);  // a pin is not in a given part
    return -all * std::expm1(pins * miss) - 1.0;
}

double cost_by_chance(const Hypergraph& graph, std::uint32_t parts) {
    double cost = 0.0;
    for (std::uint32_t net = 0; net < graph.net_count(); ++net) {
        const auto pins = static_cast<double>(graph.pins_of(net).size());
        cost += graph.rate[net] * net_by_chance(pins, parts);
    }
    return cost;
}

std::uint32_t fewest_parts(const Hypergraph& graph, const PartLimits& limits) {
    std::uint64_t compartments = 0;
    std::uint64_t synapses = 0;
    std::uint64_t bits = 0;
    for (std::uint32_t v = 0; v < graph.vertex_count(); ++v) {
        if (graph.fixed[v] != Hypergraph::kNone) continue;
        compartments += graph.compartments[v];
        synapses += graph.synapses[v];
        bits += graph.bits[v];
    }
    std::uint64_t fewest = 1;
    const auto need = [&fewest](std::uint64_t total, std::uint64_t limit) {
        if (limit != 0) fewest = std::max(fewest, (total + limit - 1) / limit);
    };
    need(compartments, limits.compartments);
    need(synapses, limits.synapses);
    need(bits, limits.bits);
    return static_cast<std::uint32_t>(fewest);
}

Cut find_cut(const Hypergraph& graph, std::uint32_t cores, const PartLimits& limits,
             const PortfolioOptions& options, const Cut* known) {
    std::vector<std::uint32_t> group_of;
    const std::uint32_t groups = find_twins(graph, limits, group_of);
    PortfolioOptions structured = options;
    if (structured.pins == 0) structured.pins = graph.pins.size();
    if (groups > graph.vertex_count() * 0.8)
        return Search{graph, cores, limits, structured}.run(known);

    const Hypergraph coarse = contract(graph, group_of, groups);
    structured.may_be_random = false;  // twins are structure
    structured.polishes = true;        // what is merged costs little
    Cut cut = Search{coarse, cores, limits, structured}.run(nullptr);
    const bool is_hopeless = cut.is_hopeless;
    std::vector<std::uint32_t> part_of;
    part_of.reserve(group_of.size());
    for (const std::uint32_t group : group_of) part_of.push_back(cut.part_of[group]);
    Assignment assignment{graph, cut.parts, limits, part_of};
    cut.fits = refine(assignment, {2, 0.0, options.seed + 2});
    cut.cost = assignment.cost();
    cut.part_of = assignment.part_of();
    cut.is_hopeless = is_hopeless && !cut.fits;
    return cut;
}

}  // namespace seamount::compiler
