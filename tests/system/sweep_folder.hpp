#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

namespace seamount::test {

/// A folder with a small network and a sweep of it, and a cache of its own.
class SweepFolder {
public:
    explicit SweepFolder(const std::string& sweep) {
        for (const char* name : {"two_layers.yaml", "relay.asm"}) {
            std::filesystem::copy_file(data(name), folder_ / name);
        }
        write_text(folder_ / "s.yaml", "network: two_layers.yaml\n" + sweep);
    }

    [[nodiscard]] Finished explore(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "explore");
        return run_seamount(arguments, folder_.path(), environment());
    }
    [[nodiscard]] std::vector<std::string> environment() const {
        return {"SEAMOUNT_CACHE=" + (folder_ / "cache")};
    }
    void script(const std::string& name, const std::string& text) const {
        write_text(folder_ / name, text);
        std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
    }
    /// A column of all runs of a store.
    [[nodiscard]] std::vector<std::string> column(const std::string& store,
                                                  const std::string& name) const {
        REQUIRE(explore({"export", store, "x.csv"}).code == 0);
        std::istringstream rows{read_text(folder_ / "x.csv")};
        std::string line;
        std::getline(rows, line);
        const std::string before = line.substr(0, line.find(name));
        const auto at = std::count(before.begin(), before.end(), ',');
        std::vector<std::string> cells;
        while (std::getline(rows, line)) {
            std::istringstream row{line};
            std::string cell;
            for (auto i = at; i >= 0; --i) std::getline(row, cell, ',');
            cells.push_back(cell);
        }
        return cells;
    }
    [[nodiscard]] std::filesystem::path path() const { return folder_.path(); }
    [[nodiscard]] std::string operator/(const std::string& name) const { return folder_ / name; }

private:
    TemporaryFolder folder_;
};

}  // namespace seamount::test
