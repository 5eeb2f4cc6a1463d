#include "compiler/partition/hypergraph/refine.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "compiler/partition/hypergraph/lane_sums.hpp"

namespace seamount::compiler {
namespace {

class Refiner {
public:
    Refiner(Assignment& assignment, const Annealing& annealing)
        : assignment_{assignment},
          graph_{assignment.graph()},
          annealing_{annealing},
          dice_{annealing.seed},
          sums_{assignment.words()},
          lanes_(assignment.words()),
          price_(graph_.vertex_count()) {
        std::uint32_t spare = assignment.parts() % 64;
        last_word_ = spare == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << spare) - 1;
    }

    bool run();

private:
    /// Neighbours in memory stay together, so that a sweep works in the cache.
    static constexpr std::uint32_t kBlock = 64;

    struct Choice {
        std::uint32_t part = Hypergraph::kNone;
        std::uint64_t connected = 0;  // rate of its nets that are there already
    };

    /// A move that costs more than so many temperatures is made once in 400 times.
    static constexpr double kHopeless = 6.0;

    /// With `all` not even vertices without hope are left out.
    void sweep(std::uint32_t number, double temperature, bool all);
    void visit(std::uint32_t vertex, double temperature);
    /// Called before each sweep.
    [[nodiscard]] bool has_settled(std::uint32_t sweep);
    /// Packets that the best move of the vertex at hand costs, 0 if it saves some; limits are not
    /// looked at. `lost` is the rate of its nets that need the part it is in.
    [[nodiscard]] std::uint32_t cheapest_move(std::uint32_t from, std::uint64_t lost);
    /// The part with room that most of the vertex's nets reach, at least `bound`.
    [[nodiscard]] Choice best_part(std::uint32_t vertex, std::uint64_t bound);

