#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "isa/base/json.hpp"
#include "tools/run/read/run_records.hpp"

namespace seamount::report {

/// A population or a host input as rows of the raster.
struct RasterGroup {
    std::string name;
    bool is_input = false;
    std::uint64_t first = 0;  ///< row
    std::uint64_t size = 0;
};

/// Rows of the raster: inputs above, then the populations in the order of the network. Sizes are
/// those that the run told, else what the spikes need. Throws InputError (RUN-RECORDS).
[[nodiscard]] std::vector<RasterGroup> raster_groups(const tools::RunRecords& records);

/// All spikes of a run for the page. Up to kMostSpikes each of them, as numbers of variable length
/// in base64: steps since the one before, then the row (since the one before, in the same step);
/// above that the counts of a grid.
class Raster {
public:
    static constexpr std::uint64_t kMostSpikes = 1'500'000;
    static constexpr std::size_t kColumns = 1024;  ///< of the grid
    static constexpr std::size_t kLines = 384;

    Raster(std::vector<RasterGroup> groups, std::uint64_t first_step, std::uint64_t steps);

    /// Reads the spikes of populations or of inputs.
    void add(tools::Rows& rows, bool inputs);
    [[nodiscard]] Json json() const;
    /// Spikes of each group in each of at most kBuckets stretches of the run.
    [[nodiscard]] Json activity() const;

private:
    static constexpr std::size_t kBuckets = 200;

    void add_one(std::size_t group, std::uint64_t step, std::uint64_t neuron);

    std::vector<RasterGroup> groups_;
    std::uint64_t first_step_;
    std::uint64_t steps_;
    std::uint64_t rows_ = 0;
    std::uint64_t total_ = 0;
    std::vector<std::string> streams_;  ///< bytes, of inputs and of populations
    std::vector<std::uint64_t> last_step_;
    std::vector<std::uint64_t> last_row_;
    std::vector<std::uint64_t> counts_;
    std::vector<std::uint32_t> grid_;
    std::vector<std::vector<std::uint64_t>> activity_;
    std::vector<std::uint64_t> sums_;  ///< by group
};

}  // namespace seamount::report
