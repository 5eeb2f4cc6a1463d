#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "isa/image/image.hpp"
#include "tools/base/hdf5/growing_hdf5.hpp"

namespace seamount::tools {

/// Spikes as SONATA has them (developer guide, "Spike trains"): `/spikes/NAME/node_ids` and
/// `timestamps` of each population and each host input that spikes, by time, then as they come;
/// beside them `payloads`. A spike of step s is one of s * dt; the group's attribute `dt_ms` says
/// it. A host input has the attribute `kind` "input", a population "population"; `name` is that of
/// the network, where the group's had to differ.
class SonataSpikes {
public:
    /// `file` must outlive it.
    SonataSpikes(GrowingHdf5& file, const isa::Image& image, double dt_ms);

    /// Of one population in one step.
    void add(std::uint64_t step, std::uint32_t population, std::span<const std::uint64_t> neurons,
             std::span<const std::int32_t> payloads) {
        const Group& group = groups_[population];
        times_.assign(neurons.size(), static_cast<double>(step) * dt_ms_);
        file_.append_all(group.node_ids, neurons);
        file_.append_all(group.timestamps, std::span<const double>{times_});
        file_.append_all(group.payloads, payloads);
    }
    void add_input(std::uint64_t step, std::uint32_t input, std::uint32_t source,
                   std::int32_t payload) {
        append(groups_[populations_ + input], step, source, payload);
    }
    /// Lines of spikes.csv or, with `inputs`, of input_spikes.csv, but for the names of columns.
    void add_lines(std::string_view lines, bool inputs);

private:
    struct Group {
        std::string name;
        std::string part;  ///< the name in the file: slashes are none, and it is taken once
        std::size_t node_ids = 0;
        std::size_t timestamps = 0;
        std::size_t payloads = 0;
    };

    void append(const Group& group, std::uint64_t step, std::uint64_t id, std::int32_t payload) {
        file_.append(group.node_ids, id);
        file_.append(group.timestamps, static_cast<double>(step) * dt_ms_);
        file_.append(group.payloads, payload);
    }
    void open(const std::string& name, std::uint32_t size, const std::string& kind);

    GrowingHdf5& file_;
    double dt_ms_;
    std::size_t populations_;
    std::size_t chunk_;          ///< elements
    std::vector<Group> groups_;  ///< of populations, then of inputs
    std::vector<double> times_;  ///< of add()
};

}  // namespace seamount::tools
