#include "isa/base/name_table.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

#include "isa/yaml/yaml.hpp"

using namespace seamount;

namespace {

enum class Fruit : std::uint8_t { kApple, kPear, kPlum };
constexpr auto kFruitNames = name_table<Fruit>({
    {Fruit::kApple, "apple"},
    {Fruit::kPear, "pear"},
    {Fruit::kPlum, "plum"},
});

/// The first value has no name: it stands for none.
enum class Topping : std::uint8_t { kNone, kCream, kSugar };
constexpr auto kToppingNames = name_table<Topping, Topping::kCream>({
    {Topping::kCream, "cream"},
    {Topping::kSugar, "sugar"},
});

static_assert(kFruitNames.size() == 3);
static_assert(name_of(kFruitNames, Fruit::kPear) == "pear");
static_assert(parse(kFruitNames, "plum") == Fruit::kPlum);
static_assert(!parse(kFruitNames, "Plum") && !parse(kFruitNames, ""));
static_assert(values(kFruitNames) == std::array{Fruit::kApple, Fruit::kPear, Fruit::kPlum});
// What makes `name_table` refuse a table that ends too early.
static_assert(detail::is_enumerator<Fruit, Fruit::kPlum>());
static_assert(!detail::is_enumerator<Fruit, static_cast<Fruit>(3)>());
static_assert(enumerators<Fruit>() == 3);

struct Price {
    Fruit fruit{};
    int cents = 0;
};
static_assert(has_row_for_each(
    std::to_array<Price>({{Fruit::kApple, 3}, {Fruit::kPear, 4}, {Fruit::kPlum, 1}}),
    &Price::fruit));
static_assert(!has_row_for_each(std::to_array<Price>({{Fruit::kApple, 3}, {Fruit::kPear, 4}}),
                                &Price::fruit));
static_assert(!has_row_for_each(
    std::to_array<Price>({{Fruit::kPear, 4}, {Fruit::kApple, 3}, {Fruit::kPlum, 1}}),
    &Price::fruit));

}  // namespace

TEST_CASE("a table of names gives each value its name and each name its value", "[name_table]") {
    for (const Fruit fruit : values(kFruitNames)) {
        CHECK(parse(kFruitNames, name_of(kFruitNames, fruit)) == fruit);
    }
    CHECK(names(kFruitNames) == std::vector<std::string>{"apple", "pear", "plum"});
}

TEST_CASE("a table of names may begin after values that have none", "[name_table]") {
    CHECK(kToppingNames.size() == 2);
    CHECK(name_of(kToppingNames, Topping::kSugar) == "sugar");
    CHECK(parse(kToppingNames, "cream") == Topping::kCream);
    CHECK_FALSE(parse(kToppingNames, "none"));
}

TEST_CASE("a name of a YAML file is looked up in its table, an unknown one is reported",
          "[name_table]") {
    Diagnostics diagnostics;
    const YamlFile file =
        YamlFile::parse("good: cream\nbad: suger\n", "dessert.yaml", {}, diagnostics);
    CHECK(file.root()["good"].choice("good", kToppingNames) == Topping::kCream);
    CHECK_FALSE(file.root()["absent"].choice("absent", kToppingNames));
    CHECK_FALSE(diagnostics.has_errors());
    CHECK_FALSE(file.root()["bad"].choice("bad", kToppingNames));
    CHECK_THROWS_WITH(diagnostics.throw_if_errors(),
                      Catch::Contains("'bad' is suger, must be one of cream, sugar") &&
                          Catch::Contains("did you mean 'sugar'?"));
}
