#include "tools/import/nir/fold/levels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace seamount::importer::nir {
namespace {

/// Walks links from the inputs; those that lead back to where the walk comes from are recurrent.
class LoopFinder {
public:
    explicit LoopFinder(Model& model) : model_{model}, state_(model.populations.size()) {
        leaving_.resize(model.populations.size());
        for (std::size_t i = 0; i < model.links.size(); ++i) {
            if (!model.links[i].from_input) leaving_[model.links[i].from].push_back(i);
        }
    }

    /// Populations, each after all that lead to it.
    [[nodiscard]] std::vector<std::size_t> order() {
        for (const Link& link : model_.links) {
            if (link.from_input) visit(link.to);
        }
        for (std::size_t i = 0; i < model_.populations.size(); ++i) visit(i);
        std::reverse(done_.begin(), done_.end());
        return done_;
    }

private:
    enum class State : std::uint8_t { kNew, kOpen, kDone };

    void visit(std::size_t first) {
        if (state_[first] != State::kNew) return;
        std::vector<std::pair<std::size_t, std::size_t>> stack{{first, 0}};
        state_[first] = State::kOpen;
        while (!stack.empty()) {
            auto& [node, next] = stack.back();
            if (next == leaving_[node].size()) {
                state_[node] = State::kDone;
                done_.push_back(node);
                stack.pop_back();
                continue;
            }
            Link& link = model_.links[leaving_[node][next++]];
            if (state_[link.to] == State::kOpen) link.is_recurrent = true;
            if (state_[link.to] != State::kNew) continue;
            state_[link.to] = State::kOpen;
            stack.emplace_back(link.to, 0);
        }
    }

    Model& model_;
    std::vector<State> state_;
    std::vector<std::vector<std::size_t>> leaving_;
    std::vector<std::size_t> done_;
};

}  // namespace

void align(Model& model, bool delays) {
    const std::vector<std::size_t> order = LoopFinder{model}.order();
    std::vector<std::vector<const Link*>> leaving(model.populations.size());
    for (const Link& link : model.links) {
        if (!link.from_input && !link.is_recurrent) leaving[link.from].push_back(&link);
    }
    for (const std::size_t from : order) {
        for (const Link* link : leaving[from]) {
            std::uint32_t& level = model.populations[link->to].level;
            level = std::max(level, model.populations[from].level + 1);
        }
    }
    if (!delays) return;
    for (Link& link : model.links) {
        const std::uint32_t post = model.populations[link.to].level;
        if (link.from_input) {
            link.delay = post;
            continue;
        }
        const std::uint32_t pre = model.populations[link.from].level;
        if (!link.is_recurrent) {
            link.delay = post - pre - 1;
            continue;
        }
        link.delay = post > pre ? post - pre : 0;
        if (pre > post) {
            model.notes.push_back(fmt::format(
                "{} -> {}: the way back takes {} steps instead of one, as the layers between lag",
                model.populations[link.from].node, model.populations[link.to].node,
                pre - post + 1));
        }
    }
}

void sort_by_level(Model& model) {
    const std::size_t count = model.populations.size();
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return model.populations[a].level < model.populations[b].level;
    });
    std::vector<std::size_t> place(count);
    std::vector<Population> sorted;
    for (std::size_t i = 0; i < count; ++i) {
        place[order[i]] = i;
        sorted.push_back(std::move(model.populations[order[i]]));
    }
    model.populations = std::move(sorted);
    for (Link& link : model.links) {
        link.to = place[link.to];
        if (!link.from_input) link.from = place[link.from];
    }
    std::stable_sort(model.links.begin(), model.links.end(),
                     [](const Link& a, const Link& b) { return a.to < b.to; });
}

}  // namespace seamount::importer::nir
