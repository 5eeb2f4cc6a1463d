#include "tools/run/records/record.hpp"

#include <fmt/core.h>

#include "tools/base/table.hpp"

namespace seamount::tools {

std::vector<std::string> population_fields(const isa::Image& image) {
    std::vector<std::string> fields;
    for (const isa::PopulationImage& population : image.populations) {
        fields.push_back(csv_field(population.name));
    }
    return fields;
}

std::string nanoseconds(std::uint64_t picoseconds) {
    return fmt::format("{}.{:03}", picoseconds / 1000, picoseconds % 1000);
}

double share_of_run(std::uint64_t picoseconds, const emu::RunTotals& totals) {
    if (totals.time.count() == 0) return 0.0;
    return static_cast<double>(picoseconds) / static_cast<double>(totals.time.count());
}

}  // namespace seamount::tools
