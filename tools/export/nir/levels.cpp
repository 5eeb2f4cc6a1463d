#include "tools/export/nir/levels.hpp"

#include <algorithm>
#include <utility>

namespace seamount::exporter {
namespace {

/// Finds the projections that lead back, from the inputs on.
class Walk {
public:
    explicit Walk(const compiler::Network& network)
        : network_{network},
          leads_back_(network.projections.size()),
          state_(network.populations.size()),
          leaving_(network.populations.size()) {
        for (std::size_t i = 0; i < network.projections.size(); ++i) {
            const compiler::Projection& p = network.projections[i];
            if (!p.from.is_input) leaving_[p.from.index].push_back(i);
        }
        for (const compiler::Projection& p : network.projections) {
            if (p.from.is_input) visit(p.to);
        }
        for (std::uint32_t i = 0; i < state_.size(); ++i) visit(i);
        std::reverse(done_.begin(), done_.end());
    }

    /// By population, each after all that lead to it.
    [[nodiscard]] std::vector<std::uint32_t> levels() const {
        std::vector<std::uint32_t> levels(state_.size());
        for (const std::uint32_t from : done_) {
            for (const std::size_t i : leaving_[from]) {
                std::uint32_t& level = levels[network_.projections[i].to];
                if (!leads_back_[i]) level = std::max(level, levels[from] + 1);
            }
        }
        return levels;
    }
    [[nodiscard]] bool leads_back(std::size_t projection) const { return leads_back_[projection]; }

private:
    enum class State : std::uint8_t { kNew, kOpen, kDone };

    void visit(std::uint32_t first) {
        if (state_[first] != State::kNew) return;
        std::vector<std::pair<std::uint32_t, std::size_t>> stack{{first, 0}};
        state_[first] = State::kOpen;
        while (!stack.empty()) {
            auto& [population, next] = stack.back();
            if (next == leaving_[population].size()) {
                state_[population] = State::kDone;
                done_.push_back(population);
                stack.pop_back();
                continue;
            }
            const std::size_t projection = leaving_[population][next++];
            const std::uint32_t to = network_.projections[projection].to;
            if (state_[to] == State::kOpen) leads_back_[projection] = true;
            if (state_[to] != State::kNew) continue;
            state_[to] = State::kOpen;
            stack.emplace_back(to, 0);
        }
    }

    const compiler::Network& network_;
    std::vector<bool> leads_back_;
    std::vector<State> state_;
    std::vector<std::vector<std::size_t>> leaving_;
    std::vector<std::uint32_t> done_;
};

}  // namespace

std::vector<std::uint32_t> lags_of(const compiler::Network& network) {
    const Walk walk{network};
    const std::vector<std::uint32_t> levels = walk.levels();
    std::vector<std::uint32_t> lags;
    for (std::size_t i = 0; i < network.projections.size(); ++i) {
        const compiler::Projection& p = network.projections[i];
        const std::uint32_t post = levels[p.to];
        if (p.from.is_input) {
            lags.push_back(post);
            continue;
        }
        const std::uint32_t pre = levels[p.from.index];
        if (walk.leads_back(i)) {
            lags.push_back(post > pre ? post - pre : 0);
        } else {
            lags.push_back(post - pre - 1);
        }
    }
    return lags;
}

}  // namespace seamount::exporter
