#include "tools/explore/store/store.hpp"

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

TEST_CASE("the cache keeps what would be the same again and nothing else", "[store]") {
    const TemporaryFile file;
    Cache cache{file.path};
    cache.keep("a", {Status::kDone, "", "{}", "{}", 1.0, 2});
    cache.keep("b", {Status::kFailed, "killed", "", "", 1.0, 2});
    cache.keep("c", {Status::kInfeasible, "too big", "", "", 1.0, 2});
    CHECK(cache.find("a")->status == Status::kDone);
    CHECK_FALSE(cache.find("b"));
    CHECK(cache.find("c")->reason == "too big");
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
