#pragma once

// Maps of 8 x 8 places with walls, as grid.py has them, and what is true of them.

#include <array>
#include <cstddef>
#include <deque>
#include <vector>

namespace worlds {

class Map {
public:
    static constexpr int kSide = 8;
    static constexpr int kPlaces = kSide * kSide;
    static constexpr int kActions = 4;  ///< up, down, left, right
    static constexpr int kNever = -1;   ///< of distances(): no way leads there

    explicit Map(const std::vector<int>& walls) {
        for (const int wall : walls) wall_.at(static_cast<std::size_t>(wall)) = true;
    }

    [[nodiscard]] bool free(int place) const { return !wall_[static_cast<std::size_t>(place)]; }

    /// Where an action leads; into a wall or the border: nowhere.
    [[nodiscard]] int step(int place, int action) const {
        constexpr std::array<std::array<int, 2>, kActions> moves{
            {{-1, 0}, {1, 0}, {0, -1}, {0, 1}}};
        const auto [down, right] = moves.at(static_cast<std::size_t>(action));
        const int row = place / kSide + down;
        const int column = place % kSide + right;
        const bool inside = row >= 0 && row < kSide && column >= 0 && column < kSide;
        const int there = row * kSide + column;
        return inside && free(there) ? there : place;
    }

    /// Steps to `goal` from each place, or kNever.
    [[nodiscard]] std::array<int, kPlaces> distances(int goal) const {
        std::array<int, kPlaces> to;
        to.fill(kNever);
        to.at(static_cast<std::size_t>(goal)) = 0;
        for (std::deque<int> queue{goal}; !queue.empty(); queue.pop_front()) {
            const int here = queue.front();
            for (int action = 0; action < kActions; ++action) {  // a step can be undone
                const int there = step(here, action);
                int& far = to[static_cast<std::size_t>(there)];
                if (far != kNever) continue;
                far = to[static_cast<std::size_t>(here)] + 1;
                queue.push_back(there);
            }
        }
        return to;
    }

    /// Steps until every place was visited, by one who knows the map and always goes to the nearest
    /// place not visited; the lowest of several. All free places are connected.
    [[nodiscard]] int nearest_unvisited(int start) const {
        std::array<bool, kPlaces> visited{};
        int steps = 0;
        for (int here = start;;) {
            visited[static_cast<std::size_t>(here)] = true;
            const std::array<int, kPlaces> far = distances(here);
            int next = kNever;
            for (int place = 0; place < kPlaces; ++place) {
                const auto at = static_cast<std::size_t>(place);
                if (!free(place) || visited[at]) continue;
                if (next == kNever || far[at] < far[static_cast<std::size_t>(next)]) next = place;
            }
            if (next == kNever) return steps;
            steps += far[static_cast<std::size_t>(next)];
            here = next;
        }
    }

private:
    std::array<bool, kPlaces> wall_{};
};

}  // namespace worlds
