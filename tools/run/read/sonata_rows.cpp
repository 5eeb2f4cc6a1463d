#include "tools/run/read/sonata_rows.hpp"

#include <algorithm>
#include <cmath>

namespace seamount::tools {

SonataRows::SonataRows(const std::filesystem::path& path, const std::string& kind) : file_{path} {
    for (const std::string& name : file_.members("/spikes")) {
        Group group;
        group.path = "/spikes/" + name;
        if (file_.text(group.path, "kind") != kind) continue;
        group.name = file_.text(group.path, "name").value_or(name);
        group.index = static_cast<std::int64_t>(file_.number(group.path, "index").value_or(0.0));
        group.dt_ms = file_.number(group.path, "dt_ms").value_or(1.0);
        group.size =
            std::min({file_.size(group.path + "/node_ids"), file_.size(group.path + "/timestamps"),
                      file_.size(group.path + "/payloads")});
        groups_.push_back(std::move(group));
    }
    std::ranges::sort(groups_, {}, &Group::index);
    const bool inputs = kind == "input";
    for (const char* const name :
         {"step", inputs ? "input" : "population", inputs ? "source" : "neuron", "payload"}) {
        columns_.push_back({name, column_info(name)});
    }
    for (const Group& group : groups_) columns_[1].texts.push_back(group.name);
}

bool SonataRows::fill(Group& group) {
    if (group.within < group.ids.size()) return true;
    group.at += group.ids.size();
    group.within = 0;
    const std::uint64_t count = std::min<std::uint64_t>(kBlock, group.size - group.at);
    file_.read(group.path + "/node_ids", group.at, count, group.ids);
    file_.read(group.path + "/timestamps", group.at, count, group.times);
    file_.read(group.path + "/payloads", group.at, count, group.payloads);
    return count != 0;
}

std::int64_t SonataRows::step_of(const Group& group) {
    return std::llround(group.times[group.within] / group.dt_ms);
}

bool SonataRows::next() {
    for (Cells& column : columns_) {
        column.integers.clear();
        column.codes.clear();
    }
    // Step by step, all groups of one before the next.
    while (columns_[0].integers.size() < kBlock) {
        std::int64_t step = 0;
        bool any = false;
        for (Group& group : groups_) {
            if (!fill(group)) continue;
            step = any ? std::min(step, step_of(group)) : step_of(group);
            any = true;
        }
        if (!any) break;
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            Group& group = groups_[g];
            for (; fill(group) && step_of(group) == step; ++group.within) {
                columns_[0].integers.push_back(step);
                columns_[1].codes.push_back(static_cast<std::int64_t>(g));
                columns_[2].integers.push_back(group.ids[group.within]);
                columns_[3].integers.push_back(group.payloads[group.within]);
            }
        }
    }
    count_ = columns_[0].integers.size();
    return count_ != 0;
}

}  // namespace seamount::tools
