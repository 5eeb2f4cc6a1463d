#include "tools/session/host/host_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "isa/base/diagnostic.hpp"
#include "isa/base/json.hpp"
#include "isa/base/name_table.hpp"
#include "isa/learning/microcode.hpp"
#include "tools/session/drive/names.hpp"
#include "tools/session/host/answer_names.hpp"
#include "tools/session/host/plain_answer.hpp"

namespace seamount::session {
namespace {

using Part = AnswerPart;
using Channel = RewardChannel;

constexpr std::int64_t kLowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int32_t>::max();

class AnswerReader {
public:
    AnswerReader(const isa::Image& image, const std::string& name, const AnswerSteps& steps,
                 std::vector<HostAct>& acts)
        : image_{image}, name_{name}, first_{steps.first}, end_{steps.end}, acts_{acts} {}

    void read(std::string_view line) {
        const Json answer = parse_json(line);
        if (!answer.is_object()) refuse(fmt::format("'{}' is no JSON object", line.substr(0, 80)));
        for (const auto& [key, value] : answer.items()) {
            const auto part = parse(kAnswerPartNames, key);
            if (!part) refuse(fmt::format("unknown key '{}'", key));
            switch (*part) {
                case Part::kSpikes:
                    spikes(object(value, key));
                    break;
                case Part::kWrites:
                    writes(object(value, key));
                    break;
                case Part::kRewards:
                    rewards(object(value, key));
                    break;
                case Part::kLearning:
                    if (!value.is_boolean()) refuse("'learning' must be true or false");
                    add({HostAct::Kind::kLearning, first_, 0, 0, value.get<bool>() ? 1 : 0});
                    break;
                case Part::kClearTags:
                    clear(value, key, {HostAct::Kind::kClearTags, find_tagged, all_tagged});
                    break;
                case Part::kClearTraces:
                    clear(value, key, {HostAct::Kind::kClearTraces, find_plastic, all_plastic});
                    break;
            }
        }
    }

private:
    [[noreturn]] void refuse(const std::string& what) const {
        bad_input("RUN-HOST", name_, fmt::format("answer before step {}: {}", first_, what),
                  "an answer is one line, an object with spikes, writes, rewards, learning, "
                  "clear_tags or "
                  "clear_traces");
    }
    void add(const HostAct& act) { acts_.push_back(act); }

    [[nodiscard]] const Json& object(const Json& value, const std::string& what) const {
        if (!value.is_object()) refuse(fmt::format("'{}' must be an object", what));
        return value;
    }
    [[nodiscard]] const Json& list(const Json& value, const std::string& what) const {
        if (!value.is_array()) refuse(fmt::format("'{}' must be a list", what));
        return value;
    }
    [[nodiscard]] std::int64_t number(const Json& value, const std::string& what, std::int64_t low,
                                      std::int64_t high) const {
        if (!value.is_number_integer()) refuse(fmt::format("'{}' must hold whole numbers", what));
        const bool beyond = value.is_number_unsigned() &&
                            value.get<std::uint64_t>() > static_cast<std::uint64_t>(kHighest) * 4;
        const std::int64_t found = beyond ? high : value.get<std::int64_t>();
        if (beyond || found < low || found > high) {
            bad_input("RUN-VALUE", name_,
                      fmt::format("answer before step {}: {} in '{}', must be in [{}, {}]", first_,
                                  value.dump(), what, low, high));
        }
        return found;
    }

    /// Sources, or [step, source] or [step, source, payload].
    void spikes(const Json& inputs) {
        for (const auto& [name, given] : inputs.items()) {
            const std::uint32_t input = find_spiking_input(image_, name);
            const std::int64_t last = std::int64_t{image_.inputs[input].size} - 1;
            for (const Json& one : list(given, name)) {
                HostAct act{HostAct::Kind::kSpike, first_, input, 0, 1};
                if (one.is_array()) {
                    if (one.size() < 2 || one.size() > 3) {
                        refuse(
                            fmt::format("{} in '{}' is not [step, source] or "
                                        "[step, source, payload]",
                                        one.dump(), name));
                    }
                    act.step = static_cast<std::uint64_t>(
                        number(one[0], name, static_cast<std::int64_t>(first_),
                               static_cast<std::int64_t>(end_) - 1));
                    act.index = static_cast<std::uint32_t>(number(one[1], name, 0, last));
                    if (one.size() == 3) {
                        act.value =
                            static_cast<std::int32_t>(number(one[2], name, kLowest, kHighest));
                    }
                } else {
                    act.index = static_cast<std::uint32_t>(number(one, name, 0, last));
                }
                add(act);
            }
        }
    }

