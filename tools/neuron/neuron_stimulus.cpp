#include "tools/neuron/neuron_stimulus.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>

#include "isa/base/diagnostic.hpp"
#include "isa/base/text_rows.hpp"
#include "isa/input/input_file.hpp"
#include "tools/base/files.hpp"

namespace seamount::tools {
namespace {

constexpr const char* kForms =
    "write [ACC=]step:FROM:VALUE, [ACC=]pulse:FROM:VALUE[:WIDTH] or [ACC=]FILE.csv";

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

class Reader {
public:
    Reader(const isa::Program& program, std::uint32_t steps) : program_{program}, steps_{steps} {}

    void read(const std::string& specification) {
        what_ = specification;
        std::string_view text = specification;
        std::size_t accumulator = 0;
        if (const std::size_t equals = text.find('='); equals != text.npos) {
            const auto found = find(text.substr(0, equals));
            if (!found) return;
            accumulator = *found;
            text.remove_prefix(equals + 1);
        }
        sums_[accumulator].resize(static_cast<std::size_t>(steps_));
        if (text.starts_with("step:")) return read_wave(text.substr(5), 2, accumulator);
        if (text.starts_with("pulse:")) return read_wave(text.substr(6), 3, accumulator);
        if (text.ends_with(".csv")) return read_file(std::string{text}, accumulator);
        problem(fmt::format("'{}' is no input", text), kForms);
    }

    /// The sums as 32-bit values.
    std::array<std::vector<std::int32_t>, isa::kAccumulators> finish() {
        std::array<std::vector<std::int32_t>, isa::kAccumulators> values;
        for (std::size_t k = 0; k < sums_.size(); ++k) {
            for (const std::int64_t sum : sums_[k]) {
                if (sum < std::numeric_limits<std::int32_t>::min() ||
                    sum > std::numeric_limits<std::int32_t>::max()) {
                    what_ = "--input";
                    problem(fmt::format("the inputs of accumulator a{} add up to {}, which does "
                                        "not fit 32 bits",
                                        k, sum),
                            "");
                    break;
                }
                values[k].push_back(static_cast<std::int32_t>(sum));
            }
        }
        problems_.throw_if_errors();
        return values;
    }

    std::vector<std::string> files;

private:
    void problem(std::string message, std::string hint, std::uint32_t line = 0) {
        problems_.error("CLI-INPUT", {what_, line, line == 0 ? 0U : 1U}, std::move(message),
                        std::move(hint));
    }

    std::optional<std::size_t> find(std::string_view name) {
        const auto& names = program_.accumulators;
        const auto found = std::find(names.begin(), names.end(), name);
        if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
        if (name.size() == 2 && name[0] == 'a' && name[1] >= '0' && name[1] <= '3') {
            return static_cast<std::size_t>(name[1] - '0');
        }
        problem(fmt::format("'{}' has no accumulator '{}'", program_.name, name),
                did_you_mean(name, names,
                             fmt::format("accumulators are {}{}a0 a1 a2 a3", fmt::join(names, " "),
                                         names.empty() ? "" : " ")));
        return std::nullopt;
    }

    /// FROM:VALUE, with `most` 3 also :WIDTH.
    void read_wave(std::string_view text, std::size_t most, std::size_t accumulator) {
        std::vector<std::string_view> parts;
        split_row(text, ':', parts);
        std::vector<std::int64_t> numbers;
        for (const std::string_view part : parts) {
            const auto value = number(part);
            if (!value) return problem(fmt::format("'{}' is not a number", part), kForms);
            numbers.push_back(*value);
        }
        if (numbers.size() < 2 || numbers.size() > most) {
            return problem(
                fmt::format("'{}' has {} {}, {} has {}", text, numbers.size(),
                            numbers.size() == 1 ? "number" : "numbers",
                            most == 2 ? "a step" : "a pulse", most == 2 ? "2" : "2 or 3"),
                kForms);
        }
        const std::int64_t from = numbers[0];
        const std::int64_t width = most == 2 ? steps_ : numbers.size() == 3 ? numbers[2] : 1;
        if (from < 0 || from >= steps_) {
            return problem(
                fmt::format("it starts in step {}, must be in [0, {}]", from, steps_ - 1),
                "steps count from 0; --steps says how many there are");
        }
        if (width < 1 || width > steps_) {
            return problem(fmt::format("its width is {}, must be in [1, {}]", width, steps_), "");
        }
        const std::int64_t end = std::min<std::int64_t>(from + width, steps_);
        for (std::int64_t t = from; t < end; ++t) {
            if (!add(accumulator, t, numbers[1], 0)) return;
        }
    }

    void read_file(const std::string& name, std::size_t accumulator) {
        require_file(name);
        files.push_back(name);
        what_ = name;
        std::ifstream stream{readable_path(name)};
        const std::string content{std::istreambuf_iterator<char>{stream}, {}};
        std::vector<std::string_view> parts;
        std::int64_t next = 0;
        bool head_allowed = true;
        for (TextRows rows{content}; rows.next();) {
            const auto row = static_cast<std::uint32_t>(rows.number());
            split_row(rows.line(), ',', parts);
            const auto value = number(parts.back());
            const auto step = parts.size() == 2 ? number(parts.front()) : std::optional{next};
            const bool is_head = head_allowed && !value && !number(parts.front());
            head_allowed = false;
            if (is_head) continue;
            if (parts.size() > 2 || !value || !step) {
                return problem(fmt::format("'{}' is neither a number nor step,value", rows.line()),
                               "", row);
            }
            if (*step < 0 || *step >= steps_) {
                return problem(
                    fmt::format("a value of step {}, the run has steps 0 to {}", *step, steps_ - 1),
                    "run more --steps, or cut the file", row);
            }
            if (!add(accumulator, *step, *value, row)) return;
            next = *step + 1;
        }
    }

    bool add(std::size_t accumulator, std::int64_t step, std::int64_t value, std::uint32_t row) {
        constexpr std::int64_t kMost = std::int64_t{1} << 40;  // so that sums stay in 64 bits
        if (value < -kMost || value > kMost) {
            problem(fmt::format("the value {} does not fit 32 bits", value), "", row);
            return false;
        }
        std::int64_t& held = sums_[accumulator][static_cast<std::size_t>(step)];
        const isa::Accumulate rule = program_.combine[accumulator];
        held = rule == isa::Accumulate::kSum
                   ? held + value
                   : isa::accumulate(rule, static_cast<std::int32_t>(held), value).value;
        return true;
    }

    const isa::Program& program_;
    std::int64_t steps_;
    std::string what_;
    Diagnostics problems_;
    std::array<std::vector<std::int64_t>, isa::kAccumulators> sums_;
};

}  // namespace

Stimulus::Stimulus(const std::vector<std::string>& specifications, const isa::Program& program,
                   std::uint32_t steps) {
    Reader reader{program, steps};
    for (const std::string& specification : specifications) reader.read(specification);
    values_ = reader.finish();
    files_ = std::move(reader.files);
}

std::vector<std::size_t> Stimulus::used() const {
    std::vector<std::size_t> found;
    for (std::size_t k = 0; k < values_.size(); ++k) {
        if (!values_[k].empty()) found.push_back(k);
    }
    return found;
}

}  // namespace seamount::tools
