#include <catch2/catch.hpp>

#include <filesystem>
#include <regex>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Catch::StartsWith;

TEST_CASE("help of every subcommand shows its options and examples", "[cli]") {
    const Finished top = run_seamount({"--help"});
    CHECK(top.code == 0);
    for (const std::string name :
         {"compile", "run", "import", "mesh", "asm", "disasm", "inspect", "neuron", "conform"}) {
        INFO(name);
        CHECK_THAT(top.out, Contains("  " + name));
        const Finished help = run_seamount({name, "--help"});
        CHECK(help.code == 0);
        CHECK_THAT(help.out, Contains("Examples:\n  seamount " + name));
        CHECK(help.err.empty());
    }
}

TEST_CASE("the version is one line on stdout", "[cli]") {
    const Finished version = run_seamount({"--version"});
    CHECK(version.code == 0);
    CHECK(version.out == "seamount " SEAMOUNT_VERSION "\n");
}

TEST_CASE("a wrong command line exits with 2 and points to the help", "[cli]") {
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"fly"},
        {"run"},
        {"run", "x.yaml", "--mesh", "quantum"},
        {"run", "x.yaml", "--steps", "-3"},
        {"run", "x.yaml", "--steps", "0"},
        {"run", "x.yaml", "--steps", "ten"},
        {"run", "x.yaml", "--threads", "0"},
        {"run", "x.yaml", "--threads", "257"},
        {"run", "x.yaml", "--threads", "all"},
        {"run", "x.yaml", "--seed", "-3"},
        {"run", "x.yaml", "--mapping-seed", "-3"},
        {"compile", "x.yaml", "--seed", "-3"},
        {"run", "x.yaml", "--steps", "3", "--samples", "3"},
        {"compile", "x.yaml", "--placer", "random"},
        {"compile", "x.yaml", "y.yaml"},
    };
    for (const auto& arguments : wrong) {
        const Finished finished = run_seamount(arguments);
        INFO(finished.err);
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err, StartsWith("seamount"));
        CHECK_THAT(finished.err, Contains("[CLI-USAGE]") && Contains("--help"));
        CHECK(finished.out.empty());
    }
}

TEST_CASE("numbers of the command line are decimal: leading zeros and other bases are refused",
          "[cli]") {
    for (const std::vector<std::string>& number : {std::vector<std::string>{"--steps", "0100"},
                                                   {"--seed", "010"},
                                                   {"--threads", "01"},
                                                   {"--steps", "00"},
                                                   {"--seed", "-010"}}) {
        std::vector<std::string> words{"run", data("two_layers.yaml"), "--steps=5"};
        if (number.front() == "--steps") words.pop_back();
        words.insert(words.end(), number.begin(), number.end());
        const Finished run = run_seamount(words);
        INFO(number.back());
        CHECK(run.code == 2);
        CHECK_THAT(run.err, Contains("remove the leading zeros") && Contains("[CLI-USAGE]"));
    }
    for (const std::string option : {"--chip", "--out", "--set", "--json", "--input"}) {
        const Finished run =
            run_seamount({"run", data("two_layers.yaml"), "--steps=5", option, ""});
        CHECK(run.code == 2);
        CHECK_THAT(run.err, Contains(option + ": the value is empty [CLI-USAGE]"));
        const TemporaryFolder folder;
        const Finished next = run_seamount(
            {"run", data("two_layers.yaml"), "--steps=5", option + "=", "--force"}, folder.path());
        CHECK(next.code == 2);
        CHECK_THAT(next.err, Contains(option + ": the value is empty [CLI-USAGE]"));
        CHECK(std::filesystem::is_empty(folder.path()));
    }
    const Finished mesh = run_seamount({"mesh", "--cycles", "0100"});
    CHECK(mesh.code == 2);
    CHECK_THAT(mesh.err, Contains("--cycles") && Contains("remove the leading zeros"));
    for (const std::string base : {"0x10", "0b11", "0o7"}) {
        const Finished run = run_seamount({"run", data("two_layers.yaml"), "--steps", base});
        CHECK(run.code == 2);
        CHECK_THAT(run.err, Contains(base + " is not a whole decimal number"));
    }
    CHECK(run_seamount({"run", data("two_layers.yaml"), "--steps", "5", "--seed", "0"}).code == 0);
}