    /// {"population.state": [a value for each neuron]} or {...: [[neuron, value], ...]}.
    void writes(const Json& words) {
        for (const auto& [name, given] : words.items()) {
            const std::size_t dot = name.rfind('.');
            if (dot == std::string::npos) refuse(fmt::format("'{}' is not POPULATION.STATE", name));
            const std::uint32_t population = find_population(image_, name.substr(0, dot));
            const std::uint32_t word = find_state(image_, population, name.substr(dot + 1));
            const isa::PopulationImage& to = image_.populations[population];
            const bool pairs = !list(given, name).empty() && given.front().is_array();
            if (!pairs && given.size() != to.count) {
                refuse(fmt::format("{} values for the {} neurons of '{}'", given.size(), to.count,
                                   to.name));
            }
            for (std::uint32_t i = 0; i < given.size(); ++i) {
                const Json& one = given[i];
                if (pairs && (!one.is_array() || one.size() != 2)) {
                    refuse(fmt::format("{} in '{}' is not [neuron, value]", one.dump(), name));
                }
                const auto neuron = pairs ? static_cast<std::uint32_t>(
                                                number(one[0], name, 0, std::int64_t{to.count} - 1))
                                          : i;
                const std::int64_t value = number(pairs ? one[1] : one, name, kLowest, kHighest);
                add({HostAct::Kind::kWrite, first_, word, (to.first_neuron + neuron).value(),
                     static_cast<std::int32_t>(value)});
            }
        }
    }

    /// {"r0": value}.
    void rewards(const Json& channels) {
        for (const auto& [name, value] : channels.items()) {
            const auto channel = parse(kRewardChannelNames, name);
            if (!channel) refuse(fmt::format("'{}' is no reward: r0 or r1", name));
            add({HostAct::Kind::kReward, first_, static_cast<std::uint32_t>(*channel), 0,
                 static_cast<std::int32_t>(number(value, name, kLowestReward, kHighestReward))});
        }
    }

    struct Clearing {
        HostAct::Kind kind;
        std::uint32_t (*one)(const isa::Image& image, std::string_view projection);
        std::vector<std::uint32_t> (*all)(const isa::Image& image);
    };
    /// true, or a list of projections.
    void clear(const Json& value, const std::string& key, const Clearing& clearing) {
        if (value.is_boolean() && value.get<bool>()) {
            for (const std::uint32_t entry : clearing.all(image_)) {
                add({clearing.kind, first_, entry, 0, 0});
            }
            return;
        }
        if (!value.is_array()) refuse(fmt::format("'{}' must be true or a list", key));
        for (const Json& one : value) {
            if (!one.is_string()) refuse(fmt::format("{} in '{}' is no name", one.dump(), key));
            add({clearing.kind, first_, clearing.one(image_, one.get<std::string>()), 0, 0});
        }
    }

    const isa::Image& image_;
    const std::string& name_;
    std::uint64_t first_;
    std::uint64_t end_;
    std::vector<HostAct>& acts_;
};

}  // namespace

void read_answer(std::string_view line, const isa::Image& image, const std::string& name,
                 const AnswerSteps& steps, std::vector<HostAct>& acts) {
    if (!read_plain_answer(line, image, steps, acts)) {
        acts.clear();
        AnswerReader{image, name, steps, acts}.read(line);
    }
    const auto earlier = [](const HostAct& a, const HostAct& b) { return a.step < b.step; };
    if (!std::is_sorted(acts.begin(), acts.end(), earlier)) {
        std::stable_sort(acts.begin(), acts.end(), earlier);
    }
}

}  // namespace seamount::session
