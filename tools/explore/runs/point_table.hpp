#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/explore/store/store.hpp"

namespace seamount::explore {

/// The part of a sweep that this process runs: points with number % count == index % count.
struct Shard {
    std::uint64_t index = 0;
    std::uint64_t count = 1;

    [[nodiscard]] bool has(std::int64_t point) const noexcept {
        return static_cast<std::uint64_t>(point) % count == index % count;
    }
};

/// A point in one stage.
struct Point {
    std::int64_t number = 0;
    std::vector<Run*> runs;           ///< one for each seed; none if another shard has it
    std::vector<std::size_t> askers;  ///< times that it was asked for and has not been told since
};

/// All points and runs of a sweep, as its store has them. Points and runs keep their addresses.
class PointTable {
public:
    /// An empty seed stands for the network's own. The store must outlive the table.
    PointTable(Store& store, std::vector<std::string> seeds, const Shard& shard);

    /// Takes over what the store has; what was under way waits again. Call once, first.
    void load();
    /// The points in the order of `points`; new ones of this shard are added, to the store too.
    [[nodiscard]] std::vector<Point*> enter(const std::vector<Assignment>& points, Stage stage);

    [[nodiscard]] Point& at(Stage stage, std::int64_t number) {
        return points_.at({stage, number});
    }
    [[nodiscard]] const std::deque<Run>& runs() const noexcept { return runs_; }

private:
    /// Its number, from 1; the next one if it is new.
    [[nodiscard]] std::int64_t number_of(const Assignment& point);
    /// Takes a run over from the store.
    void keep(Run run);

    Store& store_;
    std::vector<std::string> seeds_;
    Shard shard_;
    std::deque<Run> runs_;
    std::map<std::string, std::int64_t> numbers_;  ///< of points, by their parameters
    std::map<std::pair<Stage, std::int64_t>, Point> points_;
};

}  // namespace seamount::explore
