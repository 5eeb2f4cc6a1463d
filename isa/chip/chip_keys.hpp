#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "isa/base/range.hpp"
#include "isa/chip/chip_spec.hpp"

/// The keys of a chip file: for each its name, where its value lies, what it may be and its unit,
/// once. The reader, the writer, the data sheet and the tests walk over them with an object `keys`
/// that has a member function for each kind of value:
///
///     whole(key, value, range, unit)          an integer
///     rare(key, value, usual, range, unit)    an integer, written only if it is not the usual one
///     limit(key, value, most, unit)           an integer, of which 0 means no limit
///     time(key, value, most_ns, unit)         Picoseconds, in files nanoseconds
///     power(key, value, unit)                 Milliwatts
///     choice(key, value, names, unit)         an enumeration with its NameTable
///     pair(key, meaning, across, down, unit)  two integers [x, y], each with its name and range
///     stages(key, overlaps, unit)             the list of the core's stages that overlap
///     price(info, price, leader)              name_ns and name_pj; `leader` is what it follows
///
/// A further key is a member of ChipSpec (or of a struct in it) and a line here.
namespace seamount::isa::chip_keys {

/// The key of a profile that says that prices which are not there are free.
inline constexpr const char* kOthers = "others";

inline constexpr std::int64_t kMaxSide = 256;  ///< tiles, cores per tile and chips
/// 1e15 ps: exact as a double; 64 bits hold 18,000 of them.
inline constexpr double kMaxNanoseconds = 1e12;
inline constexpr double kMaxLinkNs = 1e9;  ///< 1e12 ps: sums over a step fit 64 bits
inline constexpr double kMaxPicojoules = 1e12;
inline constexpr double kMaxMilliwatts = 1e9;
inline constexpr std::int64_t kMaxHeaderBits = 992;  ///< with a payload, 1,024 flits of one bit
inline constexpr std::int64_t kMaxPayloadBits = 32;  ///< OutputAxon::kMaxPayloadBits
inline constexpr std::int64_t kMaxStoredEpoch =
    255;  ///< kMaxEpoch of isa/learning/learning_image.hpp
inline constexpr std::int64_t kMaxStoredDelay = 63;  ///< kMaxDelay of isa/image/image.hpp

/// One of two numbers that stand together.
template <class T>
struct Side {
    std::string_view name;  ///< in messages
    T& value;
    Range range;
};
template <class T>
Side(std::string_view, T&, Range) -> Side<T>;

/// `width` and `height` of the file are those of one chip, of the spec those of all together.
template <class Spec, class Keys>
void topology(Spec& chip, Keys& keys) {
    std::uint32_t width = chip.width / chip.mesh.chips_x;
    std::uint32_t height = chip.height / chip.mesh.chips_y;
    keys.whole("width", width, Range{1, kMaxSide}, "tiles per chip");
    keys.whole("height", height, Range{1, kMaxSide}, "tiles per chip");
    keys.whole("cores_per_tile", chip.cores_per_tile, Range{1, kMaxSide}, "cores");
    keys.pair("chips", "how many chips stand side by side",
              Side{"chips x", chip.mesh.chips_x, {1, kMaxSide}},
              Side{"chips y", chip.mesh.chips_y, {1, kMaxSide}}, "chips, x and y");
    if constexpr (!std::is_const_v<Spec>) {
        chip.width = width * chip.mesh.chips_x;
        chip.height = height * chip.mesh.chips_y;
    }
    keys.pair("host_tile", "the tile of the host port",
              Side{"host_tile x", chip.host_tile_x, {0, std::int64_t{chip.width} - 1}},
              Side{"host_tile y", chip.host_tile_y, {0, std::int64_t{chip.height} - 1}}, "x, y");
}

template <class Spec, class Keys>
void limits(Spec& chip, Keys& keys) {
    for (const CoreLimitInfo& row : kCoreLimitTable) {
        keys.limit(row.key, chip.limits.*row.amount, row.most, row.unit);
    }
    keys.whole("max_delay", chip.limits.max_delay, Range{0, kMaxStoredDelay}, "steps");
    keys.rare("learning_epoch", chip.limits.learning_epoch, CoreLimits::kUsualEpoch,
              Range{1, kMaxStoredEpoch}, "steps");
}

template <class Spec, class Keys>
void synapses(Spec& chip, Keys& keys) {
    keys.choice("exponent_on", chip.exponent_on, kExponentOnNames, "rounding");
    keys.choice("zeros", chip.zeros, kZeroWeightsNames, "weights of 0");
}

template <class Spec, class Keys>
void mesh(Spec& chip, Keys& keys) {
    auto& mesh = chip.mesh;
    keys.time("link_occupancy_ns", chip.link_occupancy, kMaxNanoseconds, "ns per flit");
    keys.whole("flit_bits", mesh.flit_bits, Range{1, 4096}, "bits");
    keys.whole("header_bits", mesh.header_bits, Range{1, kMaxHeaderBits}, "bits");
    keys.whole("payload_bits", mesh.payload_bits, Range{1, kMaxPayloadBits}, "bits");
    keys.choice("payload_width", mesh.payload_width, kPayloadWidthNames, "");
    keys.whole("meshes", mesh.meshes, Range{1, 2}, "");
    keys.choice("policy", mesh.policy, kMeshPolicyNames, "");
    keys.choice("routing", mesh.routing, kMeshRoutingNames, "");
    keys.whole("buffer_flits", mesh.buffer_flits, Range{1, 255}, "");
    keys.whole("virtual_channels", mesh.virtual_channels, Range{1, 8}, "");
    keys.time("local_occupancy_ns", mesh.local_occupancy, kMaxLinkNs, "ns");
    keys.time("credit_ns", mesh.credit, kMaxLinkNs, "ns");
    keys.time("offchip_occupancy_ns", mesh.offchip_occupancy, kMaxLinkNs, "ns");
}

template <class Spec, class Keys>
void core(Spec& chip, Keys& keys) {
    keys.stages("overlap", chip.core_timing.overlaps, "stages");
    keys.whole("fetch_words", chip.core_timing.fetch_words, Range{1, 1024}, "words per access");
}

template <class Spec, class Keys>
void power(Spec& chip, Keys& keys) {
    keys.power("idle_mw", chip.idle_power, "mW per chip");
    keys.power("stepping_mw", chip.step_power, "mW per chip");
    keys.power("idle_per_tile_mw", chip.idle_tile_power, "mW per tile in use");
    keys.power("stepping_per_tile_mw", chip.step_tile_power, "mW per tile in use");
    keys.power("idle_per_core_mw", chip.idle_core_power, "mW per core in use");
}

template <class Spec, class Keys>
void host(Spec& chip, Keys& keys) {
    auto& host = chip.host;
    keys.choice("class", host.host_class, kHostClassNames, "takes part");
    keys.time("snips_step_ns", host.snips_step, kMaxNanoseconds, "ns per step");
    keys.power("snips_mw", host.snips_power, "mW per chip");
    keys.time("io_packet_ns", host.io_packet, kMaxLinkNs, "ns per packet");
    keys.power("io_mw", host.io_power, "mW per chip");
}

/// The prices of a profile but for its barrier model.
template <class Spec, class Keys>
void prices(Spec& chip, Keys& keys) {
    for (const EventInfo& row : kEventTable) {
        auto& price = chip.prices[static_cast<std::size_t>(row.event)];
        keys.price(row, price,
                   chip.prices[static_cast<std::size_t>(row.follows.value_or(row.event))]);
    }
}

/// Visits all sections but `prices` in the order of chip files: before each `keys.section(name)`,
/// and at their place the faults, which are lists, with `keys.faults(faults)`.
template <class Spec, class Keys>
void for_each_section(Spec& chip, Keys& keys) {
    keys.section("topology");
    topology(chip, keys);
    keys.section("limits");
    limits(chip, keys);
    keys.faults(chip.faults);
    keys.section("synapses");
    synapses(chip, keys);
    keys.section("mesh");
    mesh(chip, keys);
    keys.section("core");
    core(chip, keys);
    keys.section("power");
    power(chip, keys);
    keys.section("host");
    host(chip, keys);
}

}  // namespace seamount::isa::chip_keys
