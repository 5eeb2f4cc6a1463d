#pragma once

#include <string>
#include <vector>

#include "isa/base/json.hpp"
#include "isa/image/image.hpp"
#include "tools/run/read/run_records.hpp"

namespace seamount::diff {

/// What two things differ in.
struct Difference {
    std::vector<std::string> lines;  ///< for people; empty: nothing differs
    Json json = Json::object();      ///< the same for programs
};

/// Two runs: `first_spike` and `first_state` (step, population, neuron, values), `counts` by key of
/// the summary. Wall times and memory are not compared. Throws InputError (RUN-RECORDS).
[[nodiscard]] Difference of_runs(const tools::RunRecords& first, const tools::RunRecords& second);

/// Two images: `populations` (size, program, parameters, initial states), `synapses` by projection
/// with the first that differs, `moved` neurons on other cores.
[[nodiscard]] Difference of_images(const isa::Image& first, const isa::Image& second);

}  // namespace seamount::diff
