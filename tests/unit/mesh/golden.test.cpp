#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "emulator/mesh/make_mesh.hpp"
#include "tools/traffic/measure.hpp"

namespace {

using namespace seamount;

using Row = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in{line};
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    return cells;
}

std::vector<Row> rows_of(const std::string& name) {
    std::ifstream in{std::string{SEAMOUNT_SOURCE_DIR} + "/tests/golden/noc/" + name};
    std::string line;
    std::getline(in, line);
    const std::vector<std::string> head = split(line);
    std::vector<Row> rows;
    while (std::getline(in, line)) {
        const std::vector<std::string> cells = split(line);
        Row row;
        for (std::size_t i = 0; i < cells.size(); ++i) row[head[i]] = cells[i];
        rows.push_back(row);
    }
    return rows;
}

double number(const Row& row, const char* key) {
    return std::stod(row.at(key));
}

traffic::Measured play(const Row& row, emu::MeshFidelity fidelity, std::uint64_t cycles) {
    traffic::TrafficParams params;
    params.width = 8;
    params.height = row.at("mesh") == "4x8" ? 4 : 8;
    params.rate = number(row, "inj_rate_flits_node_cycle");
    params.flits = static_cast<std::uint32_t>(number(row, "pkt_flits"));
    params.exclude_self = row.at("excl_self") == "1";
    params.pattern =
        parse(traffic::kPatternNames, row.at("traffic")).value_or(traffic::Pattern::kUniform);
    emu::MeshParams mesh =
        emu::MeshParams::of(row.at("setting") == "A" ? emu::Pipeline::kA : emu::Pipeline::kB,
                            params.width, params.height);
    mesh.buffer_flits = static_cast<std::uint32_t>(number(row, "buf_flits"));
    return traffic::measure(*emu::make_mesh(fidelity, mesh), params, {cycles / 4, cycles});
}

double base_latency(const Row& row, double hops) {
    const double flits = number(row, "pkt_flits");
    return row.at("setting") == "A" ? 5 + 3 * hops + flits - 1 : 6 + 4 * hops + flits - 1;
}

/// Rows of all files that `wanted` takes, every `stride`-th of them.
template <class Wanted>
std::vector<Row> sample(std::size_t stride, Wanted wanted) {
    std::vector<Row> taken;
    std::size_t seen = 0;
    for (const char* name : {"booksim_8x8_A.csv", "booksim_8x8_B.csv", "booksim_4x8_A.csv",
                             "booksim_8x8_noself.csv"}) {
        for (const Row& row : rows_of(name)) {
            if (wanted(row) && seen++ % stride == 0) taken.push_back(row);
        }
    }
    return taken;
}

void describe(const Row& row) {
    UNSCOPED_INFO(row.at("mesh") << ' ' << row.at("setting") << " L=" << row.at("pkt_flits")
                                 << " buffer=" << row.at("buf_flits") << ' ' << row.at("traffic")
                                 << " rate " << row.at("inj_rate_flits_node_cycle"));
}

}  // namespace

TEST_CASE("below a tenth of the load, latency is that of an empty mesh", "[golden]") {
    const auto rows =
        sample(1, [](const Row& row) { return number(row, "load_frac_of_overload_thr") < 0.1; });
    REQUIRE(rows.size() == 28);
    for (const Row& row : rows) {
        describe(row);
        const traffic::Measured measured = play(row, emu::MeshFidelity::kFlit, 20'000);
        CHECK(measured.latencies.mean() ==
              Approx(base_latency(row, measured.mean_hops)).epsilon(0.015));
    }
}

TEST_CASE("flit and packet latencies follow the reference simulator at half load", "[golden]") {
    const auto rows = sample(3, [](const Row& row) {
        const double load = number(row, "load_frac_of_overload_thr");
        // Far from saturation, and where the reference's own sources kept to the rate.
        const double drawn = number(row, "injected_flits_node_cycle");
        const double rate = number(row, "inj_rate_flits_node_cycle");
        return load > 0.35 && load < 0.65 && row.at("stable") == "1" &&
               std::abs(drawn / rate - 1) < 0.03 &&
               number(row, "avg_pkt_latency") < 1.04 * base_latency(row, number(row, "avg_hops"));
    });
    REQUIRE(rows.size() > 10);
    for (const Row& row : rows) {
        describe(row);
        for (const auto fidelity : {emu::MeshFidelity::kFlit, emu::MeshFidelity::kPacket}) {
            const traffic::Measured measured = play(row, fidelity, 6'000);
            CHECK(measured.latencies.mean() ==
                  Approx(number(row, "avg_pkt_latency")).epsilon(0.025));
        }
    }
}

TEST_CASE("packets that queue up are as late as in the reference simulator, and as many",
          "[golden]") {
    const auto middle = sample(2, [](const Row& row) {
        const double latency = number(row, "avg_pkt_latency");
        const double base = base_latency(row, number(row, "avg_hops"));
        return row.at("stable") == "1" && latency > 1.15 * base && latency < 1.4 * base;
    });
    REQUIRE(middle.size() > 5);
    for (const Row& row : middle) {
        describe(row);
        const traffic::Measured measured = play(row, emu::MeshFidelity::kPacket, 8'000);
        CHECK(measured.latencies.mean() == Approx(number(row, "avg_pkt_latency")).epsilon(0.1));
    }
    const auto overload = sample(6, [](const Row& row) {
        return row.at("stable") == "0" && row.at("traffic") != "hotspot10" &&
               number(row, "load_frac_of_overload_thr") > 1.05;
    });
    REQUIRE(overload.size() >= 4);
    for (const Row& row : overload) {
        describe(row);
        const traffic::Measured measured = play(row, emu::MeshFidelity::kPacket, 8'000);
        CHECK(measured.accepted == Approx(number(row, "accepted_flits_node_cycle")).epsilon(0.03));
    }
}

TEST_CASE("the flit mesh accepts as much in overload as the reference simulator", "[golden]") {
    const auto rows = sample(6, [](const Row& row) {
        return row.at("stable") == "0" && number(row, "load_frac_of_overload_thr") > 1.05;
    });
    REQUIRE(rows.size() >= 4);
    for (const Row& row : rows) {
        describe(row);
        const traffic::Measured measured = play(row, emu::MeshFidelity::kFlit, 8'000);
        const double tolerance = row.at("traffic") == "hotspot10" ? 0.06 : 0.03;
        CHECK(measured.accepted ==
              Approx(number(row, "accepted_flits_node_cycle")).epsilon(tolerance));
    }
}
