#include "isa/chip/chip_keys.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "isa/chip/chip_writer.hpp"

using namespace seamount;
using namespace seamount::isa;
using Catch::Contains;

namespace {

/// Gives every key a value that it does not have by default, and notes the keys.
class Changer {
public:
    void section(std::string_view name) { section_ = name; }
    template <class T>
    void whole(std::string_view key, T& value, Range range, std::string_view) {
        note(key);
        value =
            static_cast<T>(static_cast<std::int64_t>(value) < range.max ? value + 1 : value - 1);
    }
    template <class T>
    void rare(std::string_view key, T& value, T, Range range, std::string_view unit) {
        whole(key, value, range, unit);
    }
    void limit(std::string_view key, std::uint64_t& value, std::uint64_t most,
               std::string_view unit) {
        CHECK_FALSE(unit.empty());
        whole(key, value, Range{0, static_cast<std::int64_t>(most)}, unit);
    }
    void time(std::string_view key, Picoseconds& value, double, std::string_view) {
        note(key);
        value += Picoseconds{1500};
    }
    void power(std::string_view key, Milliwatts& value, std::string_view) {
        note(key);
        value += Milliwatts{0.125};
    }
    template <class Enum, std::size_t N, Enum First>
    void choice(std::string_view key, Enum& value, const NameTable<Enum, N, First>& names,
                std::string_view) {
        note(key);
        value = names.value_at((names.index_of(value) + 1) % N);
    }
    template <class T>
    void pair(std::string_view key, std::string_view, chip_keys::Side<T> across,
              chip_keys::Side<T> down, std::string_view) {
        note(key);
        across.value += 1;
        down.value += 2;
    }
    void stages(std::string_view key, std::array<bool, kStages>& overlaps, std::string_view) {
        note(key);
        for (std::size_t i = 1; i < kStages; ++i) overlaps[i] = !overlaps[i];
    }
    void faults(ChipFaults& faults) {
        faults.dead_cores.emplace_back(3U);
        faults.dead_cores.emplace_back(8U);
        faults.dead_links.emplace_back(0U, 1U);
        faults.dead_synapse_words.emplace_back(5U, 100U);
    }
    void price(const EventInfo& info, EventPrice& price, const EventPrice&) {
        note(std::string{info.name} + "_pj");
        price.energy = Picojoules{0.5 * static_cast<double>(++prices_)};
        if (!info.has_time) return;
        note(std::string{info.name} + "_ns");
        price.time = Picoseconds{prices_};
    }

    [[nodiscard]] const std::set<std::string>& noted() const { return keys_; }

private:
    void note(std::string_view key) {
        INFO(key);
        CHECK(keys_.insert(section_ + '.' + std::string{key}).second);
    }

    std::string section_;
    std::set<std::string> keys_;
    std::uint64_t prices_ = 0;
};

}  // namespace

TEST_CASE("every key of a chip is written and read again", "[chip_keys]") {
    using Kind = BarrierModel::Kind;
    for (const Kind kind : values(kBarrierNames)) {
        ChipSpec chip;
        Changer keys;
        chip_keys::for_each_section(chip, keys);
        keys.section("prices");
        chip_keys::prices(chip, keys);
        chip.name = "changed";
        chip.prices_name = "mine";
        chip.barrier = {kind, Picoseconds{7000}, {}, {}};
        if (kind == Kind::kWavefront) chip.barrier.per_hop = Picoseconds{250};
        if (kind == Kind::kTable) chip.barrier = {kind, {}, {}, {{1, Picoseconds{600}}, {9, {}}}};

        chip.resolved = write_chip(chip, {});
        const ChipSpec again = ChipSpec::parse_resolved(chip.resolved, "resolved");
        CHECK(again.resolved == chip.resolved);
        CHECK(again == chip);

        REQUIRE_FALSE(keys.noted().empty());
        for (const std::string& key : keys.noted()) {
            CHECK_THAT(chip.resolved, Contains(' ' + key.substr(key.find('.') + 1) + ": "));
        }
    }
}

TEST_CASE("every core limit says all that is said of it", "[chip_keys]") {
    std::set<std::string_view> keys;
    for (const CoreLimitInfo& row : kCoreLimitTable) {
        INFO(row.key);
        CHECK(keys.insert(row.key).second);
        CHECK(&info(row.limit) == &row);
        CHECK_FALSE(row.words.empty());
        CHECK_FALSE(row.unit.empty());
        CHECK_FALSE(row.resource.empty());
        CHECK_FALSE(row.remedy.empty());
        CHECK(row.standard <= row.most);
        CHECK((row.image_most == 0 || row.image_most >= row.standard));
        CHECK(CoreLimits{}.*row.amount == row.standard);
        CoreAmounts one;
        one.*row.amount = 1;
        for (const CoreLimitInfo& other : kCoreLimitTable) {
            CHECK(one.*other.amount == (&other == &row ? 1U : 0U));
        }
    }
}

TEST_CASE("every event has a name of its own and a price that --set can change", "[chip_keys]") {
    std::set<std::string_view> names;
    const ChipSpec chip =
        ChipSpec::load(std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs/chips/loihi1.yaml");
    for (const EventInfo& row : kEventTable) {
        INFO(row.name);
        CHECK(names.insert(row.name).second);
        for (const std::string block : {"prices.", "mesh."}) {
            if (block == "mesh." && !row.in_mesh) continue;
            Settings settings;
            settings.add(block + std::string{row.name} + "_pj=12.5");
            if (row.has_time) settings.add(block + std::string{row.name} + "_ns=3");
            const EventPrice price = ChipFamily{chip}.with(settings).price(row.event);
            CHECK(price.energy == Picojoules{12.5});
            if (row.has_time) CHECK(price.time == Picoseconds{3000});
        }
    }
}
