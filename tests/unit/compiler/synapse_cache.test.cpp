#include "compiler/cache/synapse_cache.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <functional>

#include "compiler/driver/driver.hpp"
#include "compiler/lower/tile_order.hpp"
#include "tests/support/temporary_folder.hpp"

namespace seamount::compiler {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;

const std::string kText = R"(
vars: {fan_out: 3}
populations:
  a: {neuron: loihi1_cuba, size: 40, params: {vth: 10}}
  b: {neuron: loihi1_cuba, size: 30, params: {vth: 10}}
projections:
  - {from: a, to: b, rule: fixed_fan_out, fan_out: "${fan_out}", weights: {uniform: [-9, 9]}, delay: {uniform: [0, 3]}}
  - {from: b, to: a, rule: list, edges: {file: edges.csv}, scale: 100}
)";

CompileResult compiled(
    const test::TemporaryFolder& folder, bool cached, const std::string& set = {},
    const std::function<void(CompileOptions&)>& change = [](CompileOptions&) {}) {
    const fs::path configs = fs::path{SEAMOUNT_SOURCE_DIR} / "configs";
    CompileOptions options;
    options.neuron_library = configs / "neurons";
    if (cached) options.cache = folder / "cache";
    if (!set.empty()) options.settings.add(set);
    change(options);
    const isa::ChipSpec chip = isa::ChipSpec::load(configs / "chips/loihi1.yaml", options.settings);
    return compile_file(folder / "net.yaml", chip, options);
}

}  // namespace

TEST_CASE("an image is the same with and without a cache, filled or empty", "[synapse_cache]") {
    const test::TemporaryFolder folder;
    folder.write("net.yaml", kText);
    folder.write("edges.csv", "0,1,2\n5,7,-1\n29,39,4\n");
    const CompileResult plain = compiled(folder, false);
    CHECK(plain.report.cache_misses == 0);
    for (const std::uint64_t hits : {0U, 2U}) {
        const CompileResult result = compiled(folder, true);
        CHECK(result.report.cache_hits == hits);
        CHECK(result.report.cache_misses == 2 - hits);
        CHECK(isa::serialize(result.image) == isa::serialize(plain.image));
        REQUIRE(result.warnings.size() == plain.warnings.size());  // clipped weights
        CHECK(result.warnings.front().message == plain.warnings.front().message);
        CHECK(result.report.losses[1].max_error == plain.report.losses[1].max_error);
    }
}

TEST_CASE("only what changed is generated again", "[synapse_cache]") {
    const test::TemporaryFolder folder;
    folder.write("net.yaml", kText);
    folder.write("edges.csv", "0,1,2\n5,7,-1\n29,39,4\n");
    (void)compiled(folder, true);
    SECTION("a variable of one projection") {
        CHECK(compiled(folder, true, "fan_out=4").report.cache_hits == 1);
    }
    SECTION("a data file") {
        folder.write("edges.csv", "0,1,2\n5,7,-1\n29,38,4\n");
        const CompileResult result = compiled(folder, true);
        CHECK(result.report.cache_hits == 1);
        CHECK(isa::serialize(result.image) == isa::serialize(compiled(folder, false).image));
    }
    SECTION("the size of a population, which both projections see") {
        std::string text = kText;
        text.replace(text.find("size: 40"), 8, "size: 41");
        folder.write("net.yaml", text);
        CHECK(compiled(folder, true).report.cache_hits == 0);
    }
    SECTION("not the parameters of a neuron, nor the layout of the file") {
        std::string text = "# a comment\n" + kText;
        text.replace(text.find("vth: 10"), 7, "vth:   11");
        folder.write("net.yaml", text);
        CHECK(compiled(folder, true).report.cache_hits == 2);
    }
}

TEST_CASE("damaged files of a cache are generated again", "[synapse_cache]") {
    const test::TemporaryFolder folder;
    folder.write("net.yaml", kText);
    folder.write("edges.csv", "0,1,2\n5,7,-1\n29,39,4\n");
    const auto whole = isa::serialize(compiled(folder, true).image);
    std::size_t damaged = 0;
    for (const fs::directory_entry& entry : fs::directory_iterator{folder / "cache"}) {
        std::fstream file{entry.path(), std::ios::binary | std::ios::in | std::ios::out};
        const auto size = static_cast<std::streamoff>(fs::file_size(entry.path()));
        const std::streamoff at = damaged++ == 0 ? size - 3 : 20;
        file.seekg(at);
        const int byte = file.get();
        file.seekp(at);
        file.put(static_cast<char>(byte ^ 4));
    }
    REQUIRE(damaged == 3);  // the synapses of two projections and the mapping
    const CompileResult again = compiled(folder, true);
    CHECK(again.report.cache_hits == 0);
    CHECK_FALSE(again.report.mapping_cached);
    CHECK(isa::serialize(again.image) == whole);
    CHECK(compiled(folder, true).report.cache_hits == 2);
    SECTION("and so are truncated and empty ones") {
        for (const fs::directory_entry& entry : fs::directory_iterator{folder / "cache"}) {
            fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
        }
        CHECK(isa::serialize(compiled(folder, true).image) == whole);
    }
}

