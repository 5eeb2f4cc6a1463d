#include <catch2/catch.hpp>

#include "emulator/mesh/grid/mesh_params.hpp"
#include "isa/chip/chip_spec.hpp"

namespace {

using namespace seamount;

constexpr const char* kChip = R"(chip: four
topology: {width: 4, height: 2, cores_per_tile: 2, chips: [2, 3]}
mesh:
  link_occupancy_ns: 1
  flit_bits: 10
  header_bits: 12
  payload_bits: 9
  payload_width: value
  meshes: 2
  policy: parity
  routing: xy_yx
  buffer_flits: 4
  virtual_channels: 2
  local_occupancy_ns: 0.5
  credit_ns: 0.25
  offchip_occupancy_ns: 20
prices: p
profiles:
  p: {hop_offchip_ns: 50, hop_offchip_pj: 7, others: free, barrier: {model: fixed, base_ns: 1}}
)";

}  // namespace

TEST_CASE("a chip file tiles chips and describes their mesh, and its text says the same",
          "[spec]") {
    const isa::ChipSpec chip = isa::ChipSpec::parse(kChip, "four.yaml");
    CHECK(chip.width == 8);
    CHECK(chip.height == 6);
    CHECK(chip.cores() == 96);
    CHECK(chip.mesh.meshes == 2);
    CHECK(chip.mesh.payload_bits == 9);
    CHECK(chip.mesh.payload_width == isa::PayloadWidth::kValue);
    CHECK(chip.mesh.flits(0) == 2);
    CHECK(chip.mesh.flits(8) == 2);
    CHECK(chip.mesh.flits(9) == 3);
    CHECK(chip.mesh.flits(32) == 5);
    CHECK(chip.mesh.policy == isa::MeshPolicy::kParity);
    CHECK(chip.mesh.routing == isa::MeshRouting::kXyYx);
    CHECK(chip.mesh.virtual_channels == 2);
    const isa::ChipSpec again = isa::ChipSpec::parse_resolved(chip.resolved, "resolved");
    CHECK(again == chip);

    const emu::MeshParams params = emu::MeshParams::of(chip);
    CHECK(params.chip_width == 4);
    CHECK(params.chip_height == 2);
    CHECK(params.hop_off_chip == emu::Ticks{50'000});
    CHECK(params.off_chip_occupancy == emu::Ticks{20'000});
    CHECK(params.local_occupancy == emu::Ticks{500});
    CHECK(params.credit == emu::Ticks{250});
    CHECK(params.buffer_flits == 4);
}

TEST_CASE("bad keys of a mesh are all reported with their place", "[spec]") {
    const std::string text = R"(chip: bad
topology: {width: 4, height: 2, chips: [2]}
mesh:
  meshes: 3
  virtual_channels: 3
  buffer_flits: 0
  header_bits: 0
  payload_width: wide
  policy: fair
  routing: xy_yx
)";
    CHECK_THROWS_WITH(isa::ChipSpec::parse(text, "bad.yaml"),
                      Catch::Contains("bad.yaml:2:") && Catch::Contains("[YML-TYPE]") &&
                          Catch::Contains("bad.yaml:4:11") &&
                          Catch::Contains("'virtual_channels' is 3") &&
                          Catch::Contains("[CHIP-MESH]") && Catch::Contains("bad.yaml:6:17") &&
                          Catch::Contains("'header_bits' is 0, must be in [1, 992]") &&
                          Catch::Contains("bad.yaml:8:18") && Catch::Contains("[YML-CHOICE]") &&
                          Catch::Contains("routing 'xy_yx'"));
    CHECK_THROWS_WITH(isa::ChipSpec::parse("chip: huge\ntopology: {width: 256, height: 256, "
                                           "cores_per_tile: 256, chips: [256, 256]}\n",
                                           "huge.yaml"),
                      Catch::Contains("[CHIP-CORES]"));
    CHECK_THROWS_WITH(isa::ChipSpec::parse("chip: deep\ntopology: {width: 256, height: 256}\n"
                                           "mesh: {virtual_channels: 8, buffer_flits: 255}\n",
                                           "deep.yaml"),
                      Catch::Contains("deep.yaml:3:") &&
                          Catch::Contains("133693440 places, must be at most 16777216") &&
                          Catch::Contains("[CHIP-MESH]"));
}
