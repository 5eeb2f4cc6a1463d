#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

#include "isa/yaml/form.hpp"
#include "isa/yaml/yaml_paths.hpp"
#include "isa/yaml/yaml_text.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace seamount;
using Catch::Contains;

namespace {

/// net.yaml of the folder as one file; findings stand behind it.
std::string expanded(const test::TemporaryFolder& folder, const std::string& network,
                     const Settings& settings = {}) {
    folder.write("net.yaml", network);
    yaml::Form form{"network", "Anything."};
    form.others = {yaml::anything()};
    Diagnostics found;
    std::vector<std::filesystem::path> files;
    const auto tree = yaml::network_tree(folder.path() / "net.yaml", settings, form, found, files);
    std::string text = yaml::text_of(*tree);
    for (const Diagnostic& finding : found.all()) text += finding.code + ": " + finding.message;
    return text;
}

std::string expanded(const std::string& network) {
    const test::TemporaryFolder folder;
    return expanded(folder, network);
}

}  // namespace

TEST_CASE("each name of a list in a template is completed", "[yaml_network]") {
    const std::string text = expanded(
        "templates:\n"
        "  c:\n"
        "    parameters: {others: [e, x], rest: [e, \"f[2:]\"]}\n"
        "    populations: {e: {size: 4}, f: {size: 4}}\n"
        "    projections:\n"
        "      - {name: p, from: [e, \"f[0:2]\", x], to: e}\n"
        "      - {from: \"${others}\", to: f}\n"
        "      - {from: [\"${one}\", f], to: f}\n"
        "      - {from: \"${rest}\", to: f}\n"
        "    probes:\n"
        "      - {weights: p.e}\n"
        "      - {weights: p.x}\n"
        "use: {c: [{name: a, others: [e, x]}]}\n"
        "vars: {one: e}\n");
    CHECK_THAT(text, Contains("{name: a.p, from: [a.e, \"a.f[0:2]\", x], to: a.e}"));
    CHECK_THAT(text, Contains("{from: [e, x], to: a.f}"));  // the use named them
    CHECK_THAT(text, Contains("{from: [e, a.f], to: a.f}"));
    CHECK_THAT(text, Contains("{from: [a.e, \"a.f[2:]\"], to: a.f}"));
    CHECK_THAT(text, Contains("{weights: a.p.a.e}") && Contains("{weights: a.p.x}"));
}

TEST_CASE("what samples of a template wait for is its own population", "[yaml_network]") {
    const std::string text = expanded(
        "templates:\n"
        "  c:\n"
        "    populations: {e: {size: 4}}\n"
        "    inputs:\n"
        "      i: {dataset: {steps: 4, until: \"e[1]\"}}\n"
        "      b: {target: e, bias: {dataset: {steps: 4, until: x}}}\n"
        "      d: {target: e, bias: {dataset: {steps: 4, until: e}}}\n"
        "use: {c: [a]}\n");
    CHECK_THAT(text, Contains("{steps: 4, until: \"a.e[1]\"}") && Contains("until: x") &&
                         Contains("until: a.e}"));
}

TEST_CASE("a parameter called name is the name of the use, however short", "[yaml_network]") {
    CHECK(expanded("templates: {c: {parameters: {name: z}, populations: {e: {file: "
                   "\"${name}.npy\"}}}}\nuse: {c: [a, {name: b}]}\n") ==
          "populations:\n  a.e: {file: a.npy}\n  b.e: {file: b.npy}\n");
}

TEST_CASE("a name that a use gives stays the file's within other text too", "[yaml_network]") {
    const std::string text = expanded(
        "templates:\n"
        "  c:\n"
        "    parameters: {src: e, part: \"${src}[1:]\", both: [\"${src}\", e], n: 2}\n"
        "    populations: {e: {size: 4}}\n"
        "    projections:\n"
        "      - {from: \"${src}[0:2]\", to: \"e[${n}]\"}\n"
        "      - {from: \"${part}\", to: e}\n"
        "      - {from: \"${both}\", to: e}\n"
        "    probes:\n"
        "      - {weights: \"${src}->e\", when: \"spike ${src}\"}\n"
        "use: {c: [{name: a, src: e, n: 3}, b]}\n");
    CHECK_THAT(text, Contains("{from: \"e[0:2]\", to: \"a.e[3]\"}") &&
                         Contains("{from: \"e[1:]\", to: a.e}") &&
                         Contains("{from: [e, a.e], to: a.e}") &&
                         Contains("{weights: e->a.e, when: \"spike e\"}"));
    CHECK_THAT(text, Contains("{from: \"b.e[0:2]\", to: \"b.e[2]\"}") &&
                         Contains("{from: \"b.e[1:]\", to: b.e}") &&
                         Contains("{from: [b.e, b.e], to: b.e}") &&
                         Contains("{weights: b.e->b.e, when: \"spike b.e\"}"));
}