TEST_CASE("an unchanged network gets its mapping from the cache, and a changed one a new one",
          "[synapse_cache]") {
    const test::TemporaryFolder folder;
    folder.write("net.yaml", kText);
    folder.write("edges.csv", "0,1,2\n5,7,-1\n29,39,4\n");
    CHECK_FALSE(compiled(folder, true).report.mapping_cached);
    const CompileResult again = compiled(folder, true);
    CHECK(again.report.mapping_cached);
    CHECK(again.report.partitioner == compiled(folder, false).report.partitioner);
    CHECK(report_json(again.report).find("\"mapping_cached\": true") != std::string::npos);
    CHECK_FALSE(again.report.fills.empty());
    SECTION("another target") {
        folder.write("edges.csv", "0,1,2\n5,7,-1\n29,38,4\n");
        CHECK_FALSE(compiled(folder, true).report.mapping_cached);
    }
    SECTION("another chip") {
        CHECK_FALSE(compiled(folder, true, "limits.compartments=17").report.mapping_cached);
        const CompileResult known = compiled(folder, true, "limits.compartments=17");
        CHECK(known.report.mapping_cached);
        CHECK(isa::serialize(known.image) ==
              isa::serialize(compiled(folder, false, "limits.compartments=17").image));
    }
    SECTION("another method, seed or effort") {
        const auto with = [&](const std::function<void(CompileOptions&)>& change) {
            return compiled(folder, true, {}, change).report.mapping_cached;
        };
        CHECK(with([](CompileOptions&) {}));
        CHECK_FALSE(with([](CompileOptions& o) { o.placer = Placer::kHilbert; }));
        CHECK_FALSE(with([](CompileOptions& o) { o.partitioner = Partitioner::kStream; }));
        CHECK_FALSE(with([](CompileOptions& o) { o.mapping_seed = 2; }));
        CHECK_FALSE(with([](CompileOptions& o) { o.effort = 7; }));
    }
    SECTION("not the strength of a bias") {
        std::string text = kText;
        text.replace(text.find("vth: 10"), 7, "vth: 11");
        folder.write("net.yaml", text);
        CHECK(compiled(folder, true).report.mapping_cached);
    }
}

TEST_CASE("a cache that cannot be written is a warning", "[synapse_cache]") {
    const test::TemporaryFolder folder;
    folder.write("net.yaml", kText);
    folder.write("edges.csv", "0,1,2\n");
    folder.write("cache", "a file");
    const CompileResult result = compiled(folder, true);
    const auto& warnings = result.warnings;
    REQUIRE_FALSE(warnings.empty());
    CHECK(warnings.back().code == "CMP-CACHE");
    CHECK(isa::serialize(result.image) == isa::serialize(compiled(folder, false).image));
}

TEST_CASE("tiles of a plane are compact, and all planes of a place stay together",
          "[synapse_cache]") {
    const std::vector<std::uint32_t> order = tile_order({2, 12, 20});
    REQUIRE(order.size() == 480);
    std::vector<bool> seen(480);
    for (const std::uint32_t neuron : order) seen.at(neuron) = true;
    CHECK(std::find(seen.begin(), seen.end(), false) == seen.end());
    for (std::size_t i = 0; i < 480; i += 2) REQUIRE(order[i] + 240 == order[i + 1]);
    for (std::size_t piece = 0; piece + 64 <= 480; piece += 64) {  // 32 places
        std::uint32_t low_x = 20, high_x = 0;
        for (std::size_t i = piece; i < piece + 64; ++i) {
            low_x = std::min(low_x, order[i] % 20);
            high_x = std::max(high_x, order[i] % 20);
        }
        CHECK(high_x - low_x < 12);
    }
    CHECK(tile_order({50}).empty());
    CHECK(tile_order({50, 1}).empty());
}

}  // namespace seamount::compiler
