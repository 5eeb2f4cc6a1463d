#include "tools/import/nir/fold/linear_map.hpp"

#include <algorithm>
#include <stdexcept>

namespace seamount::importer::nir {
namespace {

/// The value for element i of a list in which one value stands for all.
template <class Value>
const Value& value_at(const std::vector<Value>& values, std::uint64_t i) {
    return values.size() == 1 ? values.front() : values[i];
}

void require_room(std::uint64_t entries) {
    if (entries > kMaxEntries) throw std::length_error{"too many weights"};
}

/// Calls visit(source, target, place in the kernel) for each entry of a convolution, by target.
template <class Visit>
void visit_entries(const Convolved& map, const Visit& visit) {
    const Window& w = map.window;
    const std::uint64_t depth = map.in[0] / w.groups;
    const std::uint64_t taps = w.kernel[0] * w.kernel[1];
    for (std::uint64_t target = 0; target < elements(map.out); ++target) {
        const std::uint64_t x = target % map.out[2];
        const std::uint64_t y = target / map.out[2] % map.out[1];
        const std::uint64_t o = target / map.out[2] / map.out[1];
        const std::uint64_t group = o / (map.out[0] / w.groups);
        for (std::uint64_t c = 0; c < depth; ++c) {
            for (std::uint64_t tap = 0; tap < taps; ++tap) {
                const std::uint64_t sy = y * w.stride[0] + tap / w.kernel[1] * w.dilation[0];
                const std::uint64_t sx = x * w.stride[1] + tap % w.kernel[1] * w.dilation[1];
                if (sy < w.padding[0] || sx < w.padding[1]) continue;
                if (sy - w.padding[0] >= map.in[1] || sx - w.padding[1] >= map.in[2]) continue;
                const std::uint64_t source =
                    ((group * depth + c) * map.in[1] + sy - w.padding[0]) * map.in[2] + sx -
                    w.padding[1];
                visit(source, target, (o * depth + c) * taps + tap);
            }
        }
    }
}

/// Calls visit(source, target, delay, weight) for each entry.
template <class Visit>
void visit_entries(const LinearMap& map, const Visit& visit) {
    if (const auto* const each = std::get_if<Elementwise>(&map.form)) {
        for (std::uint64_t i = 0; i < map.outputs; ++i) {
            visit(i, i, value_at(each->delay, i), value_at(each->weight, i));
        }
    } else if (const auto* const window = std::get_if<Convolved>(&map.form)) {
        visit_entries(*window, [&](std::uint64_t source, std::uint64_t target, std::uint64_t tap) {
            visit(source, target, window->delay, window->kernel[tap]);
        });
    } else if (const auto* const dense = std::get_if<Dense>(&map.form)) {
        for (std::uint64_t i = 0; i < dense->weight.size(); ++i) {
            visit(i % map.inputs, i / map.inputs, dense->delay, dense->weight[i]);
        }
    } else {
        for (const Synapse& one : std::get<std::vector<Synapse>>(map.form)) {
            visit(one.source, one.target, one.delay, one.weight);
        }
    }
}

}  // namespace

std::uint64_t LinearMap::weights() const {
    if (const auto* const each = std::get_if<Elementwise>(&form)) return each->weight.size();
    if (const auto* const window = std::get_if<Convolved>(&form)) return window->kernel.size();
    if (const auto* const dense = std::get_if<Dense>(&form)) return dense->weight.size();
    return std::get<std::vector<Synapse>>(form).size();
}

std::uint32_t LinearMap::longest_delay() const {
    if (const auto* const each = std::get_if<Elementwise>(&form)) {
        return *std::max_element(each->delay.begin(), each->delay.end());
    }
    if (const auto* const window = std::get_if<Convolved>(&form)) return window->delay;
    if (const auto* const dense = std::get_if<Dense>(&form)) return dense->delay;
    std::uint32_t longest = 0;
    for (const Synapse& one : std::get<std::vector<Synapse>>(form)) {
        longest = std::max(longest, one.delay);
    }
    return longest;
}

LinearMap identity(std::uint64_t size) {
    return factors(size, {1.0});
}

LinearMap factors(std::uint64_t size, std::vector<double> weight) {
    const bool equal = std::all_of(weight.begin(), weight.end(),
                                   [&](double one) { return one == weight.front(); });
    if (equal) weight.resize(1);
    return {size, size, Elementwise{std::move(weight), {0}}};
}

std::vector<Synapse> entries_of(const LinearMap& map) {
    std::vector<Synapse> entries;
    visit_entries(
        map, [&](std::uint64_t source, std::uint64_t target, std::uint32_t delay, double weight) {
            if (weight == 0) return;
            require_room(entries.size());
            entries.push_back({static_cast<std::uint32_t>(source),
                               static_cast<std::uint32_t>(target), delay, weight});
        });
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Synapse& a, const Synapse& b) { return a.target < b.target; });
    return entries;
}

std::vector<double> image_of(const LinearMap& map, const std::vector<double>& x) {
    std::vector<double> y(map.outputs);
    visit_entries(map, [&](std::uint64_t source, std::uint64_t target, std::uint32_t,
                           double weight) { y[target] += weight * x[source]; });
    return y;
}

}  // namespace seamount::importer::nir
