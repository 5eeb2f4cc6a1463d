#include "isa/yaml/form.hpp"

#include <catch2/catch.hpp>

#include "isa/yaml/yaml.hpp"

using namespace seamount;
using Catch::Contains;

namespace {

const yaml::Form& inner_form() {
    static const yaml::Form form = [] {
        yaml::Form inner{"inner", "A map within."};
        inner.key("every", yaml::integer(1, 9), "steps").by_default("1");
        inner.key("share", yaml::number(0.0, 1.0), "of all");
        return inner;
    }();
    return form;
}

const yaml::Form& outer_form() {
    static const yaml::Form form = [] {
        yaml::Form outer{"outer", "The file."};
        outer.key("list", yaml::list({yaml::map(inner_form())}), "of maps");
        outer.key("cited", yaml::integer(0, 3), "perhaps with a source").with(inner_form());
        return outer;
    }();
    return form;
}

}  // namespace

TEST_CASE("a reader of a bound map takes the range of a key from its form", "[yaml_form]") {
    Diagnostics found;
    const auto file = YamlFile::parse("list: [{every: 10, share: 0.5}, {every: 3, share: 2}]\n",
                                      "f.yaml", {}, found);
    file.root().bind(outer_form());
    std::uint32_t every = 1;
    double share = 0.0;
    const auto items = file.root()["list"].items();
    CHECK_FALSE(items[0].read("every", every));
    CHECK(items[0].read("share", share));
    CHECK(items[1].read("every", every));
    CHECK_FALSE(items[1].read("share", share));
    CHECK(every == 3);
    CHECK(share == 0.5);
    REQUIRE(found.all().size() == 2);
    CHECK_THAT(found.all()[0].message, Contains("must be in [1, 9]"));
    CHECK_THAT(found.all()[1].message, Contains("must be in [0, 1]"));
}

TEST_CASE(
    "a key that no row has is unknown in a bound map, and a value beside a source is bound too",
    "[yaml_form]") {
    Diagnostics found;
    const auto file =
        YamlFile::parse("list: []\ncited: {every: 4, evry: 3}\n", "f.yaml", {}, found);
    file.root().bind(outer_form());
    std::uint32_t every = 1;
    (void)file.root()["list"];
    const YamlNode cited = file.root()["cited"];
    CHECK(cited.read("every", every));
    cited.finish();
    file.root().finish();
    REQUIRE(found.all().size() == 1);
    CHECK(found.all()[0].code == "YML-UNKNOWN");
    CHECK_THAT(found.all()[0].hint, Contains("did you mean 'every'?"));
}

TEST_CASE("the forms of a file are listed once each, the file's own first", "[yaml_form]") {
    const auto forms = yaml::forms_of(outer_form());
    REQUIRE(forms.size() == 2);
    CHECK(forms[0] == &outer_form());
    CHECK(forms[1] == &inner_form());
}
