#include "isa/chip/mesh_spec.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace seamount::isa {

namespace {

const std::vector<std::string> kPayloadWidths{"declared", "value"};
constexpr double kMaxLinkNs = 1e9;  ///< 1e12 ps: sums over a step fit 64 bits
constexpr std::int64_t kMaxChips = 256;
constexpr std::int64_t kMaxHeaderBits = 992;  ///< with a payload, 1,024 flits of one bit
constexpr std::int64_t kMaxPayloadBits = 32;  ///< OutputAxon::kMaxPayloadBits

}  // namespace

void read_mesh(const YamlNode& mesh, const CitedValue& cited, MeshSpec& spec) {
    const auto integer = [&](const char* key, std::uint32_t& value, std::int64_t min,
                             std::int64_t max) {
        const auto found = cited(mesh, "mesh", key).integer(key, min, max);
        if (found) value = static_cast<std::uint32_t>(*found);
    };
    const auto time = [&](const char* key, Picoseconds& value) {
        const auto found = cited(mesh, "mesh", key).number(key, 0.0, kMaxLinkNs);
        if (found) value = Picoseconds{static_cast<std::uint64_t>(std::llround(*found * 1000.0))};
    };
    integer("flit_bits", spec.flit_bits, 1, 4096);
    integer("header_bits", spec.header_bits, 1, kMaxHeaderBits);
    integer("payload_bits", spec.payload_bits, 1, kMaxPayloadBits);
    if (const YamlNode width = cited(mesh, "mesh", "payload_width")) {
        if (const auto index = width.choice("payload_width", kPayloadWidths)) {
            spec.payload_width = static_cast<PayloadWidth>(*index);
        }
    }
    integer("meshes", spec.meshes, 1, 2);
    integer("buffer_flits", spec.buffer_flits, 1, 255);
    integer("virtual_channels", spec.virtual_channels, 1, 8);
    if ((spec.virtual_channels & (spec.virtual_channels - 1)) != 0) {
        mesh.error("CHIP-MESH", fmt::format("'virtual_channels' is {}, must be 1, 2, 4 or 8",
                                            spec.virtual_channels));
    }
    time("local_occupancy_ns", spec.local_occupancy);
    time("offchip_occupancy_ns", spec.offchip_occupancy);
    time("credit_ns", spec.credit);
    if (const YamlNode policy = cited(mesh, "mesh", "policy")) {
        if (const auto value = policy.choice("policy", kMeshPolicyNames)) spec.policy = *value;
    }
    if (const YamlNode routing = cited(mesh, "mesh", "routing")) {
        if (const auto value = routing.choice("routing", kMeshRoutingNames)) spec.routing = *value;
        if (spec.routing == MeshRouting::kXyYx && spec.meshes != 2) {
            routing.error("CHIP-MESH", "routing 'xy_yx' gives each of two meshes its own order",
                          "set mesh.meshes to 2, or choose xy or yx");
        }
    }
}

void read_chips(const YamlNode& topology, const CitedValue& cited, MeshSpec& spec) {
    const YamlNode chips = cited(topology, "topology", "chips");
    if (!chips) return;
    const std::vector<YamlNode> sides = chips.items();
    if (sides.size() != 2) {
        chips.error("YML-TYPE", "'chips' must be [x, y], how many chips stand side by side");
        return;
    }
    const auto x = sides[0].integer("chips x", 1, kMaxChips);
    const auto y = sides[1].integer("chips y", 1, kMaxChips);
    if (x) spec.chips_x = static_cast<std::uint32_t>(*x);
    if (y) spec.chips_y = static_cast<std::uint32_t>(*y);
}

void write_mesh(
    const MeshSpec& spec,
    const std::function<void(const std::string& key, const std::string& value)>& number) {
    const auto ns = [](Picoseconds time) {
        return fmt::format("{}", static_cast<double>(time.count()) / 1000.0);
    };
    number("flit_bits", fmt::format("{}", spec.flit_bits));
    number("header_bits", fmt::format("{}", spec.header_bits));
    number("payload_bits", fmt::format("{}", spec.payload_bits));
    number("payload_width", kPayloadWidths[static_cast<std::size_t>(spec.payload_width)]);
    number("meshes", fmt::format("{}", spec.meshes));
    number("policy", std::string{name_of(kMeshPolicyNames, spec.policy)});
    number("routing", std::string{name_of(kMeshRoutingNames, spec.routing)});
    number("buffer_flits", fmt::format("{}", spec.buffer_flits));
    number("virtual_channels", fmt::format("{}", spec.virtual_channels));
    number("local_occupancy_ns", ns(spec.local_occupancy));
    number("credit_ns", ns(spec.credit));
    number("offchip_occupancy_ns", ns(spec.offchip_occupancy));
}

}  // namespace seamount::isa
