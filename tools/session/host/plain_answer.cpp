#include "tools/session/host/plain_answer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "isa/base/diagnostic.hpp"
#include "tools/session/drive/names.hpp"
#include "tools/session/host/answer_names.hpp"

namespace seamount::session {
namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int32_t>::max();
constexpr std::uint32_t kMostNames = 64;  ///< that are told apart

/// Takes the next thing of a line of JSON; white space between things does not matter.
class Scanner {
public:
    explicit Scanner(std::string_view text) : at_{text.data()}, end_{text.data() + text.size()} {}

    [[nodiscard]] bool take(char wanted) {
        skip();
        if (at_ == end_ || *at_ != wanted) return false;
        ++at_;
        return true;
    }
    [[nodiscard]] bool take(std::string_view word) {
        skip();
        if (!std::string_view{at_, left()}.starts_with(word)) return false;
        at_ += word.size();
        return true;
    }
    [[nodiscard]] std::optional<std::string_view> name() {
        if (!take('"')) return std::nullopt;
        const char* const begin = at_;
        while (at_ != end_ && *at_ != '"' && *at_ != '\\') ++at_;
        if (at_ == end_ || *at_ != '"') return std::nullopt;
        return std::string_view{begin, static_cast<std::size_t>(at_++ - begin)};
    }
    [[nodiscard]] std::optional<std::int64_t> number(std::int64_t low, std::int64_t high) {
        skip();
        std::int64_t value = 0;
        const char* const digits = at_ + (at_ != end_ && *at_ == '-' ? 1 : 0);
        const auto [after, error] = std::from_chars(at_, end_, value);
        const bool padded = after - digits > 1 && *digits == '0';
        const bool whole =
            after == end_ || *after == ',' || *after == ']' || *after == '}' || *after == ' ';
        if (error != std::errc{} || padded || !whole || value < low || value > high) {
            return std::nullopt;
        }
        at_ = after;
        return value;
    }
    [[nodiscard]] bool at_end() {
        skip();
        return at_ == end_;
    }

private:
    void skip() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
    }
    [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

    const char* at_;
    const char* end_;
};

/// Which of up to kMostNames were there.
class Once {
public:
    /// False the second time.
    [[nodiscard]] bool first(std::uint64_t index) {
        if (index >= kMostNames || (seen_ >> index & 1U) != 0) return false;
        seen_ |= std::uint64_t{1} << index;
        return true;
    }

private:
    std::uint64_t seen_ = 0;
};

class PlainReader {
public:
    PlainReader(std::string_view line, const isa::Image& image, const AnswerSteps& steps,
                std::vector<HostAct>& acts)
        : scan_{line}, image_{image}, steps_{steps}, acts_{acts} {}

    [[nodiscard]] bool read() {
        Once parts;
        const bool known = members([&](std::string_view key) {
            const auto part = parse(kAnswerPartNames, key);
            return part && parts.first(static_cast<std::uint64_t>(*part)) && read(*part);
        });
        return known && scan_.at_end();
    }

private:
    [[nodiscard]] bool read(AnswerPart part) {
        if (part == AnswerPart::kLearning) {
            const bool on = scan_.take("true");
            acts_.push_back({HostAct::Kind::kLearning, steps_.first, 0, 0, on ? 1 : 0});
            return on || scan_.take("false");
        }
        // Seldom, and for another reader.
        if (part == AnswerPart::kClearTags || part == AnswerPart::kClearTraces) return false;
        Once names;
        return members([&](std::string_view name) {
            switch (part) {
                case AnswerPart::kSpikes:
                    return spikes(find_spiking_input(image_, name), names);
                case AnswerPart::kWrites:
                    return writes(name, names);
                default:
                    return reward(name, names);
            }
        });
    }

