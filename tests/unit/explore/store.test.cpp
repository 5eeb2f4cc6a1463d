#include "tools/explore/store/cache.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "isa/base/diagnostic.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace seamount;
using namespace seamount::explore;
namespace fs = std::filesystem;

namespace {

/// A file name that is free, in a folder for what SQLite puts beside it.
struct TemporaryFile {
    test::TemporaryFolder folder;
    fs::path path = folder / "store.sqlite";
};

std::vector<Run> two_runs() {
    std::vector<Run> runs(2);
    for (std::size_t i = 0; i < 2; ++i) {
        runs[i].point = static_cast<std::int64_t>(i) + 1;
        runs[i].stage = Stage::kFinal;
        runs[i].parameters = {{"run.mesh", std::string{"ideal"}},
                              {"chip.x", 0.1 * static_cast<double>(i)}};
    }
    return runs;
}

}  // namespace

TEST_CASE("a store gives back what was put in, also after it was closed", "[store]") {
    const TemporaryFile file;
    {
        Store store{file.path, true};
        std::vector<Run> runs = two_runs();
        store.add(runs);
        store.start(runs[0].id, "k1", {"[\"run\"]", "chip text", "network text", "1.0"});
        store.finish(runs[0].id, {Status::kDone, "", "{\"a\":1}", "{\"o\":2.5}", 0.5, 99}, false);
        store.start(runs[1].id, "k2", {"[\"run\"]", "chip text", "network text", "1.0"});
    }
    Store store{file.path};
    std::vector<Run> runs = store.runs();
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].result.status == Status::kDone);
    CHECK(runs[0].result.summary == "{\"a\":1}");
    CHECK(runs[0].parameters == two_runs()[0].parameters);
    CHECK(runs[0].attempts == 1);
    CHECK(runs[1].result.status == Status::kRunning);
    CHECK(store.record(runs[0].id).chip == "chip text");
    CHECK(store.find("k1")->measures == "{\"o\":2.5}");
    CHECK_FALSE(store.find("k2"));
    store.recover();
    CHECK(store.runs()[1].result.status == Status::kWaiting);
}

TEST_CASE("the same run cannot be in a store twice", "[store]") {
    const TemporaryFile file;
    Store store{file.path, true};
    std::vector<Run> runs = two_runs();
    store.add(runs);
    CHECK_THROWS_AS(store.add(runs), InputError);
    CHECK(store.runs().size() == 2);
}

TEST_CASE("merging keeps what has ended over what waits", "[store]") {
    const TemporaryFile first;
    const TemporaryFile second;
    {
        Store store{second.path, true};
        std::vector<Run> runs = two_runs();
        store.add(runs);
        store.start(runs[0].id, "k1", {"[]", "c", "n", "1"});
        store.finish(runs[0].id, {Status::kDone, "", "{}", "{}", 0.1, 1}, false);
    }
    Store store{first.path, true};
    std::vector<Run> runs = two_runs();
    store.add(runs);
    store.start(runs[1].id, "k2", {"[]", "c", "n", "1"});
    store.finish(runs[1].id, {Status::kInfeasible, "why", "", "", 0.1, 1}, false);
    store.merge(second.path);
    runs = store.runs();
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].result.status == Status::kDone);
    CHECK(runs[1].result.status == Status::kInfeasible);
}

TEST_CASE("merging keeps what is done over what failed, and says so", "[store]") {
    const TemporaryFile first;
    const TemporaryFile second;
    const auto fill = [](const fs::path& path, Status one, Status two, const char* summary) {
        Store store{path, true};
        std::vector<Run> runs = two_runs();
        store.add(runs);
        store.finish(runs[0].id,
                     {one, "r", one == Status::kDone ? summary : "",
                      one == Status::kDone ? "{}" : "", 0.1, 1},
                     false);
        store.finish(runs[1].id,
                     {two, "r", two == Status::kDone ? summary : "",
                      two == Status::kDone ? "{}" : "", 0.1, 1},
                     false);
    };
    fill(first.path, Status::kFailed, Status::kDone, "{\"a\":1}");
    fill(second.path, Status::kDone, Status::kFailed, "{\"a\":1}");
    Store store{first.path, true};
    const Merged merged = store.merge(second.path);
    CHECK(merged.replaced == 1);
    CHECK(merged.left == 1);
    for (const Run& run : store.runs()) CHECK(run.result.status == Status::kDone);
    const TemporaryFile third;
    fill(third.path, Status::kDone, Status::kDone, "{\"a\":2}");
    CHECK_THROWS_WITH(store.merge(third.path), Catch::Contains("EXP-MERGE"));
    CHECK(store.runs().front().result.summary == "{\"a\":1}");
}