TEST_CASE("a pass that the compiler does not have is an error that names those it has", "[cli]") {
    const Finished finished =
        run_seamount({"compile", data("two_layers.yaml"), "--dump-after", "plase"});
    CHECK(finished.code == 2);
    CHECK(finished.err ==
          "error: --dump-after is 'plase', must be one of frontend, lower, partition, place, "
          "codegen [CLI-PASS]\n    hint: did you mean 'place'?\n");
}

TEST_CASE("a file that is not there is an error about that file", "[cli]") {
    for (const std::string name : {"compile", "run", "asm", "disasm"}) {
        const Finished finished = run_seamount({name, "nowhere.yaml"});
        CHECK(finished.code == 2);
        CHECK(finished.err == "nowhere.yaml: error: no such file [CLI-FILE]\n");
    }
}

TEST_CASE("an unknown chip is an error that suggests one of the library", "[cli]") {
    const Finished near = run_seamount({"run", data("two_layers.yaml"), "--chip", "loihi_1"});
    CHECK(near.code == 2);
    CHECK(near.err ==
          "loihi_1: error: no such chip file and no chip of the library [CLI-CHIP]\n"
          "    hint: did you mean 'loihi1'?\n");
    const Finished far = run_seamount({"inspect", "truenorth"});
    CHECK(far.code == 2);
    CHECK_THAT(far.err, Contains("give a chip file or one of: ") && Contains("loihi1"));
}

TEST_CASE("SEAMOUNT_CONFIGS replaces the library", "[cli]") {
    TemporaryFolder folder;
    const Finished finished =
        run_seamount({"inspect", "loihi1"}, ".", {"SEAMOUNT_CONFIGS=" + folder.path().string()});
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("[CLI-CHIP]"));
    const Finished missing =
        run_seamount({"inspect", "loihi1"}, ".", {"SEAMOUNT_CONFIGS=/no/such"});
    CHECK(missing.code == 2);
    CHECK_THAT(missing.err, Contains("SEAMOUNT_CONFIGS is not a folder [CLI-CONFIGS]"));
}

TEST_CASE("a network without a dataset needs a number of steps", "[cli]") {
    const Finished finished = run_seamount({"run", data("two_layers.yaml")});
    CHECK(finished.code == 2);
    CHECK(finished.err == data("two_layers.yaml") +
                              ": error: the network has no dataset that says how long to run "
                              "[CLI-STEPS]\n    hint: give --steps N\n");
    const Finished samples = run_seamount({"run", data("two_layers.yaml"), "--samples", "2"});
    CHECK(samples.code == 2);
    CHECK_THAT(samples.err, Contains("[CLI-SAMPLES]"));
}

TEST_CASE("bad and unknown --set assignments are all reported", "[cli]") {
    const Finished bad =
        run_seamount({"run", data("two_layers.yaml"), "--steps", "1", "--set", "a", "--set", "=b"});
    CHECK(bad.code == 2);
    CHECK_THAT(bad.err, Contains("'--set a'") && Contains("'--set =b'") && Contains("[CLI-SET]"));
    const Finished unknown = run_seamount({"run", data("two_layers.yaml"), "--steps", "1", "--set",
                                           "chanse=0.5", "--set", "other=1"});
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err,
               Contains("'chanse' [CLI-SET-UNKNOWN]") && Contains("'other' [CLI-SET-UNKNOWN]"));
}

TEST_CASE("a variable is unknown where there are none", "[cli]") {
    TemporaryFolder folder;
    REQUIRE(run_seamount({"compile", data("two_layers.yaml"), "-o", folder / "n.smi"}).code == 0);
    for (const std::string command : {"run", "inspect"}) {
        const Finished finished =
            run_seamount({command, folder / "n.smi", "--set", "prices=nahuku"});
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err,
                   Contains("[CLI-SET-UNKNOWN]") && Contains("hint: an image carries its chip"));
    }
}

TEST_CASE("a number of the chip is set by its path, wherever the chip comes from", "[cli]") {
    TemporaryFolder folder;
    const std::string image = folder / "n.smi";
    REQUIRE(run_seamount({"compile", data("two_layers.yaml"), "-o", image}).code == 0);
    for (const std::string& file : {std::string{"loihi1"}, image}) {
        const Finished finished =
            run_seamount({"inspect", file, "--resolved", "--set", "prices.synapse_pj=30.25"});
        CHECK(finished.code == 0);
        CHECK_THAT(finished.out,
                   Contains("synapse_pj: {value: 30.25, source: command_line, grade: assumed}"));
    }
    for (const std::string& file : {data("two_layers.yaml"), image}) {
        CHECK(run_seamount({"run", file, "--steps", "1", "--set", "mesh.hop_ew_ns=2"}).code == 0);
        const Finished wrong =
            run_seamount({"run", file, "--steps", "1", "--set", "mesh.hop_ew=2"});
        CHECK(wrong.code == 2);
        CHECK_THAT(wrong.err, Contains("--set: error: the chip has no 'mesh.hop_ew' "
                                       "[CLI-SET-PATH]"));
    }
}

