#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "compiler/frontend/hdf5/hdf5_file.hpp"
#include "tests/system/process.hpp"

using namespace seamount::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

std::ptrdiff_t lines_of(const std::string& path) {
    const std::string text = read_text(path);
    return std::count(text.begin(), text.end(), '\n');
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++found;
    }
    return found;
}

}  // namespace

TEST_CASE("the edges of a network are its synapses with what they add and where they are",
          "[export_graph]") {
    const TemporaryFolder folder;
    write_text(folder / "n.yaml",
               "populations:\n  out: {neuron: lif, size: 3, params: {vth: 100}}\ninputs:\n"
               "  in: {size: 3, spikes: [[2, 0]]}\nprojections:\n"
               "  - {name: p, from: in, to: out, rule: list, edges: {file: e.csv}, "
               "delay: 1}\n");
    write_text(folder / "e.csv", "0,0,120\n1,2,-90\n2,1,7\n");
    const Finished finished =
        run_seamount({"export", "n.yaml", "--format", "edges"}, folder.path());
    INFO(finished.err);
    REQUIRE(finished.code == 0);
    const std::string edges = read_text(folder / "n.edges.csv");
    CHECK_THAT(edges, Contains("projection,source,source_index,target,target_index,weight,"
                               "mantissa,exponent,delay,source_core,target_core\n") &&
                          Contains("p,in,0,out,0,7680,120,0,1,,0\n") &&
                          Contains("p,in,1,out,2,-5760,-90,0,1,,0\n"));
    CHECK(lines_of(folder / "n.edges.csv") == 4);

    const Finished again = run_seamount({"export", "n.yaml", "--format", "edges"}, folder.path());
    CHECK(again.code == 2);
    CHECK_THAT(again.err, Contains("is there already"));
    REQUIRE(run_seamount({"compile", "n.yaml", "-q", "-o", "n.smi"}, folder.path()).code == 0);
    REQUIRE(run_seamount({"export", "n.smi", "--format", "graphml", "-o", "g.xml"}, folder.path())
                .code == 0);
    const std::string xml = read_text(folder / "g.xml");
    CHECK(count(xml, "<node ") == 6);
    CHECK(count(xml, "<edge ") == 3);
    CHECK_THAT(xml, Contains("<edge source=\"in[1]\" target=\"out[2]\">") &&
                        Contains("<data key=\"weight\">-5760</data>") && Contains("</graphml>"));
}

TEST_CASE("all synapses of shipped networks are exported, on every kind of chip",
          "[export_graph]") {
    const std::string configs = SEAMOUNT_SOURCE_DIR "/configs";
    const TemporaryFolder folder;
    for (const std::string name : {"digits", "conv_digits"}) {
        for (const std::string chip : {"loihi1", "loihi2"}) {
            INFO(name << " on " << chip);
            const std::string image = folder / (name + chip + ".smi");
            REQUIRE(run_seamount({"compile", configs + "/networks/" + name + ".yaml", "--chip",
                                  chip, "-q", "-o", image})
                        .code == 0);
            REQUIRE(
                run_seamount({"run", image, "--samples", "1", "-q", "--json", folder / "r.json"})
                    .code == 0);
            REQUIRE(run_seamount(
                        {"export", image, "--format", "edges", "--force", "-o", folder / "e.csv"})
                        .code == 0);
            const Json run = Json::parse(read_text(folder / "r.json"));
            CHECK(lines_of(folder / "e.csv") == run["synapses"].get<std::ptrdiff_t>() + 1);
            const Finished hdf5 = run_seamount(
                {"export", image, "--format", "hdf5", "--force", "-o", folder / "e.h5"});
            CHECK(hdf5.code == 0);
            const seamount::compiler::frontend::Hdf5File file{folder / "e.h5"};
            CHECK(file.numbers("/edges/weight").values.size() == run["synapses"]);
            CHECK(file.numbers("/neurons/core").values.size() == run["neurons"]);
            CHECK_FALSE(std::filesystem::exists(folder / "e.h5.unfinished"));
            // another mapping has the same synapses
            const std::string other = folder / "other.smi";
            REQUIRE(run_seamount({"compile", configs + "/networks/" + name + ".yaml", "--chip",
                                  chip, "-q", "--partitioner", "greedy", "-o", other})
                        .code == 0);
            const Finished difference = run_seamount({"diff", image, other});
            CHECK_THAT(difference.out, !Contains("synapses differ"));
        }
    }
}
