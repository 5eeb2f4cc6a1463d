#include "tools/conform/synapses/loihi1_synapses.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "isa/base/json.hpp"
#include "isa/image/image.hpp"
#include "tools/conform/vectors/network_parts.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

constexpr std::int64_t kMaxDelay = 62;  ///< of Loihi 1, in steps

/// Whether synapses of this `src` come from the input.
constexpr auto kSources =
    std::to_array<std::pair<std::string_view, bool>>({{"input", true}, {"neuron", false}});

template <class T>
std::vector<T> narrowed(const std::vector<std::int64_t>& numbers) {
    std::vector<T> result;
    result.reserve(numbers.size());
    for (const std::int64_t number : numbers) result.push_back(static_cast<T>(number));
    return result;
}

isa::SignMode mode_of(const Json& group, const std::vector<std::int32_t>& weights) {
    if (group.contains("sign_mode")) return sign_mode_of(group["sign_mode"]);
    if (weights.empty()) return isa::kMixed;
    const auto [least, most] = std::minmax_element(weights.begin(), weights.end());
    return needed_mode(*least, *most);
}

std::int32_t effective(const SynapseGroup& group, std::int32_t mantissa) {
    return isa::effective_weight(
        isa::truncate_mantissa(mantissa, group.mode, static_cast<int>(group.bits)), group.exponent);
}

/// The smallest mantissas that give the effective weights with the group's exponent, if there are
/// some for all.
std::optional<std::vector<std::int32_t>> mantissas_of(const SynapseGroup& group,
                                                      const std::vector<std::int32_t>& weights) {
    const isa::MantissaRange range = isa::mantissa_range(group.mode);
    std::map<std::int32_t, std::int32_t> mantissa_of;
    for (std::int32_t m = range.min; m <= range.max; ++m)
        mantissa_of.emplace(effective(group, m), m);
    std::vector<std::int32_t> mantissas;
    mantissas.reserve(weights.size());
    for (const std::int32_t weight : weights) {
        const auto found = mantissa_of.find(weight);
        if (found == mantissa_of.end()) return std::nullopt;
        mantissas.push_back(found->second);
    }
    return mantissas;
}

void recover_mantissas(SynapseGroup& group, const std::vector<std::int32_t>& weights,
                       bool exponent_given) {
    std::vector<std::int32_t> exponents{0, 1, 2, 3, 4, 5, 6, 7, -1, -2, -3, -4, -5, -6, -7, -8};
    if (exponent_given) exponents = {group.exponent};
    for (const std::int32_t exponent : exponents) {
        group.exponent = exponent;
        if (const auto mantissas = mantissas_of(group, weights)) {
            group.weight = *mantissas;
            return;
        }
    }
    bad_vector("no mantissas and exponent of the chip give the effective weights 'w_eff'");
}

void check_weights(const SynapseGroup& group) {
    const isa::MantissaRange range = isa::mantissa_range(group.mode);
    for (const std::int32_t weight : group.weight) {
        require(weight >= range.min && weight <= range.max,
                fmt::format("weight {} must be in [{}, {}] for its sign mode", weight, range.min,
                            range.max));
    }
}

}  // namespace

SynapseGroup read_synapses(const Json& json, std::uint32_t neurons) {
    SynapseGroup group;
    const auto from_input = named(kSources, text_of(json, "src"));
    require(from_input.has_value(), "'src' must be input or neuron");
    group.from_input = *from_input;
    group.pre = narrowed<std::uint32_t>(wholes(member(json, "pre"), "pre", 0, kMaxNeurons - 1));
    group.post =
        narrowed<std::uint32_t>(wholes(member(json, "post"), "post", 0, std::int64_t{neurons} - 1));
    const std::size_t size = group.pre.size();
    require(group.post.size() == size,
            fmt::format("'post' has {} values, 'pre' has {}", group.post.size(), size));
    group.delay.assign(size, 0);
    if (json.contains("delay")) {
        group.delay =
            narrowed<std::uint32_t>(wholes_of_size(json["delay"], "delay", size, 0, kMaxDelay));
    }
    if (json.contains("nbits"))
        group.bits = static_cast<std::uint32_t>(weight_bits_at(json, "nbits"));
    if (json.contains("wexp"))
        group.exponent = static_cast<std::int32_t>(whole_at(json, "wexp", -8, 7));

    std::vector<std::int32_t> expected;
    if (json.contains("w_eff")) {
        expected = narrowed<std::int32_t>(
            wholes_of_size(json["w_eff"], "w_eff", size, kMinWord, kMaxWord));
    }
    if (!json.contains("w")) {
        require(json.contains("w_eff"), "neither 'w' nor 'w_eff' is given");
        group.mode = mode_of(json, expected);
        recover_mantissas(group, expected, json.contains("wexp"));
        return group;
    }
    group.weight = narrowed<std::int32_t>(wholes_of_size(json["w"], "w", size, kMinWord, kMaxWord));
    group.mode = mode_of(json, group.weight);
    check_weights(group);
    for (std::size_t s = 0; s < expected.size(); ++s) {
        const std::int32_t got = effective(group, group.weight[s]);
        require(got == expected[s], fmt::format("effective weight of {} is {}, expected {}",
                                                group.weight[s], got, expected[s]));
    }
    return group;
}

std::uint32_t SynapseGroup::sources() const {
    return pre.empty() ? 0 : *std::max_element(pre.begin(), pre.end()) + 1;
}

compiler::Projection SynapseGroup::projection(std::uint32_t count) const {
    require(sources() <= count, fmt::format("'pre' has {}, but there are {} {}", sources() - 1,
                                            count, from_input ? "inputs" : "neurons"));
    auto rows = std::make_shared<ListedRows>(count);
    for (std::size_t s = 0; s < pre.size(); ++s) {
        rows->add(pre[s], {post[s], static_cast<double>(weight[s]), delay[s]});
    }
    compiler::Projection projection;
    projection.from.is_input = from_input;
    projection.rows = std::move(rows);
    projection.exponent = exponent;
    projection.bits = bits;
    projection.sign_mode = mode;
    return projection;
}

}  // namespace seamount::conform
