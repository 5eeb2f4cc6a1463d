#include "tools/traffic/trace.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "isa/base/diagnostic.hpp"

namespace seamount::traffic {

namespace {

constexpr std::size_t kMaxProblems = 20;
constexpr std::string_view kHead = "cycle,source,destination,flits";
constexpr std::uint64_t kMaxCycle = std::uint64_t{1} << 50U;

class Parser {
public:
    Parser(const std::string& file, std::uint32_t tiles) : file_{file}, tiles_{tiles} {}

    std::vector<TracedPacket> parse(std::string_view text) {
        while (!text.empty() && problems_ < kMaxProblems) {
            ++line_;
            const std::size_t end = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
            if (line.empty() || line.front() == '#') continue;
            if (!head_seen_) {
                head_seen_ = true;
                if (line != kHead && line != std::string{kHead} + ",after") {
                    problem(1,
                            "the head line must be 'cycle,source,destination,flits' or "
                            "'cycle,source,destination,flits,after'");
                }
                continue;
            }
            read(line);
        }
        if (!head_seen_) problem(1, "there is no trace in the file");
        diagnostics_.throw_if_errors();
        return std::move(packets_);
    }

private:
    void read(std::string_view line) {
        line_text_ = line;
        TracedPacket packet;
        const auto cycle = field(line, "cycle", 0, kMaxCycle);
        const auto source = field(line, "source", 0, tiles_ - 1);
        const auto target = field(line, "destination", 0, tiles_ - 1);
        const auto flits = field(line, "flits", 1, emu::kMaxFlits);
        if (!line.empty()) {
            if (packets_.empty()) {
                problem(column(line), "the first packet has nothing to come after");
                return;
            }
            const auto after = field(line, "after", 0, packets_.size() - 1);
            if (after) packet.after = static_cast<std::uint32_t>(*after);
            if (!line.empty()) problem(column(line), "there are more than five values");
        }
        packet.cycle = cycle.value_or(0);
        packet.source = tile(source);
        packet.target = tile(target);
        packet.flits = static_cast<std::uint32_t>(flits.value_or(1));
        packets_.push_back(packet);
    }

    [[nodiscard]] static emu::PackedTile tile(std::optional<std::uint64_t> number) {
        return emu::PackedTile{TileId{static_cast<std::uint32_t>(number.value_or(0))}};
    }

    /// Takes the next value off `line`.
    std::optional<std::uint64_t> field(std::string_view& line, const char* name, std::uint64_t min,
                                       std::uint64_t max) {
        const std::size_t at = column(line);
        const std::size_t end = std::min(line.find(','), line.size());
        const std::string_view text = line.substr(0, end);
        line.remove_prefix(std::min(end + 1, line.size()));
        std::uint64_t value = 0;
        const char* const last = text.data() + text.size();
        const auto parsed = std::from_chars(text.data(), last, value);
        if (parsed.ec != std::errc{} || parsed.ptr != last || value < min || value > max) {
            problem(at, fmt::format("'{}' is '{}', must be a whole number in [{}, {}]", name, text,
                                    min, max));
            return std::nullopt;
        }
        return value;
    }

    [[nodiscard]] std::size_t column(std::string_view rest) const {
        return line_text_.size() - rest.size() + 1;
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
    std::vector<TracedPacket> packets_;
    Diagnostics diagnostics_;
};

}  // namespace

std::vector<TracedPacket> parse_trace(const std::string& text, const std::string& file,
                                      std::uint32_t tiles) {
    return Parser{file, tiles}.parse(text);
}

}  // namespace seamount::traffic
