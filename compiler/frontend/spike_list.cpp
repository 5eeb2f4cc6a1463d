#include "compiler/frontend/spike_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/frontend/values.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::int64_t kMaxStep = std::int64_t{1} << 48U;

struct Spike {
    std::uint64_t step;
    std::uint32_t source;
    friend auto operator<=>(const Spike&, const Spike&) = default;
};

/// Largest legal index; any if the size is not known because of an error.
std::int64_t last_index(const isa::InputImage& image) {
    return image.size == 0 ? std::int64_t{kMaxSize} : std::int64_t{image.size} - 1;
}

std::vector<Spike> inline_spikes(const YamlNode& node, const isa::InputImage& image) {
    std::vector<Spike> spikes;
    for (const YamlNode& pair : node.items()) {
        const auto items = pair.items();
        if (items.size() != 2) {
            pair.error("NET-SPIKES", "a spike is a pair [step, index]");
            continue;
        }
        const auto step = items[0].integer("step", 0, kMaxStep);
        const auto source = items[1].integer("index", 0, last_index(image));
        if (step && source) {
            spikes.push_back(
                {static_cast<std::uint64_t>(*step), static_cast<std::uint32_t>(*source)});
        }
    }
    return spikes;
}

std::vector<Spike> spikes_of_file(Context& context, const YamlNode& node,
                                  const isa::InputImage& image) {
    const auto table = context.data.read(node);
    if (!table) return {};
    if (table->shape().size() != 2 || table->shape()[1] != 2) {
        node.error("NET-SHAPE",
                   fmt::format("spikes have shape (E, 2): step, index; the array has {}",
                               table->shape_text()));
        return {};
    }
    std::uint64_t step_column = 0;
    const auto& names = table->columns();
    if (!names.empty()) {
        if (names[1] == "step" && names[0] == "index") {
            step_column = 1;
        } else if (names[0] != "step" || names[1] != "index") {
            node.error("NET-COLUMN",
                       fmt::format("the columns are '{}' and '{}', must be step,index", names[0],
                                   names[1]));
            return {};
        }
    }
    const auto steps = to_integers(table->column(step_column), node,
                                   {"step", "spike", 0, 0, static_cast<double>(kMaxStep)});
    const auto sources =
        to_integers(table->column(1 - step_column), node,
                    {"index", "spike", 0, 0, static_cast<double>(last_index(image))});
    if (!steps || !sources) return {};
    std::vector<Spike> spikes;
    spikes.reserve(steps->size());
    for (std::size_t i = 0; i < steps->size(); ++i) {
        spikes.push_back(
            {static_cast<std::uint64_t>((*steps)[i]), static_cast<std::uint32_t>((*sources)[i])});
    }
    return spikes;
}

}  // namespace

void read_spikes(Context& context, const YamlNode& node, isa::InputImage& image) {
    std::vector<Spike> spikes;
    if (node.is_map()) {
        spikes = spikes_of_file(context, node, image);
    } else if (expect_sequence(node, "spikes")) {
        spikes = inline_spikes(node, image);
    }
    std::sort(spikes.begin(), spikes.end());
    const auto twice = std::adjacent_find(spikes.begin(), spikes.end());
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
}

}  // namespace seamount::compiler::frontend