    Assignment& assignment_;
    const Hypergraph& graph_;
    Annealing annealing_;
    MappingDice dice_;
    LaneSums sums_;
    std::vector<std::uint64_t> lanes_;  // a mask, for cheapest_move()
    std::vector<std::uint32_t>
        price_;  // per vertex: what its cheapest move cost when last looked at
    std::uint64_t last_word_;
    std::uint64_t moves_ = 0;
    std::array<std::uint64_t, 5> recent_{};  // costs before the last sweeps
};

std::uint32_t Refiner::cheapest_move(std::uint32_t from, std::uint64_t lost) {
    std::ranges::fill(lanes_, ~std::uint64_t{0});
    lanes_.back() &= last_word_;
    lanes_[from / 64] &= ~(std::uint64_t{1} << (from % 64));
    const std::uint64_t connected = sums_.largest(lanes_);
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
    return connected >= lost ? 0 : static_cast<std::uint32_t>(std::min(lost - connected, kMost));
}

Refiner::Choice Refiner::best_part(std::uint32_t vertex, std::uint64_t bound) {
    const std::uint32_t from = assignment_.part_of()[vertex];
    Choice best;
    std::uint32_t ties = 0;
    for (std::uint32_t w = 0; w < assignment_.words(); ++w) {
        std::uint64_t lanes = sums_.at_least(bound, w);
        if (w == from / 64) lanes &= ~(std::uint64_t{1} << (from % 64));
        if (w + 1 == assignment_.words()) lanes &= last_word_;
        for (; lanes != 0; lanes &= lanes - 1) {
            const std::uint32_t part = w * 64 + static_cast<std::uint32_t>(std::countr_zero(lanes));
            const std::uint64_t connected = sums_.of(part);
            if (best.part != Hypergraph::kNone && connected < best.connected) continue;
            if (!assignment_.fits(vertex, part)) continue;
            const bool better = best.part == Hypergraph::kNone || connected > best.connected;
            ties = better ? 1 : ties + 1;
            if (better || dice_.below(ties) == 0) best = {part, connected};
        }
    }
    return best;
}

void Refiner::visit(std::uint32_t vertex, double temperature) {
    if (graph_.fixed[vertex] != Hypergraph::kNone) return;
    const std::uint32_t from = assignment_.part_of()[vertex];
    const std::uint32_t word = from / 64;
    const std::uint32_t shift = from % 64;
    std::uint64_t total = 0;
    std::uint64_t alone = 0;  // rate of nets that leave the part with the vertex
    sums_.clear();
    for (const std::uint32_t net : graph_.nets_of(vertex)) {
        const std::uint32_t rate = graph_.rate[net];
        total += rate;
        alone += rate * (assignment_.single(net)[word] >> shift & 1);
        sums_.add(assignment_.connected(net), rate);
    }
    sums_.flush();
    price_[vertex] = cheapest_move(from, total - alone);
    const bool must_leave = assignment_.overfull(from);
    if (!must_leave && assignment_.load(from).compartments < annealing_.least) return;
    // A move costs total - connected - alone packets; how many may it?
    std::uint64_t bound = 0;
    if (!must_leave) {
        double allowed = 0.0;
        if (temperature > 0.0) allowed = -temperature * std::log(1.0 - dice_.unit());
        const double least =
            std::ceil(static_cast<double>(total) - static_cast<double>(alone) - allowed);
        bound = least < 1.0 ? 1 : static_cast<std::uint64_t>(least);
    }
    const Choice choice = best_part(vertex, bound);
    if (choice.part == Hypergraph::kNone) return;
    assignment_.move(vertex, choice.part);
    ++moves_;
}

void Refiner::sweep(std::uint32_t number, double temperature, bool all) {
    std::vector<std::uint32_t> blocks((graph_.vertex_count() + kBlock - 1) / kBlock);
    std::iota(blocks.begin(), blocks.end(), 0U);
    shuffle(blocks, dice_);
    for (const std::uint32_t block : blocks) {
        const std::uint32_t first = block * kBlock;
        const std::uint32_t size = std::min(kBlock, graph_.vertex_count() - first);
        const std::uint32_t start = dice_.below(size);
        for (std::uint32_t i = 0; i < size; ++i) {
            const std::uint32_t vertex = first + (start + i) % size;
            const bool is_turn =
                all || vertex % annealing_.patience == number % annealing_.patience;
            if (!is_turn && price_[vertex] > kHopeless * temperature &&
                !assignment_.overfull(assignment_.part_of()[vertex])) {
                continue;
            }
            visit(vertex, temperature);
        }
    }
}

bool Refiner::has_settled(std::uint32_t sweep) {
    recent_[sweep % recent_.size()] = assignment_.cost();
    if (annealing_.settled == 0.0 || sweep < recent_.size()) return false;
    const auto [least, most] = std::ranges::minmax(recent_);
    return static_cast<double>(most - least) <= annealing_.settled * static_cast<double>(most);
}

bool Refiner::run() {
    constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
    std::vector<std::uint32_t> best;
    std::uint64_t best_cost = kNever;
    const auto remember = [&] {
        if (assignment_.cost() >= best_cost || assignment_.any_overfull()) return;
        best = assignment_.part_of();
        best_cost = assignment_.cost();
    };
    remember();
    for (std::uint32_t i = 0; i < annealing_.sweeps; ++i) {
        const double left =
            annealing_.sweeps < 2 ? 0.0 : 1.0 - static_cast<double>(i) / (annealing_.sweeps - 1);
        moves_ = 0;
        const bool is_settled = has_settled(i);
        const bool is_last =
            annealing_.temperature > 0.0 && (is_settled || i + 1 == annealing_.sweeps);
        sweep(i, is_settled ? 0.0 : annealing_.temperature * left, is_last);
        // While it is hot the best is yet to come.
        if (left < 0.25 || is_settled) remember();
        if (is_settled) break;
        if (moves_ == 0 && annealing_.temperature == 0.0) break;
    }
    if (best_cost == kNever) return false;
    if (assignment_.any_overfull() || assignment_.cost() > best_cost) {
        for (std::uint32_t vertex = 0; vertex < best.size(); ++vertex) {
            if (assignment_.part_of()[vertex] != best[vertex]) {
                assignment_.move(vertex, best[vertex]);
            }
        }
    }
    return true;
}

}  // namespace

bool refine(Assignment& assignment, const Annealing& annealing) {
    return Refiner{assignment, annealing}.run();
}

}  // namespace seamount::compiler