TEST_CASE("the cache keeps what would be the same again and nothing else", "[store]") {
    const TemporaryFile file;
    Cache cache{file.path, [](const Diagnostic&) { FAIL("nothing is wrong"); }};
    cache.keep("a", {{Status::kDone, "", "{}", "", 1.0, 2}, {{"x.npy", "h"}}});
    cache.keep("b", {{Status::kFailed, "killed", "", "", 1.0, 2}, {}});
    cache.keep("c", {{Status::kInfeasible, "too big", "", "", 1.0, 2}, {}});
    REQUIRE(cache.find("a"));
    CHECK(cache.find("a")->result.status == Status::kDone);
    CHECK(cache.find("a")->files == FileHashes{{"x.npy", "h"}});
    CHECK_FALSE(cache.find("b"));
    CHECK(cache.find("c")->result.reason == "too big");
}

TEST_CASE("an entry of the cache that was damaged is not known", "[store]") {
    const TemporaryFile file;
    {
        Cache cache{file.path, [](const Diagnostic&) { FAIL("nothing is wrong"); }};
        cache.keep("a", {{Status::kDone, "", "{\"spikes\":1}", "", 1.0, 2}, {}});
    }
    Database{file.path}.execute("UPDATE simulation SET summary = '{\"spikes\":9}'");
    Cache cache{file.path, [](const Diagnostic&) { FAIL("nothing is wrong"); }};
    CHECK_FALSE(cache.find("a"));
}

TEST_CASE("a cache that cannot be used is told once and then left alone", "[store]") {
    const TemporaryFile file;
    std::ofstream{file.path} << std::string(5000, 'x');
    int told = 0;
    Cache cache{file.path, [&told](const Diagnostic& warning) {
                    ++told;
                    CHECK(warning.code == "EXP-CACHE");
                    CHECK(warning.severity == Severity::kWarning);
                }};
    cache.keep("a", {{Status::kDone, "", "{}", "", 1.0, 2}, {}});
    CHECK_FALSE(cache.find("a"));
    CHECK(told == 1);
}

TEST_CASE("a damaged row of a store is an error that names it", "[store]") {
    const char* const column = GENERATE("summary", "measures", "parameters", "seed");
    const TemporaryFile file;
    {
        Store store{file.path, true};
        std::vector<Run> runs = two_runs();
        store.add(runs);
        store.finish(runs[1].id, {Status::kDone, "", "{}", "{}", 0.1, 1}, false);
    }
    Database{file.path}.execute(std::string{"UPDATE run SET "} + column + " = '[1' WHERE id = 2");
    CHECK_THROWS_WITH(Store{file.path}.runs(),
                      Catch::Contains("run 2 (point 2)") && Catch::Contains(column));
}

TEST_CASE("a store that is deleted or replaced while it is open is missed", "[store]") {
    const TemporaryFile file;
    Store store{file.path, true};
    CHECK_NOTHROW(store.require_file());
    fs::rename(file.path, file.folder / "moved.sqlite");
    CHECK_THROWS_WITH(store.require_file(), Catch::Contains("deleted or replaced"));
}

TEST_CASE("a file that is no store is refused and left as it is", "[store]") {
    const TemporaryFile file;
    CHECK_THROWS_WITH(Store{file.path}, Catch::Contains("EXP-STORE"));
    std::ofstream{file.path} << "not a database at all, but long enough to be taken for one";
    CHECK_THROWS_WITH((Store{file.path, true}), Catch::Contains("EXP-STORE"));
    CHECK(fs::file_size(file.path) == 58);
}

TEST_CASE("a status that no version has is an error and never taken for another", "[store]") {
    const TemporaryFile file;
    {
        Store store{file.path, true};
        std::vector<Run> runs = two_runs();
        store.add(runs);
    }
    Database{file.path}.execute("UPDATE run SET status = 'paused' WHERE id = 1");
    CHECK_THROWS_WITH(Store{file.path}.runs(), Catch::Contains("unknown word 'paused'"));
}

TEST_CASE("a database of another program gets no tables", "[store]") {
    const TemporaryFile file;
    {
        Database other{file.path};
        other.execute("CREATE TABLE measurement(value REAL)");
    }
    CHECK_THROWS_WITH((Store{file.path, true}), Catch::Contains("EXP-STORE"));
    Database other{file.path};
    Statement count = other.prepare("SELECT count(*) FROM sqlite_master");
    REQUIRE(count.step());
    CHECK(count.integer(0) == 1);
}
