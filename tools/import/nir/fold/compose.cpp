#include <algorithm>
#include <map>
#include <stdexcept>

#include "tools/import/nir/fold/linear_map.hpp"

namespace seamount::importer::nir {
namespace {

/// A factor per channel of (C, H, W) if elements of a channel agree and all have one delay.
std::optional<std::vector<double>> per_channel(const Elementwise& each, const Shape& shape) {
    if (each.delay.size() != 1) return std::nullopt;
    std::vector<double> factors(shape[0], each.weight.front());
    if (each.weight.size() == 1) return factors;
    const std::uint64_t places = shape[1] * shape[2];
    for (std::uint64_t i = 0; i < each.weight.size(); ++i) {
        if (i % places == 0) factors[i / places] = each.weight[i];
        if (factors[i / places] != each.weight[i]) return std::nullopt;
    }
    return factors;
}

std::uint64_t factor_place(const Elementwise& each, std::uint64_t i) {
    return each.weight.size() == 1 ? 0 : i;
}

/// Elementwise after elementwise.
Elementwise joined(const Elementwise& a, const Elementwise& b) {
    Elementwise result;
    result.weight.resize(std::max(a.weight.size(), b.weight.size()));
    for (std::size_t i = 0; i < result.weight.size(); ++i) {
        result.weight[i] = a.weight[factor_place(a, i)] * b.weight[factor_place(b, i)];
    }
    result.delay.resize(std::max(a.delay.size(), b.delay.size()));
    for (std::size_t i = 0; i < result.delay.size(); ++i) {
        result.delay[i] =
            a.delay[a.delay.size() == 1 ? 0 : i] + b.delay[b.delay.size() == 1 ? 0 : i];
    }
    return result;
}

/// A convolution whose outputs (or inputs) are multiplied, if that is a convolution again.
std::optional<Convolved> scaled(const Convolved& map, const Elementwise& each, bool outputs) {
    const auto factors = per_channel(each, outputs ? map.out : map.in);
    if (!factors) return std::nullopt;
    Convolved result = map;
    result.delay += each.delay.front();
    const std::uint64_t taps = map.window.kernel[0] * map.window.kernel[1];
    const std::uint64_t depth = map.in[0] / map.window.groups;
    for (std::uint64_t i = 0; i < result.kernel.size(); ++i) {
        const std::uint64_t o = i / taps / depth;
        const std::uint64_t group = o / (map.out[0] / map.window.groups);
        const std::uint64_t c = group * depth + i / taps % depth;
        result.kernel[i] *= (*factors)[outputs ? o : c];
    }
    return result;
}

std::optional<Dense> scaled(const LinearMap& map, const Elementwise& each, bool outputs) {
    const Dense& dense = std::get<Dense>(map.form);
    if (each.delay.size() != 1) return std::nullopt;
    Dense result = dense;
    result.delay += each.delay.front();
    for (std::uint64_t i = 0; i < result.weight.size(); ++i) {
        const std::uint64_t place = outputs ? i / map.inputs : i % map.inputs;
        result.weight[i] *= each.weight[factor_place(each, place)];
    }
    return result;
}

/// Whether places outside the first map's output, which the second takes for 0, see no source.
bool border_is_empty(const Convolved& first, const Convolved& second) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
        if (second.window.padding.at(axis) == 0) continue;
        const Window& w = first.window;
        const std::uint64_t reach = w.dilation.at(axis) * (w.kernel.at(axis) - 1) + 1;
        const bool before = reach <= w.stride.at(axis) + w.padding.at(axis);
        const bool after =
            first.out[axis + 1] * w.stride.at(axis) >= first.in[axis + 1] + w.padding.at(axis);
        if (!before || !after) return false;
    }
    return true;
}

/// Two convolutions as one, where that is exact.
std::optional<Convolved> joined(const Convolved& a, const Convolved& b) {
    if (a.out != b.in || !border_is_empty(a, b)) return std::nullopt;
    if (a.window.dilation != Window::Pair{1, 1}) return std::nullopt;
    const bool a_is_depthwise = a.window.groups == a.in[0] && a.in[0] == a.out[0];
    const bool b_is_depthwise = b.window.groups == b.in[0] && b.in[0] == b.out[0];
    const bool both_are_full = a.window.groups == 1 && b.window.groups == 1;
    if (!a_is_depthwise && !b_is_depthwise && !both_are_full) return std::nullopt;
    Convolved result;
    result.in = a.in;
    result.out = b.out;
    result.delay = a.delay + b.delay;
    result.window.groups = a_is_depthwise ? b.window.groups : a.window.groups;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const Window& f = a.window;
        const Window& s = b.window;
        result.window.kernel.at(axis) =
            (s.kernel.at(axis) - 1) * s.dilation.at(axis) * f.stride.at(axis) + f.kernel.at(axis);
        result.window.stride.at(axis) = f.stride.at(axis) * s.stride.at(axis);
        result.window.padding.at(axis) =
            f.padding.at(axis) + s.padding.at(axis) * f.stride.at(axis);
    }
    const auto [height, width] = result.window.kernel;
    const std::uint64_t groups = result.window.groups;
    const std::uint64_t depth = result.in[0] / groups;
    const std::uint64_t a_depth = a.in[0] / a.window.groups;
    const std::uint64_t b_depth = b.in[0] / b.window.groups;
    const auto [ah, aw] = a.window.kernel;
    const auto [bh, bw] = b.window.kernel;
    result.kernel.resize(result.out[0] * depth * height * width);
    const std::uint64_t outputs_per_group = b.out[0] / b.window.groups;
    for (std::uint64_t o = 0; o < result.out[0]; ++o) {
        for (std::uint64_t m = 0; m < b_depth; ++m) {
            const std::uint64_t middle = o / outputs_per_group * b_depth + m;
            for (std::uint64_t c = 0; c < a_depth; ++c) {
                // Where the source channel stands among those of the result's group.
                const std::uint64_t place = a_is_depthwise ? m : c;
                for (std::uint64_t t = 0; t < bh * bw * ah * aw; ++t) {
                    const std::uint64_t bt = t / (ah * aw);
                    const std::uint64_t at = t % (ah * aw);
                    const std::uint64_t y =
                        bt / bw * b.window.dilation[0] * a.window.stride[0] + at / aw;
                    const std::uint64_t x =
                        bt % bw * b.window.dilation[1] * a.window.stride[1] + at % aw;
                    result.kernel[((o * depth + place) * height + y) * width + x] +=
                        b.kernel[(o * b_depth + m) * bh * bw + bt] *
                        a.kernel[(middle * a_depth + c) * ah * aw + at];
                }
            }
        }
    }
    return result;
}

