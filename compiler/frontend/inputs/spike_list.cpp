#include "compiler/frontend/inputs/spike_list.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/inputs/spike_recording.hpp"

namespace seamount::compiler::frontend {

namespace {

struct Spike {
    std::uint64_t step;
    std::uint32_t source;
    std::int32_t payload = 1;
    friend auto operator<=>(const Spike&, const Spike&) = default;
};

constexpr std::int64_t kMaxPayload = (std::int64_t{1} << 31U) - 1;

/// Largest legal index; any if the size is not known because of an error.
std::int64_t last_index(const isa::InputImage& image) {
    return image.size == 0 ? std::int64_t{kMaxSize} : std::int64_t{image.size} - 1;
}

std::vector<Spike> inline_spikes(const YamlNode& node, const isa::InputImage& image) {
    std::vector<Spike> spikes;
    for (const YamlNode& pair : node.items()) {
        const auto items = pair.items();
        if (items.size() != 2 && items.size() != 3) {
            pair.error("NET-SPIKES", "a spike is a list [step, index] or [step, index, payload]");
            continue;
        }
        const auto step = items[0].integer("step", 0, kMaxStep);
        const auto source = items[1].integer("index", 0, last_index(image));
        const auto payload = items.size() == 3
                                 ? items[2].integer("payload", -kMaxPayload - 1, kMaxPayload)
                                 : std::optional<std::int64_t>{1};
        if (step && source && payload) {
            spikes.push_back({static_cast<std::uint64_t>(*step),
                              static_cast<std::uint32_t>(*source),
                              static_cast<std::int32_t>(*payload)});
        }
    }
    return spikes;
}

std::vector<Spike> spikes_of_file(Context& context, const YamlNode& node,
                                  const isa::InputImage& image) {
    const auto table = context.data.read_list(node);
    if (!table || table->count() == 0) return {};
    const std::uint64_t columns = table->shape().size() == 2 ? table->shape()[1] : 0;
    if (columns != 2 && columns != 3) {
        node.error(
            "NET-SHAPE",
            fmt::format("spikes have shape (E, 2) or (E, 3): step, index, payload; the array "
                        "has {}",
                        table->shape_text()));
        return {};
    }
    const std::vector<std::string> usual{"step", "index", "payload"};
    std::array<std::uint64_t, 3> place{0, 1, 2};
    const auto& names = table->columns();
    for (std::size_t k = 0; !names.empty() && k < columns; ++k) {
        const auto found = std::find(names.begin(), names.end(), usual[k]);
        if (found == names.end()) {
            node.error("NET-COLUMN",
                       fmt::format("the columns are '{}', must be step,index or step,index,payload",
                                   fmt::join(names, "', '")));
            return {};
        }
        place[k] = static_cast<std::uint64_t>(found - names.begin());
    }
    const auto values = [&](std::size_t k, double low, double high) {
        return to_integers(table->column(place[k]), node, {usual[k], "spike", 0, low, high});
    };
    const auto steps = values(0, 0, static_cast<double>(kMaxStep));
    const auto sources = values(1, 0, static_cast<double>(last_index(image)));
    std::optional<std::vector<std::int64_t>> payloads;
    if (columns == 3) {
        payloads =
            values(2, -static_cast<double>(kMaxPayload) - 1, static_cast<double>(kMaxPayload));
    }
    if (!steps || !sources || (columns == 3 && !payloads)) return {};
    std::vector<Spike> spikes;
    spikes.reserve(steps->size());
    for (std::size_t i = 0; i < steps->size(); ++i) {
        spikes.push_back({static_cast<std::uint64_t>((*steps)[i]),
                          static_cast<std::uint32_t>((*sources)[i]),
                          payloads ? static_cast<std::int32_t>((*payloads)[i]) : 1});
    }
    return spikes;
}

}  // namespace

void read_spikes(Context& context, const YamlNode& node, isa::InputImage& image) {
    std::vector<Spike> spikes;
    if (is_recording(node)) {
        for (const auto& [step, source] : read_recording(context, node, image)) {
            spikes.push_back({step, source});
        }
    } else if (node.is_map()) {
        spikes = spikes_of_file(context, node, image);
    } else if (expect_sequence(node, "spikes")) {
        spikes = inline_spikes(node, image);
    }
    std::sort(spikes.begin(), spikes.end());
    const auto twice = std::adjacent_find(
        spikes.begin(), spikes.end(),
        [](const Spike& a, const Spike& b) { return a.step == b.step && a.source == b.source; });
    if (twice != spikes.end()) {
        node.error(
            "NET-SPIKES",
            fmt::format("source {} spikes more than once in step {}", twice->source, twice->step),
            "a source spikes at most once per step; use a larger weight or several sources");
    }
    for (const Spike& spike : spikes) {
        image.spike_steps.push_back(spike.step);
        image.spike_sources.push_back(spike.source);
    }
    const bool plain = std::all_of(spikes.begin(), spikes.end(),
                                   [](const Spike& spike) { return spike.payload == 1; });
    for (std::size_t i = 0; !plain && i < spikes.size(); ++i) {
        image.spike_payloads.push_back(spikes[i].payload);
    }
}

}  // namespace seamount::compiler::frontend
