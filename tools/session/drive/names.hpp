#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "isa/image/image.hpp"

// Things of a network by the names that its file gives them. All throw InputError (RUN-NAME) with
// the closest name, or those there are; the file that it names is the network.

namespace seamount::session {

/// Index into Image::populations.
[[nodiscard]] std::uint32_t find_population(const isa::Image& image, std::string_view name);
/// Index into Image::inputs.
[[nodiscard]] std::uint32_t find_input(const isa::Image& image, std::string_view name);
/// The same of an input that spikes: RUN-NAME for those that write values or give rewards.
[[nodiscard]] std::uint32_t find_spiking_input(const isa::Image& image, std::string_view name);
/// Index into Image::projections.
[[nodiscard]] std::uint32_t find_projection(const isa::Image& image, std::string_view name);
/// Index into LearningImage::projections. RUN-VALUE for a projection that does not learn.
[[nodiscard]] std::uint32_t find_plastic(const isa::Image& image, std::string_view name);
/// The same of a projection whose synapses have tags: RUN-VALUE if they have none.
[[nodiscard]] std::uint32_t find_tagged(const isa::Image& image, std::string_view name);
/// All of them. RUN-VALUE if there are none.
[[nodiscard]] std::vector<std::uint32_t> all_plastic(const isa::Image& image);
[[nodiscard]] std::vector<std::uint32_t> all_tagged(const isa::Image& image);
/// Index of a state word of the population's program.
[[nodiscard]] std::uint32_t find_state(const isa::Image& image, std::uint32_t population,
                                       std::string_view name);

/// Throws InputError (RUN-VALUE): `message` is about the network.
[[noreturn]] void bad_value(const isa::Image& image, const std::string& message,
                            const std::string& hint = {});

}  // namespace seamount::session
