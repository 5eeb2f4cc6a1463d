#include "tests/system/run_records.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "tests/system/process.hpp"

namespace seamount::test {
namespace {

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells;
    std::string cell;
    for (std::istringstream stream{line}; std::getline(stream, cell, ',');) cells.push_back(cell);
    if (!line.empty() && line.back() == ',') cells.emplace_back();
    return cells;
}

}  // namespace

std::vector<Row> csv(const std::string& path) {
    std::istringstream text{read_text(path)};
    std::string line;
    std::getline(text, line);
    const std::vector<std::string> head = split(line);
    std::vector<Row> rows;
    while (std::getline(text, line)) {
        const std::vector<std::string> cells = split(line);
        REQUIRE(cells.size() == head.size());
        Row& row = rows.emplace_back();
        for (std::size_t i = 0; i < head.size(); ++i) row[head[i]] = cells[i];
    }
    return rows;
}

nlohmann::json run_json(const std::vector<std::string>& arguments) {
    TemporaryFolder folder;
    std::vector<std::string> all{"run"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.insert(all.end(), {"--json", folder / "r.json", "-q"});
    const Finished finished = run_seamount(all);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    CHECK(finished.out.empty());
    return nlohmann::json::parse(read_text(folder / "r.json"));
}

std::string saved_weights(const std::string& network, const std::vector<std::string>& options) {
    const TemporaryFolder folder;
    std::vector<std::string> all{"run", network,          "--steps",       "200",
                                 "-q",  "--save-weights", folder / "w.npz"};
    all.insert(all.end(), options.begin(), options.end());
    const Finished finished = run_seamount(all);
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    return read_text(folder / "w.npz");
}

std::string run_network() {
    return data("two_layers.yaml");
}

std::vector<std::string> base_run(const std::vector<std::string>& more) {
    std::vector<std::string> arguments{run_network(), "--steps", "60"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

}  // namespace seamount::test
