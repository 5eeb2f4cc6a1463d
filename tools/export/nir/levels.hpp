#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ir/network.hpp"

namespace seamount::exporter {

/// Delay of each projection with which what it carries arrives when NIR has it arrive: layers lag
/// by a step each on the chip, ways of different lengths meet in NIR, and what leads back acts a
/// step later. As the importer aligns a graph.
[[nodiscard]] std::vector<std::uint32_t> lags_of(const compiler::Network& network);

}  // namespace seamount::exporter