TEST_CASE("a variable is set once", "[cli]") {
    const Finished twice = run_seamount({"run", data("two_layers.yaml"), "--steps", "1", "--set",
                                         "chance=0.5", "--set", "chance=0.1"});
    CHECK(twice.code == 2);
    CHECK_THAT(twice.err, Contains("'--set chance=0.1': 'chance' is set already [CLI-SET]"));
}

TEST_CASE("an unknown subcommand is named with the nearest one", "[cli]") {
    const Finished near = run_seamount({"rn", "net.yaml"});
    CHECK(near.code == 2);
    CHECK_THAT(near.err, Contains("no subcommand 'rn' [CLI-USAGE]") &&
                             Contains("did you mean 'run'? known: ") &&
                             Contains("(see seamount --help)"));
    CHECK_THAT(
        run_seamount({"-q", "fly"}).err,
        Contains("no subcommand 'fly'") && Contains("known: new, import, compile, verify, run"));
}

TEST_CASE("an input that drives nothing is a warning at its place", "[cli]") {
    TemporaryFolder folder;
    const std::string network =
        "populations:\n  a: {neuron: loihi1_cuba, size: 2, params: {vth: 9}}\n"
        "inputs:\n  i: {size: 2, poisson: 0.1}\n";
    write_text(folder / "net.yaml", network);
    const Finished unused = run_seamount({"compile", "net.yaml"}, folder.path());
    CHECK(unused.code == 0);
    CHECK_THAT(unused.err, StartsWith("net.yaml:4:") &&
                               Contains("warning: input 'i' drives nothing [NET-UNUSED]"));
    write_text(folder / "net.yaml",
               network + "projections:\n  - {from: i, to: a, rule: all_to_all, weights: 1}\n");
    CHECK(run_seamount({"compile", "net.yaml"}, folder.path()).err.empty());
}

TEST_CASE("clipped weights are reported once", "[cli]") {
    TemporaryFolder folder;
    write_text(folder / "net.yaml",
               "populations:\n  a: {neuron: loihi1_cuba, size: 2, params: {vth: 9}}\n"
               "inputs:\n  i: {size: 2, poisson: 0.1}\n"
               "projections:\n  - {from: i, to: a, rule: all_to_all, weights: 999}\n");
    const Finished finished = run_seamount({"run", "net.yaml", "--steps", "1"}, folder.path());
    CHECK(finished.code == 0);
    CHECK_THAT(finished.err, Contains("[CMP-CLIP]") && !Contains("[RUN-PRECISION]"));
}

TEST_CASE("a chip file may extend a chip of the library by its name", "[cli]") {
    TemporaryFolder folder;
    for (const std::string name : {"loihi1", "loihi1.yaml"}) {
        write_text(folder / "mine.yaml", "chip: mine\nextends: " + name + "\n");
        const Finished finished = run_seamount({"inspect", "mine.yaml"}, folder.path());
        INFO(finished.err);
        CHECK(finished.code == 0);
        CHECK_THAT(finished.out, StartsWith("mine: 8 x 4 tiles"));
    }
    write_text(folder / "base.yaml", "chip: base\nextends: loihi1\ntopology: {width: 3}\n");
    write_text(folder / "mine.yaml", "chip: mine\nextends: base.yaml\n");
    CHECK_THAT(run_seamount({"inspect", "mine.yaml"}, folder.path()).out,
               StartsWith("mine: 3 x 4 tiles"));
}

TEST_CASE("an image is mapped already: options of the mapping are errors beside it", "[cli]") {
    TemporaryFolder folder;
    const std::string image = folder / "n.smi";
    REQUIRE(run_seamount({"compile", data("two_layers.yaml"), "-o", image}).code == 0);
    const Finished finished = run_seamount({"run", image, "--steps", "1", "--placer", "hilbert",
                                            "--partitioner", "auto", "--mapping-seed", "3"});
    CHECK(finished.code == 2);
    for (const std::string option : {"--placer", "--partitioner", "--mapping-seed"}) {
        CHECK_THAT(finished.err, Contains(option + ": the image is mapped already [CLI-MAPPING]"));
    }
    CHECK_THAT(finished.err, Contains("give --placer to 'seamount compile'"));
    CHECK(run_seamount({"run", image, "--steps", "1", "--seed", "3"}).code == 0);
}

