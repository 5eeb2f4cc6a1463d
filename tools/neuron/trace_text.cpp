#include "tools/neuron/trace_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "isa/base/text.hpp"
#include "tools/base/table.hpp"

namespace seamount::tools {
namespace {

std::string payloads(const std::vector<std::int32_t>& spikes) {
    return fmt::format("{}", fmt::join(spikes, " "));
}

}  // namespace

std::string trace_csv(const NeuronTrace& trace) {
    std::string text = "step";
    for (const auto* curves : {&trace.inputs, &trace.records}) {
        for (const Curve& curve : *curves) text += "," + curve.name;
    }
    text += ",spikes\n";
    for (std::size_t t = 0; t < trace.spikes.size(); ++t) {
        text += std::to_string(t);
        for (const auto* curves : {&trace.inputs, &trace.records}) {
            for (const Curve& curve : *curves) text += fmt::format(",{}", curve.values[t]);
        }
        text += "," + payloads(trace.spikes[t]) + "\n";
    }
    return text;
}

std::string trace_table(const NeuronTrace& trace) {
    std::vector<std::string> head{"step"};
    for (const auto* curves : {&trace.inputs, &trace.records}) {
        for (const Curve& curve : *curves) head.push_back(curve.name);
    }
    head.emplace_back("spikes");
    Table table{head};
    for (std::size_t t = 0; t < trace.spikes.size(); ++t) {
        std::vector<std::string> row{std::to_string(t)};
        for (const auto* curves : {&trace.inputs, &trace.records}) {
            for (const Curve& curve : *curves) row.push_back(std::to_string(curve.values[t]));
        }
        row.push_back(payloads(trace.spikes[t]));
        table.add(std::move(row));
    }
    return table.text();
}

std::string trace_summary(const std::string& program, const NeuronTrace& trace) {
    std::size_t spikes = 0;
    std::vector<std::size_t> steps;  // with a spike
    for (std::size_t t = 0; t < trace.spikes.size(); ++t) {
        spikes += trace.spikes[t].size();
        if (!trace.spikes[t].empty()) steps.push_back(t);
    }
    std::string text =
        fmt::format("{}: {} steps, {}", program, trace.spikes.size(), counted(spikes, "spike"));
    if (!steps.empty()) text += fmt::format(", the first in step {}", steps.front());
    if (steps.size() > 1) {
        const auto span = static_cast<double>(steps.back() - steps.front());
        text +=
            fmt::format(", one every {:.4g} steps", span / static_cast<double>(steps.size() - 1));
    }
    text += fmt::format(", {:.4g} cycles per step\n", static_cast<double>(trace.cycles) /
                                                          static_cast<double>(trace.spikes.size()));
    for (const Curve& curve : trace.records) {
        const auto [least, most] = std::minmax_element(curve.values.begin(), curve.values.end());
        text += fmt::format("  {} in {}..{}\n", curve.name, *least, *most);
    }
    return text;
}

}  // namespace seamount::tools
