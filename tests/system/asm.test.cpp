#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;

TEST_CASE("asm shows size, cycles and declarations", "[asm]") {
    const Finished finished = run_seamount({"asm", data("relay.asm")});
    REQUIRE(finished.code == 0);
    CHECK_THAT(finished.out, Contains("relay: 6 words (24 bytes), at most "));
    CHECK_THAT(finished.out, Contains(" without a spike, ") && Contains("state words"));
    CHECK_THAT(finished.out, Contains("gain") && Contains("1..100") &&
                                 Contains("multiplies the input") && Contains("sum / count"));
}

TEST_CASE("asm takes the name of a program of the library", "[asm]") {
    const Finished named = run_seamount({"asm", "lif"});
    CHECK(named.code == 0);
    CHECK(named.out == run_seamount({"asm", SEAMOUNT_SOURCE_DIR "/configs/neurons/lif.asm"}).out);
    const Finished wrong = run_seamount({"asm", "lff"});
    CHECK(wrong.code == 2);
    CHECK_THAT(wrong.err, Contains("did you mean 'lif'?") && Contains("[CLI-NEURON]"));
    CHECK_THAT(run_seamount({"asm", "none.asm"}).err, Contains("[CLI-FILE]"));
}

TEST_CASE("asm reports every fault with its column", "[asm]") {
    TemporaryFolder folder;
    write_text(folder / "bad.asm", "        add r0, r1\n        frobnicate r0\n        end\n");
    const Finished finished = run_seamount({"asm", "bad.asm"}, folder.path());
    INFO(finished.err);
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("bad.asm:1:") && Contains("bad.asm:2:") && Contains("[ASM-"));
}

TEST_CASE("words, listing and words again are byte for byte the same", "[asm]") {
    TemporaryFolder folder;
    for (const std::string& source :
         {data("relay.asm"), std::string{SEAMOUNT_SOURCE_DIR "/configs/neurons/loihi1_cuba.asm"}}) {
        INFO(source);
        REQUIRE(run_seamount({"asm", source, "-o", "a.bin"}, folder.path()).code == 0);
        REQUIRE(run_seamount({"disasm", "a.bin", "-o", "b.asm"}, folder.path()).code == 0);
        REQUIRE(run_seamount({"asm", "b.asm", "-o", "b.bin"}, folder.path()).code == 0);
        CHECK(!read_text(folder / "a.bin").empty());
        CHECK(read_text(folder / "a.bin") == read_text(folder / "b.bin"));
    }
}

TEST_CASE("each program of an image lists as source that assembles to the same words", "[asm]") {
    TemporaryFolder folder;
    REQUIRE(
        run_seamount({"compile", data("two_layers.yaml"), "-o", "net.smi"}, folder.path()).code ==
        0);
    REQUIRE(run_seamount({"asm", data("relay.asm"), "-o", "a.bin"}, folder.path()).code == 0);
    REQUIRE(run_seamount({"disasm", "net.smi", "--program", "relay", "-o", "b.asm"}, folder.path())
                .code == 0);
    REQUIRE(run_seamount({"asm", "b.asm", "-o", "b.bin"}, folder.path()).code == 0);
    CHECK(read_text(folder / "a.bin") == read_text(folder / "b.bin"));

    const Finished all = run_seamount({"disasm", "net.smi"}, folder.path());
    CHECK_THAT(all.out, Contains("program relay") && Contains("program loihi1_cuba"));
    const Finished unknown =
        run_seamount({"disasm", "net.smi", "--program", "relais"}, folder.path());
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err, Contains("did you mean 'relay'?") && Contains("[CLI-PROGRAM]"));
}

TEST_CASE("a file that is no microcode is not listed", "[asm]") {
    TemporaryFolder folder;
    write_text(folder / "noise.bin", "hello");
    const Finished odd = run_seamount({"disasm", "noise.bin"}, folder.path());
    CHECK(odd.code == 2);
    CHECK_THAT(odd.err, Contains("5 bytes are not whole 32-bit words [CLI-WORDS]"));
    write_text(folder / "noise.bin", "hellohello!!");
    CHECK(run_seamount({"disasm", "noise.bin"}, folder.path()).code == 2);
    write_text(folder / "noise.bin", "");
    CHECK(run_seamount({"disasm", "noise.bin"}, folder.path()).code == 2);
}

TEST_CASE("asm names every result that can wrap or saturate, at its instruction", "[asm]") {
    TemporaryFolder folder;
    write_text(folder / "sum.asm",
               "; a sum\n.arg gain 1..100 ; factor of the input\n.acc input -1000..1000\n"
               ".param gain = gain\n.state sum\n.state last\n\n        rdc     r0, input\n"
               "        muls    last, r0, gain, 0\n  here: add.sat sum, sum, last\n"
               "        add     sum, sum, sum\n        cmp.gt  sum, #4096\n        bf?n    +2\n"
               "        spk     #1\n        end\n");
    const Finished finished =
        run_seamount({"asm", "sum.asm", "--json", "sheet.json"}, folder.path());
    INFO(finished.err);
    CHECK(finished.code == 0);
    CHECK_THAT(finished.out, Contains("8 words (32 bytes), at most 11 cycles per update, 9 "
                                      "without a spike, 2 state words") &&
                                 Contains("input in -1000..1000") && Contains("-100000..100000") &&
                                 Contains("1 result can wrap or saturate"));
    CHECK_THAT(finished.err, Contains("sum.asm:10:9: warning: ADD.sat to sum can saturate at 24 "
                                      "bits") &&
                                 Contains("[ASM-OVERFLOW]"));
    const auto sheet = nlohmann::json::parse(read_text(folder / "sheet.json"));
    CHECK(sheet["cycles_worst"] == 11);
    CHECK(sheet["cycles_without_spike"] == 9);
    CHECK(sheet["safe"] == false);
    CHECK(sheet["states"][1]["range"] == nlohmann::json({-100000, 100000}));
    CHECK(sheet["findings"][0]["line"] == 10);
    CHECK(sheet["findings"][0]["column"] == 9);
    CHECK(sheet["findings"][0]["kind"] == "saturates");

    const Finished safe =
        run_seamount({"asm", SEAMOUNT_SOURCE_DIR "/configs/neurons/graded_vec.asm"}, folder.path());
    CHECK_THAT(safe.out, Contains("ranges: safe, no result can wrap or saturate"));
    CHECK(safe.err.empty());
}