TEST_CASE("a name that a use gives the beginning of is the template's", "[yaml_network]") {
    const std::string text = expanded(
        "templates:\n"
        "  c:\n"
        "    parameters: {pre: e, k: 2}\n"
        "    populations: {e: {size: 4}, e2: {size: 4}}\n"
        "    projections:\n"
        "      - {from: \"${pre}2\", to: \"e${k}\"}\n"
        "      - {from: \"${pre}${k}\", to: e}\n"
        "use: {c: [a, {name: d, pre: e, k: 2}]}\n");
    CHECK_THAT(text, Contains("{from: a.e2, to: a.e2}") && Contains("{from: a.e2, to: a.e}"));
    CHECK_THAT(text, Contains("{from: d.e2, to: d.e2}") && Contains("{from: e2, to: d.e}"));
}

TEST_CASE("the including file switches learning and says how long a step is", "[yaml_network]") {
    const test::TemporaryFolder folder;
    folder.write("rules.yaml",
                 "dt: 2ms\nlearning: {enabled: [[0, false], [9, true]], rules: {r: {dw: x1}}}\n");
    folder.write("more.yaml", "learning: {enabled: false, rules: {s: {dw: y1}}}\n");
    const std::string text = expanded(folder,
                                      "include: [rules.yaml, more.yaml]\ndt: 1ms\n"
                                      "learning: {enabled: [[5, true]], rules: {t: {dw: x2}}}\n");
    CHECK(text ==
          "dt: 1ms\nlearning:\n  enabled: [[5, true]]\n"
          "  rules: {r: {dw: x1}, s: {dw: y1}, t: {dw: x2}}\n");
    CHECK_THAT(expanded(folder, "include: rules.yaml\nlearning: {rules: {r: {dw: x2}}}\n"),
               Contains("YML-DUPLICATE: 'r' is in another of the included files too"));
}

TEST_CASE("a file is included once, whatever it is called", "[yaml_network]") {
    const test::TemporaryFolder folder;
    folder.write("part.yaml", "inputs: {i: {size: 1}}\n");
    folder.write("other.yaml", "include: ./part.yaml\n");
    CHECK(expanded(folder, "include: [part.yaml, ./part.yaml, other.yaml]\n") ==
          "inputs:\n  i: {size: 1}\n");
}

TEST_CASE("defaults come from a map, or from the maps of a list", "[yaml_network]") {
    CHECK(expanded("a: {x: &x {p: 1, q: 2}, w: &w {q: 3, r: 4}, z: {<<: [*x, *w], p: 5}}\n") ==
          "a:\n  x: {p: 1, q: 2}\n  w: {q: 3, r: 4}\n  z: {p: 5, q: 2, r: 4}\n");
    for (const std::string wrong : {"5", "[5]", "[*x, 5]", "", "[[*x]]"}) {
        CHECK_THAT(expanded("a: {x: &x {p: 1}, z: {<<: " + wrong + ", p: 5}}\n"),
                   Contains("YML-TYPE: what '<<' adds must be a map, or a list of maps") &&
                       !Contains("unknown key"));
    }
}

TEST_CASE("text that YAML reads as something else is printed in quotes", "[yaml_network]") {
    for (const std::string word : {"null", "NULL", "Null", "~", "", "TRUE", "False", "Yes", "NO",
                                   "On", "off", "Y", "n", "12", "0x1f", "1e3"}) {
        const std::string quoted = "a: {b: \"" + word + "\", c: [\"" + word + "\"]}\n";
        CHECK(expanded(quoted) == "a:\n  b: \"" + word + "\"\n  c: [\"" + word + "\"]\n");
    }
    CHECK(expanded("a: {b: true, c: [On, 12], d: nullify}\n") ==
          "a:\n  b: true\n  c: [On, 12]\n  d: nullify\n");
    CHECK(expanded("a: {\"Null\": 1, \"Yes\": 2}\n") == "a:\n  \"Null\": 1\n  \"Yes\": 2\n");
    // A variable's text is text: printed bare it would be read as nothing.
    CHECK(expanded("vars: {x: \"NULL\"}\na: {b: \"${x}\"}\n") == "a:\n  b: \"NULL\"\n");
}
