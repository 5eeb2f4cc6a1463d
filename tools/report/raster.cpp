#include "tools/report/raster.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace seamount::report {
namespace {

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
void put(std::string& bytes, std::uint64_t value) {
    constexpr std::uint64_t kLow = 0x7F;
    while (value > kLow) {
        bytes += static_cast<char>((value & kLow) | 0x80U);
        value >>= 7U;
    }
    bytes += static_cast<char>(value);
}

std::string base64(const std::string& bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t word = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            const bool is_there = i + k < bytes.size();
            word = (word << 8U) | (is_there ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            const bool is_there = k == 0 || i + k - 1 < bytes.size();
            text += is_there ? kDigits[(word >> (18U - 6U * k)) & 63U] : '=';
        }
    }
    return text;
}

}  // namespace

std::vector<RasterGroup> raster_groups(const tools::RunRecords& records) {
    const Json& about = records.about();
    std::vector<RasterGroup> groups;
    std::uint64_t row = 0;
    for (const bool inputs : {true, false}) {
        const char* const key = inputs ? "inputs" : "populations";
        if (about.contains(key)) {
            for (const Json& one : about[key]) {
                groups.push_back({one["name"], inputs, row, one["size"]});
                row += groups.back().size;
            }
            continue;
        }
        const char* const table = inputs ? "input_spikes" : "spikes";
        if (!records.has(table)) continue;
        std::map<std::string, std::uint64_t> sizes;
        const auto rows = records.rows(table);
        while (rows->next()) {
            for (std::size_t i = 0; i < rows->count(); ++i) {
                std::uint64_t& size = sizes[rows->columns()[1].text(i)];
                size =
                    std::max(size, static_cast<std::uint64_t>(rows->columns()[2].integers[i]) + 1);
            }
        }
        for (const auto& [name, size] : sizes) {
            groups.push_back({name, inputs, row, size});
            row += size;
        }
    }
    return groups;
}

Raster::Raster(std::vector<RasterGroup> groups, std::uint64_t first_step, std::uint64_t steps)
    : groups_{std::move(groups)},
      first_step_{first_step},
      steps_{std::max<std::uint64_t>(steps, 1)},
      streams_(2),
      last_step_(2, first_step),
      last_row_(2),
      counts_(2),
      grid_(kColumns * kLines),
      activity_(groups_.size(),
                std::vector<std::uint64_t>(std::min(steps_, std::uint64_t{kBuckets}))),
      sums_(groups_.size()) {
    for (const RasterGroup& group : groups_) rows_ = std::max(rows_, group.first + group.size);
}

void Raster::add(tools::Rows& rows, bool inputs) {
    const auto find = [&](const std::string& name) {
        const auto at = std::ranges::find_if(groups_, [&](const RasterGroup& group) {
            return group.name == name && group.is_input == inputs;
        });
        return static_cast<std::size_t>(at - groups_.begin());
    };
    while (rows.next()) {
        const std::vector<tools::Cells>& columns = rows.columns();
        std::vector<std::size_t> by_code;
        for (const std::string& name : columns[1].texts) by_code.push_back(find(name));
        for (std::size_t i = 0; i < rows.count(); ++i) {
            const std::size_t group = by_code[static_cast<std::size_t>(columns[1].codes[i])];
            const auto step = static_cast<std::uint64_t>(columns[0].integers[i]);
            const auto neuron = static_cast<std::uint64_t>(columns[2].integers[i]);
            if (group == groups_.size() || step < first_step_ || step >= first_step_ + steps_ ||
                neuron >= groups_[group].size) {
                continue;
            }
            add_one(group, step, neuron);
        }
    }
}

void Raster::add_one(std::size_t group, std::uint64_t step, std::uint64_t neuron) {
    const std::size_t stream = groups_[group].is_input ? 0 : 1;
    const std::uint64_t row = groups_[group].first + neuron;
    const std::uint64_t since = step - first_step_;
    ++total_;
    ++sums_[group];
    ++activity_[group][since * activity_[group].size() / steps_];
    ++grid_[(row * kLines / rows_) * kColumns + since * kColumns / steps_];
    if (total_ > kMostSpikes) return;
    ++counts_[stream];
    const bool is_new = step != last_step_[stream];
    put(streams_[stream], step - last_step_[stream]);
    // within a step rows need not ascend: the sign is the lowest bit
    const auto from = static_cast<std::int64_t>(is_new ? 0 : last_row_[stream]);
    const std::int64_t change = static_cast<std::int64_t>(row) - from;
    put(streams_[stream], change < 0 ? (static_cast<std::uint64_t>(-change) << 1U) - 1U
                                     : static_cast<std::uint64_t>(change) << 1U);
    last_step_[stream] = step;
    last_row_[stream] = row;
}

Json Raster::json() const {
    Json json{{"first", first_step_},
              {"steps", steps_},
              {"rows", rows_},
              {"total", total_},
              {"groups", Json::array()}};
    for (std::size_t g = 0; g < groups_.size(); ++g) {
        json["groups"].push_back({{"name", groups_[g].name},
                                  {"input", groups_[g].is_input},
                                  {"first", groups_[g].first},
                                  {"size", groups_[g].size},
                                  {"spikes", sums_[g]}});
    }
    if (total_ <= kMostSpikes) {
        json["streams"] = Json::array();
        for (std::size_t s = 0; s < streams_.size(); ++s) {
            json["streams"].push_back({{"count", counts_[s]}, {"bytes", base64(streams_[s])}});
        }
        return json;
    }
    std::string bytes;
    for (const std::uint32_t count : grid_) put(bytes, count);
    json["grid"] = {{"columns", kColumns}, {"lines", kLines}, {"bytes", base64(bytes)}};
    return json;
}

Json Raster::activity() const {
    Json json = Json::array();
    for (std::size_t g = 0; g < groups_.size(); ++g) {
        json.push_back({{"name", groups_[g].name},
                        {"input", groups_[g].is_input},
                        {"size", groups_[g].size},
                        {"spikes", sums_[g]},
                        {"counts", activity_[g]}});
    }
    return json;
}

}  // namespace seamount::report
