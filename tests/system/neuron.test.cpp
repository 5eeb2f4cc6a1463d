#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("neuron runs a program of the library and writes every step", "[neuron]") {
    TemporaryFolder folder;
    const Finished finished =
        run_seamount({"neuron", "lif", "--param", "vth=3", "--param", "dv=0", "--input", "step:2:1",
                      "--input", "input=pulse:4:5:2", "--steps", "8", "--csv", "lif.csv"},
                     folder.path());
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    // The input is cleared every step (du 4095), v sums it in units of 64, a spike needs v > 192.
    CHECK(lines_of(read_text(folder / "lif.csv")) ==
          std::vector<std::string>{"step,input,u,v,spikes", "0,0,0,0,", "1,0,0,0,", "2,1,64,64,",
                                   "3,1,64,128,", "4,6,384,0,1", "5,6,384,0,1", "6,1,64,64,",
                                   "7,1,64,128,"});
    CHECK_THAT(finished.out,
               Contains("lif: 8 steps, 2 spikes, the first in step 4, one every 1 steps"));
}

TEST_CASE("neuron reads inputs from a file, records views and prints a table", "[neuron]") {
    TemporaryFolder folder;
    write_text(folder / "in.csv", "step,current\n# two values\n1,300\n2,-100\n");
    const Finished finished = run_seamount(
        {"neuron", data("relay.asm"), "--param", "gain=2", "--input", "in.csv", "--steps", "4"},
        folder.path());
    INFO(finished.err << finished.out);
    REQUIRE(finished.code == 0);
    CHECK_THAT(finished.out, Contains("step  input") && Contains("300") && Contains("-100"));
    const Finished view = run_seamount(
        {"neuron", "izhikevich", "--input", "step:0:2560", "--steps", "3", "--record", "v_uv,u"},
        folder.path());
    CHECK_THAT(view.out, Contains("v_uv") && Contains("-61499"));
}

TEST_CASE("neuron draws its steps as SVG or PNG", "[neuron]") {
    TemporaryFolder folder;
    for (const std::string name : {"p.svg", "p.png"}) {
        const Finished finished = run_seamount({"neuron", "izhikevich", "--input", "step:20:2560",
                                                "--steps", "400", "--plot", name, "-q"},
                                               folder.path());
        INFO(finished.err);
        REQUIRE(finished.code == 0);
    }
    CHECK_THAT(read_text(folder / "p.svg"), Contains("<svg") && Contains("</svg>"));
    CHECK(read_text(folder / "p.png").substr(1, 3) == "PNG");
}

TEST_CASE("neuron explains what is wrong with a command", "[neuron]") {
    TemporaryFolder folder;
    const auto fails = [&](std::vector<std::string> options, const std::string& message) {
        options.insert(options.begin(), "neuron");
        options.insert(options.end(), {"--steps", "10", "--csv", "out.csv"});
        const Finished finished = run_seamount(options, folder.path());
        CHECK(finished.code == 2);
        CHECK_THAT(finished.err, Contains(message));
        CHECK_FALSE(std::filesystem::exists(folder / "out.csv"));
    };
    fails({"lift"}, "did you mean 'lif'?");
    fails({"lift"}, "[CLI-NEURON]");
    fails({"none.asm"}, "[CLI-FILE]");
    const Finished large = run_seamount({"neuron", "lif", "--param", "vth=1", "--steps", "1000",
                                         "--input", "step:0:9999999999999"});
    CHECK(std::count(large.err.begin(), large.err.end(), '\n') == 1);  // once, not for each step
    fails({"lif"}, "'vth' is required, in [0, 131071] [CLI-PARAM]");
    fails({"lif", "--param", "vth=1", "--param", "vth=2"}, "'vth' is given twice [CLI-PARAM]");
    fails({"lif", "--param", "vth=200000"}, "'vth' is 200000, must be in [0, 131071] [CLI-PARAM]");
    fails({"lif", "--param", "vht=2"}, "did you mean 'vth'?");
    fails({"lif", "--param", "vth=two"}, "'vth' is 'two', must be a whole number [CLI-PARAM]");
    fails({"lif", "--param", "vth"}, "'vth' gets no value [CLI-PARAM]");
    const std::vector<std::string> good{"lif", "--param", "vth=1"};
    const auto with = [&](const std::string& option, const std::string& value) {
        std::vector<std::string> all = good;
        all.insert(all.end(), {option, value});
        return all;
    };
    fails(with("--input", "step:10:1"), "it starts in step 10, must be in [0, 9] [CLI-INPUT]");
    fails(with("--input", "step:1"), "'1' has 1 number, a step has 2 [CLI-INPUT]");
    fails(with("--input", "pulse:1:2:11"), "its width is 11, must be in [1, 10] [CLI-INPUT]");
    fails(with("--input", "ramp:1:2"), "'ramp:1:2' is no input [CLI-INPUT]");
    fails(with("--input", "inptu=step:1:2"), "did you mean 'input'?");
    fails(with("--input", "step:1:3000000000"), "does not fit 32 bits [CLI-INPUT]");
    fails(with("--record", "w"), "no state word or view 'w' [CLI-RECORD]");
    fails(with("--plot", "x.jpg"), "ends in .svg or .png [CLI-PLOT]");
    write_text(folder / "in.csv", "0,1\n1;2\n");
    fails(with("--input", "in.csv"), "in.csv:2:1: error: '1;2' is neither");
    write_text(folder / "in.csv", "9,1\n10,2\n");
    fails(with("--input", "in.csv"), "in.csv:2:1: error: a value of step 10");
}
