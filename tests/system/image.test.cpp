#include <catch2/catch.hpp>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;

TEST_CASE("a damaged image is refused wherever the damage is") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"compile", data("two_layers.yaml"), "-o", "n.smi"}, folder.path()).code ==
            0);
    const std::string good = read_text(folder / "n.smi");
    REQUIRE(good.size() > 1000);
    for (std::size_t i = 0; i < 25; ++i) {
        std::string bad = good;
        const std::size_t at = i < 10 ? 3 * i : i * (good.size() - 1) / 24;
        bad[at] = static_cast<char>(bad[at] ^ (1 << (i % 8)));
        write_text(folder / "bad.smi", bad);
        const Finished finished = run_seamount({"run", "bad.smi", "--steps", "1"}, folder.path());
        INFO("byte " << at << ": " << finished.err);
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err, Contains("bad.smi") && Contains("error: ") && Contains("[IMG-"));
    }
    for (const std::size_t length :
         {std::size_t{0}, std::size_t{7}, std::size_t{31}, good.size() / 2, good.size() - 1}) {
        write_text(folder / "bad.smi", good.substr(0, length));
        const Finished finished = run_seamount({"inspect", "bad.smi"}, folder.path());
        INFO("cut to " << length << ": " << finished.err);
        CHECK(finished.code == 2);
    }
}

TEST_CASE("an image runs at the prices of another chip of its shape") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"compile", data("two_layers.yaml"), "-o", "n.smi"}, folder.path()).code ==
            0);
    const std::vector<std::string> run{"run", "n.smi", "--steps", "20"};
    const Finished own = run_seamount({"run", "n.smi", "--steps", "20"}, folder.path());
    CHECK(own.code == 0);
    CHECK_THAT(own.out, Contains("prices davies2018"));
    const Finished other = run_seamount(
        {"run", "n.smi", "--steps", "20", "--chip", "loihi1", "--set", "prices=nahuku"},
        folder.path());
    CHECK(other.code == 0);
    CHECK_THAT(other.out, Contains("prices nahuku"));
}

TEST_CASE("an image does not run on a chip that is too small for it") {
    TemporaryFolder folder;
    write_text(folder / "small.yaml",
               "chip: small\nlimits: {compartments: 8}\nextends: " SEAMOUNT_SOURCE_DIR
               "/configs/chips/loihi1.yaml\n");
    REQUIRE(
        run_seamount({"compile", data("two_layers.yaml"), "-o", "n.smi", "--chip", "small.yaml"},
                     folder.path())
            .code == 0);
    write_text(folder / "tiny.yaml",
               "chip: tiny\ntopology: {width: 1, height: 1, cores_per_tile: 2}\n"
               "limits: {compartments: 4}\nextends: " SEAMOUNT_SOURCE_DIR
               "/configs/chips/loihi1.yaml\n");
    const Finished finished =
        run_seamount({"run", "n.smi", "--steps", "2", "--chip", "tiny.yaml"}, folder.path());
    INFO(finished.err);
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("n.smi: error: the image uses core ") &&
                                 Contains("chip 'tiny' has cores 0..1 [CHIP-CORE]") &&
                                 Contains("compartments, chip 'tiny' has 4 [CHIP-LIMIT]") &&
                                 Contains("[CHIP-TOPOLOGY]"));
}

TEST_CASE("the option --dump-after prints what a pass made") {
    const Finished dump =
        run_seamount({"compile", data("two_layers.yaml"), "--dump-after", "frontend"});
    INFO(dump.err);
    CHECK(dump.code == 0);
    CHECK_THAT(dump.out, Contains("hidden"));
    const Finished unknown =
        run_seamount({"compile", data("two_layers.yaml"), "--dump-after", "magic"});
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err, Contains("magic"));
}
