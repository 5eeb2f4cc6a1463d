#include "tools/inspect/chip_sheet.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "isa/base/text.hpp"
#include "isa/chip/chip_keys.hpp"
#include "isa/chip/chip_writer.hpp"
#include "tools/base/console.hpp"
#include "tools/base/table.hpp"

namespace seamount::tools {
namespace {

using isa::BarrierModel;

std::string ns(Picoseconds time) {
    return fmt::format("{}", static_cast<double>(time.count()) / 1000.0);
}

std::string barrier_text(const BarrierModel& barrier) {
    switch (barrier.kind) {
        case BarrierModel::Kind::kWavefront:
            return fmt::format("{} + {} per hop of the diameter", ns(barrier.base),
                               ns(barrier.per_hop));
        case BarrierModel::Kind::kTable: {
            std::string text;
            for (const auto& [tiles, time] : barrier.table) {
                text +=
                    fmt::format("{}up to {} tiles {}", text.empty() ? "" : ", ", tiles, ns(time));
            }
            return text;
        }
        case BarrierModel::Kind::kFixed:
            return ns(barrier.base);
    }
    return {};
}

/// The rows of the sheet; each cites the number's key in the chip file.
class Sheet {
public:
    explicit Sheet(const isa::ChipSpec& chip) : chip_{chip} {}

    std::string text() {
        isa::chip_keys::for_each_section(chip_, *this);
        if (chip_.priced()) {
            section_ = "prices";
            isa::chip_keys::prices(chip_, *this);
        }
        std::string text = fmt::format(
            "{}: {} x {} tiles of {}, {}, prices {}\n", chip_.name, chip_.width, chip_.height,
            counted(chip_.cores_per_tile, "core"), counted(chip_.cores(), "core"),
            chip_.priced() ? chip_.prices_name : isa::kNoPrices);
        text += table_.text();
        if (sources_.empty()) return text;
        text += "sources\n";
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            text += fmt::format("  [{}] {}\n", i + 1, sources_[i]);
        }
        return text;
    }

    // What chip_keys asks for.
    void section(std::string_view name) { section_ = name; }
    template <class T>
    void whole(std::string_view key, T value, isa::Range, std::string_view unit) {
        row(key, std::to_string(value), unit);
    }
    template <class T>
    void rare(std::string_view key, T value, T usual, isa::Range range, std::string_view unit) {
        if (value != usual) whole(key, value, range, unit);
    }
    void limit(std::string_view key, std::uint64_t value, std::uint64_t, std::string_view unit) {
        row(key, value == 0 ? "no limit" : std::to_string(value), unit);
    }
    void time(std::string_view key, Picoseconds value, double, std::string_view unit) {
        row(key, ns(value), unit);
    }
    void power(std::string_view key, Milliwatts value, std::string_view unit) {
        row(key, fmt::format("{}", value.count()), unit);
    }
    template <class Enum, std::size_t N, Enum First>
    void choice(std::string_view key, Enum value, const NameTable<Enum, N, First>& names,
                std::string_view unit) {
        row(key, std::string{name_of(names, value)}, unit);
    }
    template <class T>
    void pair(std::string_view key, std::string_view, isa::chip_keys::Side<T> across,
              isa::chip_keys::Side<T> down, std::string_view unit) {
        row(key, fmt::format("{}, {}", across.value, down.value), unit);
    }
    void stages(std::string_view key, const std::array<bool, isa::kStages>& overlaps,
                std::string_view unit) {
        row(key, isa::stages_text(overlaps), unit);
    }
    void faults(const isa::ChipFaults&) {}  // not numbers with a source
    void price(const isa::EventInfo& info, const isa::EventPrice& price, const isa::EventPrice&) {
        const std::string key{info.name};
        if (info.event == isa::Event::kBarrier) row(key, barrier_text(chip_.barrier), "ns");
        if (info.has_time) row(key + "_ns", ns(price.time), "ns");
        row(key + "_pj", fmt::format("{}", price.energy.count()), "pJ");
    }

private:
    void row(std::string_view name, const std::string& value, std::string_view unit) {
        const std::string key = fmt::format("{}.{}", section_, name);
        const auto found = chip_.provenance.find(key);
        const auto said = chip_.origins.of.find(key);
        const isa::Origin origin =
            said == chip_.origins.of.end() ? isa::Origin::kDefault : said->second;
        const std::string from{name_of(isa::kOriginNames, origin)};
        if (found == chip_.provenance.end()) {
            table_.add({key, value, std::string{unit}, from, "", ""});
            return;
        }
        table_.add({key, value, std::string{unit}, from, grade(found->second),
                    source_number(found->second.source)});
    }

    static std::string grade(const isa::Provenance& known) {
        std::string text{isa::name_of(known.grade)};
        if (known.residual) text += fmt::format(", {:.3g} %", 100.0 * *known.residual);
        return text;
    }

    /// Sources are long: the table carries their numbers.
    std::string source_number(const std::string& source) {
        if (source.empty()) return {};
        auto found = std::find(sources_.begin(), sources_.end(), source);
        if (found == sources_.end()) found = sources_.insert(sources_.end(), source);
        return fmt::format("[{}]", found - sources_.begin() + 1);
    }

    const isa::ChipSpec& chip_;
    Table table_{{"number", "value", "unit", "from", "grade", "source"}};
    std::vector<std::string> sources_;
    std::string_view section_;
};

}  // namespace

std::string chip_sheet(const isa::ChipSpec& chip) {
    return Sheet{chip}.text();
}

}  // namespace seamount::tools