    /// {"name": what `member(name)` takes, ...}
    template <class Member>
    [[nodiscard]] bool members(const Member& member) {
        if (!scan_.take('{')) return false;
        if (scan_.take('}')) return true;
        do {
            const auto name = scan_.name();
            if (!name || !scan_.take(':') || !member(*name)) return false;
        } while (scan_.take(','));
        return scan_.take('}');
    }
    /// [what `item()` takes, ...]
    template <class Item>
    [[nodiscard]] bool items(const Item& item) {
        if (!scan_.take('[')) return false;
        if (scan_.take(']')) return true;
        do {
            if (!item()) return false;
        } while (scan_.take(','));
        return scan_.take(']');
    }

    [[nodiscard]] bool spikes(std::uint32_t input, Once& names) {
        const std::int64_t last = std::int64_t{image_.inputs[input].size} - 1;
        return names.first(input) && items([&] {
                   std::optional<std::int64_t> step = static_cast<std::int64_t>(steps_.first);
                   std::optional<std::int64_t> payload = 1;
                   const bool list = scan_.take('[');
                   if (list) {
                       step = scan_.number(*step, static_cast<std::int64_t>(steps_.end) - 1);
                       if (!step || !scan_.take(',')) return false;
                   }
                   const auto source = scan_.number(0, last);
                   if (list && scan_.take(',')) payload = scan_.number(kLowest, kHighest);
                   if (!source || !payload || (list && !scan_.take(']'))) return false;
                   acts_.push_back({HostAct::Kind::kSpike, static_cast<std::uint64_t>(*step), input,
                                    static_cast<std::uint32_t>(*source),
                                    static_cast<std::int32_t>(*payload)});
                   return true;
               });
    }

    [[nodiscard]] bool writes(std::string_view name, Once& names) {
        const std::size_t dot = name.rfind('.');
        if (dot == std::string_view::npos) return false;
        const std::uint32_t population = find_population(image_, name.substr(0, dot));
        const std::uint32_t word = find_state(image_, population, name.substr(dot + 1));
        const isa::PopulationImage& to = image_.populations[population];
        std::uint32_t given = 0;
        bool pairs = false;
        const bool good = items([&] {
            const bool pair = scan_.take('[');
            if (given != 0 && pair != pairs) return false;
            pairs = pair;
            std::optional<std::int64_t> neuron = given++;
            if (pair) {
                neuron = scan_.number(0, std::int64_t{to.count} - 1);
                if (!scan_.take(',')) return false;
            }
            const auto value = scan_.number(kLowest, kHighest);
            if (!neuron || !value || (pair && !scan_.take(']'))) return false;
            acts_.push_back({HostAct::Kind::kWrite, steps_.first, word,
                             (to.first_neuron + static_cast<std::uint32_t>(*neuron)).value(),
                             static_cast<std::int32_t>(*value)});
            return true;
        });
        constexpr std::uint64_t kMostWords = 4;
        return good && (pairs || given == to.count) && word < kMostWords &&
               names.first(population * kMostWords + word);
    }

    [[nodiscard]] bool reward(std::string_view name, Once& names) {
        const auto channel = parse(kRewardChannelNames, name);
        if (!channel || !names.first(static_cast<std::uint64_t>(*channel))) return false;
        const auto value = scan_.number(kLowestReward, kHighestReward);
        if (!value) return false;
        acts_.push_back({HostAct::Kind::kReward, steps_.first, static_cast<std::uint32_t>(*channel),
                         0, static_cast<std::int32_t>(*value)});
        return true;
    }

    Scanner scan_;
    const isa::Image& image_;
    const AnswerSteps& steps_;
    std::vector<HostAct>& acts_;
};

}  // namespace

bool read_plain_answer(std::string_view line, const isa::Image& image, const AnswerSteps& steps,
                       std::vector<HostAct>& acts) {
    acts.clear();
    try {
        return PlainReader{line, image, steps, acts}.read();
    } catch (const InputError&) {
        return false;  // a name that the network does not have
    }
}

}  // namespace seamount::session
