#pragma once

#include <array>
#include <cstdint>

namespace seamount::compiler {

/// A population as feature maps.
struct MapShape {
    std::uint32_t channels = 1;
    std::uint32_t height = 1;
    std::uint32_t width = 1;
    bool channels_last = false;  ///< index = (y * width + x) * channels + c, else (c * height + y)
                                 ///< * width + x

    [[nodiscard]] std::uint32_t places() const noexcept { return height * width; }
    [[nodiscard]] std::uint32_t size() const noexcept { return channels * places(); }
    /// Neuron of a channel at place y * width + x.
    [[nodiscard]] std::uint32_t index(std::uint32_t channel, std::uint32_t place) const noexcept {
        return channels_last ? place * channels + channel : channel * places() + place;
    }
    [[nodiscard]] std::uint32_t channel(std::uint32_t index) const noexcept {
        return channels_last ? index % channels : index / places();
    }
    [[nodiscard]] std::uint32_t place(std::uint32_t index) const noexcept {
        return channels_last ? index / channels : index % places();
    }
    friend bool operator==(const MapShape&, const MapShape&) = default;
};

/// Geometry of a two-dimensional convolution; pairs are (y, x). Tap (j, i) of the target at (v, u)
/// is the source at (v * stride_y + j * dilation_y - padding_y, the same in x); sources outside the
/// map do not exist.
struct Convolution {
    using Pair = std::array<std::uint32_t, 2>;

    MapShape in;
    MapShape out;
    Pair kernel{1, 1};
    Pair stride{1, 1};
    Pair padding{0, 0};
    Pair dilation{1, 1};
    std::uint32_t groups = 1;

    /// Extent of the output along axis 0 (y) or 1 (x); 0 if the kernel is larger than the padded
    /// input.
    [[nodiscard]] std::uint32_t extent(std::size_t axis) const noexcept {
        const std::uint64_t size = axis == 0 ? in.height : in.width;
        const std::uint64_t padded = size + 2 * std::uint64_t{padding[axis]};
        const std::uint64_t span = std::uint64_t{dilation[axis]} * (kernel[axis] - 1) + 1;
        if (span > padded) return 0;
        return static_cast<std::uint32_t>((padded - span) / stride[axis] + 1);
    }
    [[nodiscard]] std::uint32_t inputs_per_group() const noexcept { return in.channels / groups; }
    [[nodiscard]] std::uint32_t outputs_per_group() const noexcept { return out.channels / groups; }
    /// Weights of the kernel, numbered ((output channel * inputs per group + input channel within
    /// its group) * kernel_y + j) * kernel_x + i.
    [[nodiscard]] std::uint32_t weights() const noexcept {
        return out.channels * inputs_per_group() * kernel[0] * kernel[1];
    }

    /// Calls `visit(target, weight number)` for every synapse of a source.
    template <class Visit>
    void for_each_target(std::uint32_t source, Visit&& visit) const {
        const std::uint32_t channel = in.channel(source);
        const std::uint32_t place = in.place(source);
        const std::uint32_t first = channel / inputs_per_group() * outputs_per_group();
        for (std::uint32_t j = 0; j < kernel[0]; ++j) {
            const auto v = target_of(0, place / in.width, j);
            if (v < 0) continue;
            for (std::uint32_t i = 0; i < kernel[1]; ++i) {
                const auto u = target_of(1, place % in.width, i);
                if (u < 0) continue;
                const auto at =
                    static_cast<std::uint32_t>(v) * out.width + static_cast<std::uint32_t>(u);
                for (std::uint32_t o = first; o < first + outputs_per_group(); ++o) {
                    visit(out.index(o, at), weight_number(o, channel, j, i));
                }
            }
        }
    }
    [[nodiscard]] std::uint32_t weight_number(std::uint32_t output, std::uint32_t input,
                                              std::uint32_t j, std::uint32_t i) const noexcept {
        const std::uint32_t within = input % inputs_per_group();
        return ((output * inputs_per_group() + within) * kernel[0] + j) * kernel[1] + i;
    }

private:
    /// Where along an axis the target stands of which `at` is tap `tap`, or -1.
    [[nodiscard]] std::int64_t target_of(std::size_t axis, std::uint32_t at,
                                         std::uint32_t tap) const noexcept {
        const std::int64_t shifted =
            std::int64_t{at} + padding[axis] - std::int64_t{tap} * dilation[axis];
        if (shifted < 0 || shifted % stride[axis] != 0) return -1;
        const std::int64_t target = shifted / stride[axis];
        return target < (axis == 0 ? out.height : out.width) ? target : -1;
    }
};

}  // namespace seamount::compiler
