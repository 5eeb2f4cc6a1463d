#include "tools/traffic/trace.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/base/text_rows.hpp"

namespace seamount::traffic {

namespace {

constexpr std::size_t kMaxProblems = 20;
constexpr std::string_view kHead = "cycle,source,destination,flits";
constexpr std::uint64_t kMaxCycle = std::uint64_t{1} << 50U;

class Parser {
public:
    Parser(const std::string& file, std::uint32_t tiles) : file_{file}, tiles_{tiles} {}

    std::vector<TracedPacket> parse(std::string_view text) {
        TextRows rows{text};
        while (problems_ < kMaxProblems && rows.next()) {
            line_ = static_cast<std::uint32_t>(rows.number());
            if (head_seen_) {
                read(rows.line());
                continue;
            }
            head_seen_ = true;
            if (rows.line() != kHead && rows.line() != std::string{kHead} + ",after") {
                problem(1,
                        "the head line must be 'cycle,source,destination,flits' or "
                        "'cycle,source,destination,flits,after'");
            }
        }
        if (!head_seen_) problem(1, "there is no trace in the file");
        diagnostics_.throw_if_errors();
        return std::move(packets_);
    }

private:
    void read(std::string_view line) {
        split_row(line, ',', fields_);
        if (fields_.size() > 4 && fields_.back().empty()) fields_.pop_back();  // a comma at the end
        line_text_ = line;
        TracedPacket packet;
        const auto cycle = field(0, "cycle", 0, kMaxCycle);
        const auto source = field(1, "source", 0, tiles_ - 1);
        const auto target = field(2, "destination", 0, tiles_ - 1);
        const auto flits = field(3, "flits", 1, emu::kMaxFlits);
        if (fields_.size() > 4) {
            if (packets_.empty()) {
                problem(column(fields_[4]), "the first packet has nothing to come after");
                return;
            }
            const auto after = field(4, "after", 0, packets_.size() - 1);
            if (after) packet.after = static_cast<std::uint32_t>(*after);
            if (fields_.size() > 5) problem(column(fields_[5]), "there are more than five values");
        }
        packet.cycle = cycle.value_or(0);
        packet.source = tile(source);
        packet.target = tile(target);
        packet.flits = static_cast<std::uint32_t>(flits.value_or(1));
        packets_.push_back(packet);
    }

    [[nodiscard]] static emu::PackedTile tile(std::optional<std::uint64_t> number) {
        return TileId{static_cast<std::uint32_t>(number.value_or(0))};
    }

    /// A value of the row; it is empty if the row has too few.
    std::optional<std::uint64_t> field(std::size_t index, const char* name, std::uint64_t min,
                                       std::uint64_t max) {
        const std::string_view text =
            index < fields_.size() ? fields_[index] : line_text_.substr(line_text_.size());
        std::uint64_t value = 0;
        const char* const last = text.data() + text.size();
        const auto parsed = std::from_chars(text.data(), last, value);
        if (parsed.ec != std::errc{} || parsed.ptr != last || value < min || value > max) {
            problem(column(text), fmt::format("'{}' is '{}', must be a whole number in [{}, {}]",
                                              name, text, min, max));
            return std::nullopt;
        }
        return value;
    }

    [[nodiscard]] std::size_t column(std::string_view field) const {
        return static_cast<std::size_t>(field.data() - line_text_.data()) + 1;
    }

    void problem(std::size_t column, const std::string& message) {
        ++problems_;
        diagnostics_.error("CLI-TRACE", {file_, line_, static_cast<std::uint32_t>(column)}, message,
                           "tiles are numbered row by row from 0");
    }

    const std::string& file_;
    std::uint32_t tiles_;
    std::uint32_t line_ = 0;
    bool head_seen_ = false;
    std::size_t problems_ = 0;
    std::string_view line_text_;
    std::vector<std::string_view> fields_;
    std::vector<TracedPacket> packets_;
    Diagnostics diagnostics_;
};

}  // namespace

std::vector<TracedPacket> parse_trace(const std::string& text, const std::string& file,
                                      std::uint32_t tiles) {
    return Parser{file, tiles}.parse(text);
}

}  // namespace seamount::traffic
