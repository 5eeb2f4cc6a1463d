#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/base/hdf5/hdf5_reader.hpp"
#include "tools/run/read/rows.hpp"

namespace seamount::tools {

/// The spikes of populations, or of host inputs, of a file that SonataSpikes wrote, as the columns
/// of spikes.csv or input_spikes.csv and in their order.
class SonataRows final : public Rows {
public:
    /// `kind`: "population" or "input". Throws InputError (RUN-RECORDS), as next() does.
    SonataRows(const std::filesystem::path& path, const std::string& kind);
    [[nodiscard]] bool next() override;

private:
    /// The spikes of one population, a block of them in memory.
    struct Group {
        std::string path;
        std::int64_t index = 0;
        std::string name;
        double dt_ms = 1.0;
        std::uint64_t size = 0;
        std::uint64_t at = 0;    ///< of the first spike in memory
        std::size_t within = 0;  ///< the next one
        std::vector<std::int64_t> ids;
        std::vector<double> times;
        std::vector<std::int64_t> payloads;
    };
    /// True if there is a spike, which is in memory then.
    [[nodiscard]] bool fill(Group& group);
    [[nodiscard]] static std::int64_t step_of(const Group& group);

    Hdf5Reader file_;
    std::vector<Group> groups_;  ///< as the network has them
};

}  // namespace seamount::tools