/// The common delay of all entries, if they have one.
std::optional<std::uint32_t> one_delay(const LinearMap& map) {
    if (const auto* const each = std::get_if<Elementwise>(&map.form)) {
        return each->delay.size() == 1 ? std::optional{each->delay.front()} : std::nullopt;
    }
    if (const auto* const window = std::get_if<Convolved>(&map.form)) return window->delay;
    if (const auto* const dense = std::get_if<Dense>(&map.form)) return dense->delay;
    const auto& entries = std::get<std::vector<Synapse>>(map.form);
    for (const Synapse& one : entries) {
        if (one.delay != entries.front().delay) return std::nullopt;
    }
    return entries.empty() ? 0 : entries.front().delay;
}

/// The product where one factor is a full matrix and delays are uniform.
Dense multiplied(const LinearMap& first, const LinearMap& second) {
    if (second.outputs * first.inputs > kMaxEntries) throw std::length_error{"too many weights"};
    Dense result;
    result.delay = *one_delay(first) + *one_delay(second);
    result.weight.resize(second.outputs * first.inputs);
    const std::vector<Synapse> a = entries_of(first);
    std::vector<std::size_t> begin(first.outputs + 1, a.size());
    for (std::size_t i = a.size(); i-- > 0;) begin[a[i].target] = i;
    for (std::uint64_t k = first.outputs; k-- > 0;) begin[k] = std::min(begin[k], begin[k + 1]);
    for (const Synapse& b : entries_of(second)) {
        double* const row = result.weight.data() + b.target * first.inputs;
        for (std::size_t i = begin[b.source]; i < begin[b.source + 1]; ++i) {
            row[a[i].source] += b.weight * a[i].weight;
        }
    }
    return result;
}

/// The product of any two; entries with equal ends and delay are joined.
std::vector<Synapse> multiplied_sparse(const LinearMap& first, const LinearMap& second) {
    const std::vector<Synapse> a = entries_of(first);
    std::vector<std::size_t> begin(first.outputs + 1, a.size());
    for (std::size_t i = a.size(); i-- > 0;) begin[a[i].target] = i;
    for (std::uint64_t k = first.outputs; k-- > 0;) begin[k] = std::min(begin[k], begin[k + 1]);
    std::vector<Synapse> result;
    const std::vector<Synapse> b = entries_of(second);
    for (std::size_t i = 0; i < b.size();) {
        std::map<std::pair<std::uint32_t, std::uint32_t>, double> row;
        const std::uint32_t target = b[i].target;
        for (; i < b.size() && b[i].target == target; ++i) {
            for (std::size_t k = begin[b[i].source]; k < begin[b[i].source + 1]; ++k) {
                row[{a[k].source, a[k].delay + b[i].delay}] += a[k].weight * b[i].weight;
            }
        }
        if (result.size() + row.size() > kMaxEntries) throw std::length_error{"too many weights"};
        for (const auto& [key, weight] : row) {
            result.push_back({key.first, target, key.second, weight});
        }
    }
    return result;
}

}  // namespace

LinearMap compose(const LinearMap& first, const LinearMap& second) {
    LinearMap result{first.inputs, second.outputs, {}};
    const auto* const a_each = std::get_if<Elementwise>(&first.form);
    const auto* const b_each = std::get_if<Elementwise>(&second.form);
    const auto* const a_window = std::get_if<Convolved>(&first.form);
    const auto* const b_window = std::get_if<Convolved>(&second.form);
    const bool a_is_dense = std::holds_alternative<Dense>(first.form);
    const bool b_is_dense = std::holds_alternative<Dense>(second.form);
    const auto keep = [&](auto form) {
        if (!form) return false;
        result.form = *std::move(form);
        return true;
    };
    if (a_each != nullptr && b_each != nullptr) {
        result.form = joined(*a_each, *b_each);
        return result;
    }
    if (a_window != nullptr && b_each != nullptr && keep(scaled(*a_window, *b_each, true))) {
        return result;
    }
    if (a_each != nullptr && b_window != nullptr && keep(scaled(*b_window, *a_each, false))) {
        return result;
    }
    if (a_window != nullptr && b_window != nullptr && keep(joined(*a_window, *b_window))) {
        return result;
    }
    if (a_is_dense && b_each != nullptr && keep(scaled(first, *b_each, true))) return result;
    if (a_each != nullptr && b_is_dense && keep(scaled(second, *a_each, false))) return result;
    if ((a_is_dense || b_is_dense) && one_delay(first) && one_delay(second)) {
        result.form = multiplied(first, second);
        return result;
    }
    result.form = multiplied_sparse(first, second);
    return result;
}

}  // namespace seamount::importer::nir
