#pragma once

#include <string>
#include <vector>

#include "tools/traffic/experiment.hpp"

namespace seamount::traffic {

/// The table that `mesh` prints.
[[nodiscard]] std::string text_of(const Experiment& experiment, const std::vector<Point>& points);

/// The file of --json: one point stands for itself, a sweep is a list.
[[nodiscard]] std::string json_of(const Experiment& experiment, const std::vector<Point>& points);

/// The file of --links: the use of every link at every rate.
[[nodiscard]] std::string links_csv(const Experiment& experiment, const std::vector<Point>& points);

}  // namespace seamount::traffic
