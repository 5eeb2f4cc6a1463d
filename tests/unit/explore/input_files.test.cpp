#include "tools/explore/sweep/input_files.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

using namespace seamount;
using namespace seamount::explore;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
    std::ofstream{path} << text;
}

std::vector<std::string> names_of(const fs::path& script) {
    std::vector<std::string> names;
    for (const fs::path& file : script_files(script)) names.push_back(file.filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

TEST_CASE("a file that holds something else is told from one that was touched", "[input_files]") {
    const test::TemporaryFolder folder;
    const fs::path file = folder / "net.yaml";
    write(file, "one");
    InputFiles files;
    const std::string hash = files.hash(file);
    CHECK(files.look(file) == Change::kNone);
    CHECK(files.is_steady(file));
    write(file, "two");
    CHECK(files.look(file) == Change::kOther);
    CHECK(files.hash(file) == hash);
    CHECK_THROWS_AS(files.is_steady(file), InputChanged);
    write(file, "one");  // put back: what was read meanwhile may have been anything
    CHECK(files.look().change == Change::kTouched);
    CHECK(files.look().change == Change::kNone);
    fs::remove(file);
    CHECK(files.look().path == fs::absolute(file));
}

TEST_CASE("a file that keeps size and time but not its content has changed", "[input_files]") {
    const test::TemporaryFolder folder;
    const fs::path file = folder / "data.csv";
    write(file, "1,2,3");
    InputFiles files;
    (void)files.hash(file);
    const auto time = fs::last_write_time(file);
    write(file, "1,2,4");
    fs::last_write_time(file, time);
    CHECK(files.look(file) == Change::kOther);
}

TEST_CASE("modules that a script names belong to it, and what these name", "[input_files]") {
    const test::TemporaryFolder folder;
    write(folder / "score.py", "#!/usr/bin/python3\nimport helper\nfrom pack.inner import x\n");
    write(folder / "helper.py", "import deeper as d\n");
    write(folder / "deeper.py", "X = 1\n");
    fs::create_directories(folder / "pack");
    write(folder / "pack/__init__.py", "");
    write(folder / "pack/inner.py", "x = 2\n");
    write(folder / "other.py", "not named\n");
    write(folder / "helper.log", "written by the script\n");
    CHECK(names_of(folder / "score.py") == std::vector<std::string>{"__init__.py", "deeper.py",
                                                                    "helper.py", "inner.py",
                                                                    "score.py"});
    write(folder / "run.sh", "#!/bin/sh\n. ./common.sh\npython3 helper.py\n");
    write(folder / "common.sh", "true\n");
    CHECK(names_of(folder / "run.sh") ==
          std::vector<std::string>{"common.sh", "deeper.py", "helper.py", "run.sh"});
}
