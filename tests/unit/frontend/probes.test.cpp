#include <catch2/catch.hpp>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using Catch::Matchers::Contains;

namespace {

/// What is found in a network with these probes.
std::string found_in(const std::string& probes) {
    const test::TemporaryFolder folder;
    Diagnostics found;
    (void)test::read(folder,
                     "populations:\n  b: {neuron: lif, size: 1000000, params: {vth: 6}}\n"
                     "inputs:\n  r: {size: 3, rate: 0.25}\n"
                     "projections:\n  - {from: r, to: \"b[0:2]\", rule: all_to_all, weights: 10}\n"
                     "probes:\n" +
                         probes,
                     found);
    std::string text;
    for (const Diagnostic& one : found.all()) text += to_string(one) + '\n';
    return text;
}

std::string probe(const std::string& rest) {
    return "  - {population: b, record: v" + rest + "}\n";
}

}  // namespace

TEST_CASE("probes of the two halves of a million neurons are compared at once", "[probes]") {
    CHECK(found_in("  - {population: \"b[0:500000]\", record: v}\n"
                   "  - {population: \"b[500000:]\", record: v}\n")
              .empty());
    CHECK(found_in("  - {population: \"b[::2]\", record: v}\n"
                   "  - {population: \"b[1::2]\", record: v}\n")
              .empty());
    CHECK_THAT(found_in("  - {population: \"b[::2]\", record: v}\n"
                        "  - {population: \"b[999998:]\", record: v}\n"),
               Contains("error: another probe records 'v'"));
    // Lists may have any order.
    CHECK(found_in(probe(", neurons: [9, 2, 5]") + probe(", neurons: [8, 4, 3, 6]")).empty());
    CHECK_THAT(found_in(probe(", neurons: [9, 2, 5]") + probe(", neurons: [8, 1, 2, 7]")),
               Contains("error: another probe records 'v'"));
}

TEST_CASE("probes whose triggers one spike can be are told that they share rows", "[probes]") {
    const auto warns = [](const std::string& first, const std::string& second) {
        const auto warned = [](const std::string& probes) {
            const std::string text = found_in(probes);
            CHECK_THAT(text, !Contains("error"));
            return text.find("warning: another probe records 'v'") != std::string::npos;
        };
        const bool there = warned(probe(first) + probe(second));
        CHECK(there == warned(probe(second) + probe(first)));
        return there;
    };
    const std::string any = ", when: spike r";
    const std::string none;
    CHECK(warns(any, ", when: \"spike r[0]\""));
    CHECK(warns(", when: \"spike r[0:2]\"", ", when: \"spike r[1:]\""));
    CHECK(warns(any, none));
    CHECK(warns(any, ", every: 2"));
    CHECK(warns(any + ", every: 2", any));
    CHECK_FALSE(warns(", when: \"spike r[0]\"", ", when: \"spike r[1:]\""));
    CHECK_FALSE(warns(any, ", when: spike b"));
    CHECK_FALSE(warns(any + ", to: 8", any + ", from: 8"));
    CHECK_FALSE(warns(any + ", to: 8", ", from: 8"));
    CHECK_THAT(found_in(probe(any) + probe(any)), Contains("error: another probe records 'v'"));
}

TEST_CASE("a probe that repeats one and shares steps with another is refused", "[probes]") {
    CHECK_THAT(
        found_in(probe("") + probe(", every: 2") + probe(", every: 2")),
        Contains("net.yaml:10:5: error: another probe records 'v' of population 'b' already") &&
            Contains("it stands at line 9"));
    const std::string cores = "  - {cores: all, record: queue";
    CHECK_THAT(found_in(cores + "}\n" + cores + ", every: 2}\n" + cores + ", every: 2}\n"),
               Contains("net.yaml:10:5: error: another probe records 'queue'"));
}

TEST_CASE("a probe with a mistake is not also said to repeat another one", "[probes]") {
    const auto only = [](const std::string& probes, const std::string& says) {
        CAPTURE(probes);
        const std::string text = found_in(probes);
        CHECK_THAT(text, Contains(says) && !Contains("another probe"));
    };
    const std::string good = probe("");
    for (const char* const mistake :
         {", every: 4294967295", ", every: 0", ", from: 5, to: 5", ", from: -1",
          ", when: sometimes", ", neurons: [1000000]", ", evry: 2"}) {
        only(good + probe(mistake), "error");
        only(probe(mistake) + good, "error");
    }
    const std::string cores = "  - {cores: all, record: queue}\n";
    const std::string wrong = "  - {cores: all, record: queue, every: 0}\n";
    only(cores + wrong, "'every' is 0");
    only(wrong + cores, "'every' is 0");
    // Other probes are judged all the same.
    CHECK_THAT(found_in(good + probe(", every: 0") + good),
               Contains("net.yaml:9:") && Contains("net.yaml:10:5: error: another probe"));
}