TEST_CASE("quiet is understood before and after every subcommand", "[cli]") {
    TemporaryFolder folder;
    const std::string image = folder / "n.smi";
    const std::string network = data("two_layers.yaml");
    const std::vector<std::vector<std::string>> commands{{"compile", network, "-o", image},
                                                         {"run", image, "--steps", "1"},
                                                         {"inspect", image},
                                                         {"disasm", image},
                                                         {"asm", data("relay.asm")}};
    for (std::vector<std::string> command : commands) {
        INFO(command[0]);
        command.push_back("-q");
        const Finished after = run_seamount(command);
        CHECK(after.code == 0);
        CHECK(after.out.empty());
        command.pop_back();
        command.insert(command.begin(), "--quiet");
        const Finished before = run_seamount(command);
        CHECK(before.code == 0);
        CHECK(before.out.empty());
    }
}

TEST_CASE("a terminal gets colour unless NO_COLOR has a value", "[cli]") {
    const std::string coloured = "\x1b[1;31merror:";
    CHECK_THAT(run_on_terminal("run nowhere.yaml", "NO_COLOR="), Contains(coloured));
    CHECK_THAT(run_on_terminal("run nowhere.yaml", "NO_COLOR=1"),
               Contains("error:") && !Contains("\x1b["));
}

TEST_CASE("every fault of a network file is reported at its place", "[cli]") {
    TemporaryFolder folder;
    write_text(folder / "net.yaml",
               "network: bad\n"
               "populations:\n"
               "  a: {neuron: loihi1_cuba, size: 2, params: {vth: 200000, decay: 1}}\n"
               "projections:\n"
               "  - {from: a, to: b, rule: all_to_all, weights: 1}\n");
    const Finished finished = run_seamount({"compile", "net.yaml"}, folder.path());
    INFO(finished.err);
    CHECK(finished.code == 2);
    CHECK_THAT(finished.err, Contains("net.yaml:3:") && Contains("200000") && Contains("decay") &&
                                 Contains("net.yaml:5:"));
    CHECK_THAT(finished.err, !Contains("\x1b["));  // not a terminal: no colour
}

TEST_CASE("an output that cannot be written is an error before the run", "[cli]") {
    const Finished out =
        run_seamount({"run", data("two_layers.yaml"), "--steps", "5", "--out", "/proc/nowhere"});
    CHECK(out.code == 2);
    CHECK_THAT(out.err,
               Contains("/proc/nowhere: error: cannot write: ") && Contains("[OUT-WRITE]"));
    const Finished json = run_seamount(
        {"run", data("two_layers.yaml"), "--steps", "5", "--json", "/no/such/folder/r.json"});
    CHECK(json.code == 2);
    CHECK_THAT(json.err, Contains("[OUT-WRITE]"));
}

TEST_CASE("inspecting a chip shows each number with unit, grade and source", "[cli]") {
    const Finished sheet = run_seamount({"inspect", "loihi1"});
    REQUIRE(sheet.code == 0);
    CHECK_THAT(sheet.out, Contains("limits.compartments") && Contains("per core") &&
                              Contains("published") && Contains("prices.synapse_pj") &&
                              Contains("23.6") && Contains("WikiChip"));
    const Finished priced = run_seamount({"inspect", "loihi1", "--set", "prices=nahuku"});
    CHECK_THAT(priced.out, Contains("33.6"));
}

TEST_CASE("the resolved chip reads back as the same chip", "[cli]") {
    TemporaryFolder folder;
    const Finished resolved = run_seamount({"inspect", "loihi1", "--resolved"});
    REQUIRE(resolved.code == 0);
    write_text(folder / "copy.yaml", resolved.out);
    // but that the copy says every number itself
    const auto sheet = [](const std::string& chip) {
        const std::regex origins{"(from|yours|default) *"};
        return std::regex_replace(run_seamount({"inspect", chip}).out, origins, "");
    };
    CHECK(sheet(folder / "copy.yaml") == sheet("loihi1"));
}
