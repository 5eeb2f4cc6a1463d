#include "isa/base/diagnostic.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace seamount;

TEST_CASE("a diagnostic reads as file:line:column, what, code and hint", "[diagnostic]") {
    CHECK(to_string({"CFG-RANGE",
                     {"net.yaml", 2, 14},
                     "'mesh_height' is 99, must be in [1, 64]",
                     "make it smaller",
                     Severity::kError}) ==
          "net.yaml:2:14: error: 'mesh_height' is 99, must be in [1, 64] [CFG-RANGE]\n"
          "    hint: make it smaller");
    CHECK(to_string({"A-B", {"net.yaml", 0, 0}, "gone", "", Severity::kError}) ==
          "net.yaml: error: gone [A-B]");
    CHECK(to_string({"A-B", {"net.yaml", 3, 0}, "odd", "", Severity::kWarning}) ==
          "net.yaml:3: warning: odd [A-B]");
    CHECK(to_string({"A-B", {}, "bad", "", Severity::kError}) == "error: bad [A-B]");
}

TEST_CASE("characters that nobody sees are shown, and do not hide what was meant", "[diagnostic]") {
    CHECK(to_string({"A-B", {}, "no '\xC2\xA0size\x1B[0m\xE2\x80\xAE'", "\xEF\xBB\xBFx\ty", {}}) ==
          "warning: no '<U+00A0>size<U+001B>[0m<U+202E>' [A-B]\n    hint: <U+FEFF>x\ty");
    const std::string seen = "h\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x98\x80 \xFF\xC3 \xE2\x80";
    CHECK(to_string({"A-B", {}, seen, "", Severity::kError}) == "error: " + seen + " [A-B]");
    CHECK(closest("\xC2\xA0lif\xE2\x80\x8B", {"if", "lif", "li"}) == "lif");
}

TEST_CASE("all problems are thrown at once, in file order and stable within a place",
          "[diagnostic]") {
    Diagnostics diagnostics;
    diagnostics.error("X-1", {"b.yaml", 1, 1}, "first found");
    diagnostics.error("X-2", {"a.yaml", 9, 1}, "second found");
    diagnostics.warning("X-3", {"a.yaml", 2, 7}, "third found");
    diagnostics.error("X-4", {"a.yaml", 2, 3}, "fourth found");
    diagnostics.error("X-5", {"a.yaml", 2, 3}, "fifth found");
    try {
        diagnostics.throw_if_errors();
        FAIL("must throw");
    } catch (const InputError& e) {
        std::string order;
        for (const Diagnostic& d : e.diagnostics()) order += d.code.back();
        CHECK(order == "45321");
        CHECK(std::string{e.what()} ==
              "a.yaml:2:3: error: fourth found [X-4]\na.yaml:2:3: error: fifth found [X-5]\n"
              "a.yaml:2:7: warning: third found [X-3]\na.yaml:9:1: error: second found [X-2]\n"
              "b.yaml:1:1: error: first found [X-1]");
    }
}

TEST_CASE("warnings alone do not stop anything, the errors of a sub-task do", "[diagnostic]") {
    Diagnostics diagnostics;
    diagnostics.warning("X-1", {}, "careful");
    CHECK_NOTHROW(diagnostics.throw_if_errors());
    diagnostics.add(InputError{Diagnostic{"X-2", {}, "broken", "", Severity::kError}});
    CHECK(diagnostics.has_errors());
    CHECK(diagnostics.all().size() == 2);
    CHECK_THROWS_AS(diagnostics.throw_if_errors(), InputError);
}

TEST_CASE("suggestions are near misses only", "[diagnostic]") {
    const std::vector<std::string> names{"mesh_width", "mesh_height", "vth", "decay_u", "decay_v"};
    CHECK(closest("mesh_hieght", names) == "mesh_height");
    CHECK(closest("vht", names) == "vth");
    CHECK(closest("VTH", names) == "vth");
    CHECK(closest("decay", names) == "decay_u");
    CHECK(closest("decay_v", names) == "decay_v");
    CHECK(closest("xyz", names).empty());
    CHECK(closest("soft_lif", {"point_lif"}).empty());  // half of what differs is another word
    CHECK(closest("soft_reset_lf", {"point_lif", "soft_reset_lif"}) == "soft_reset_lif");
    CHECK(closest("", names).empty());
    CHECK(closest("anything", {}).empty());
    CHECK(closest(std::string(100000, 'a'), names).empty());
}

TEST_CASE("a hint about an unknown word proposes a close one, or says which there are",
          "[diagnostic]") {
    const std::vector<std::string> names{"vth", "decay_u"};
    CHECK(did_you_mean("vht", names) == "did you mean 'vth'?");
    CHECK(did_you_mean("vht", names, "see the manual") == "did you mean 'vth'?");
    CHECK(did_you_mean("xyz", names) == "there are: vth, decay_u");
    CHECK(did_you_mean("xyz", names, "see the manual") == "see the manual");
    CHECK(did_you_mean("xyz", {}).empty());
}
