#include <catch2/catch.hpp>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

TEST_CASE("a population says which words of its state start anew with a sample",
          "[sample_schedule]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({2, 1}, {0, 1}));
    const auto yaml = [](const std::string& a, const std::string& dataset) {
        return "populations:\n  a: {neuron: lif, size: 3, params: {vth: 5}, reset: " + a +
               "}\n  b: {neuron: lif, size: 2, params: {vth: 5}}\n" + dataset;
    };
    const std::string dataset =
        "inputs:\n  in: {size: 1, dataset: {samples: {file: x.npy}, max: 8, steps: 10}}\n";
    const auto kept = [&](const std::string& a) {
        return test::read(folder, yaml(a, dataset)).dataset.kept;
    };
    // v, drive, threshold, one, two
    CHECK(kept("[v]") == std::vector<std::uint32_t>{0b11110, 0});
    CHECK(kept("[drive, two]") == std::vector<std::uint32_t>{0b01101, 0});
    CHECK(kept("[]") == std::vector<std::uint32_t>{0b11111, 0});
    CHECK(kept("false") == std::vector<std::uint32_t>{0b11111, 0});
    CHECK(kept("true").empty());
    CHECK(kept("[v, drive, threshold, one, two]").empty());
    CHECK_THAT(test::errors_of(folder, yaml("[v, treshold]", dataset)),
               Contains(":2:58: error: neuron 'lif' has no state word 'treshold' [NET-RESET]") &&
                   Contains("did you mean 'threshold'?"));
    CHECK_THAT(test::errors_of(folder, yaml("7", dataset)), Contains("reset"));
    CHECK_THAT(test::errors_of(folder, yaml("[v]", "")), Contains("the network has no dataset"));
    const std::string no_reset =
        "inputs:\n  in: {size: 1, dataset: {samples: {file: x.npy}, max: 8, steps: 10, reset: "
        "false}}\n";
    CHECK_THAT(test::errors_of(folder, yaml("[v]", no_reset)),
               Contains("the dataset says reset: false"));
}

TEST_CASE("samples end early with spikes of a population, or of a part of one",
          "[sample_schedule]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({2, 1}, {0, 1}));
    folder.write("r.npy", test::npy_i4({2}, {3, -4}));
    const auto yaml = [](const std::string& until, const std::string& of_rewards) {
        return "populations:\n"
               "  a: {neuron: lif, size: 3, params: {vth: 5}}\n"
               "  b: {neuron: lif, size: 2, params: {vth: 5}}\n"
               "inputs:\n"
               "  in: {size: 1, dataset: {samples: {file: x.npy}, max: 1, steps: 4" +
               until + "}}\n  live: {size: 1, live: true}\n" +
               "  r: {reward: r0, dataset: {samples: {file: r.npy}, steps: 4" + of_rewards + "}}\n";
    };
    const auto all = test::read(folder, yaml(", until: b", ", until: b"));
    CHECK(all.dataset.until == 1);
    CHECK(all.dataset.until_members.empty());
    CHECK(all.dataset.until_rewards == std::vector<std::uint32_t>{2});
    const auto some = test::read(folder, yaml(", until: \"b[1]\"", ", until: \"b[1]\""));
    CHECK(some.dataset.until_members == std::vector<std::uint32_t>{1});
    const auto none = test::read(folder, yaml("", ""));
    CHECK_FALSE(none.dataset.ends_early());
    CHECK(none.dataset.until_rewards.empty());
    CHECK_THAT(test::errors_of(folder, yaml(", until: b", "")),
               Contains("of this dataset have all their steps, of an earlier one they end with "
                        "spikes of 'b' [NET-DATASET]"));
    CHECK_THAT(test::errors_of(folder, yaml(", until: bb", ", until: bb")),
               Contains(":5:76: error: there is no population 'bb' [NET-NAME]") &&
                   Contains("known: a, b"));
    CHECK_THAT(test::errors_of(folder, yaml(", until: in", ", until: in")), Contains("[NET-NAME]"));
    CHECK_THAT(test::errors_of(folder, yaml(", until: \"b[7:9]\"", ", until: \"b[7:9]\"")),
               Contains("[NET-VIEW]"));
    CHECK_THAT(test::errors_of(folder, yaml(", until: [b]", ", until: [b]")),
               Contains(":5:76: error:") && Contains("must be text"));
}

TEST_CASE("a population that never spikes ends no sample, and that is said", "[sample_schedule]") {
    const test::TemporaryFolder folder;
    folder.write("x.npy", test::npy_i4({2, 1}, {0, 1}));
    folder.write("mute.asm", ".state v\n end\n");
    const auto yaml = [](const std::string& until) {
        return "populations:\n  output: {neuron: mute.asm, size: 2}\n"
               "inputs:\n  in: {size: 1, dataset: {samples: {file: x.npy}, max: 1, steps: 4, "
               "until: " +
               until + "}}\n";
    };
    Diagnostics found;
    (void)test::read(folder, yaml("output"), found);
    CHECK_FALSE(found.has_errors());
    std::string text;
    for (const Diagnostic& one : found.all()) text += to_string(one) + '\n';
    CHECK_THAT(text, Contains("neuron 'mute' never spikes: no sample ends early [NET-DATASET]"));
    CHECK_THAT(test::errors_of(folder, yaml("outptu")), Contains("did you mean 'output'?"));
}
