#include "isa/yaml/yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "isa/base/assert.hpp"
#include "isa/yaml/form.hpp"
#include "isa/yaml/yaml_numbers.hpp"
#include "isa/yaml/yaml_tree.hpp"

namespace seamount {

struct YamlNode::Impl {
    std::shared_ptr<yaml::Node> root;  ///< keeps the tree alive
    yaml::Node* node = nullptr;
    Diagnostics* diagnostics = nullptr;
};

namespace {

using yaml::Kind;
using yaml::NumberFault;
using yaml::parse_number;
using yaml::parse_whole;
using yaml::unit_hint;

constexpr std::size_t kMostShown = 40;  ///< characters of a user's text in a message

/// The value as the user wrote it, short enough for a message.
std::string shown(const yaml::Node& node) {
    if (node.kind == Kind::kNull) return "empty";
    if (node.kind == Kind::kMap) return "a map";
    if (node.kind == Kind::kSequence) return "a list";
    std::string text = node.text.substr(0, kMostShown);
    if (node.text.size() > kMostShown) text += "...";
    if (!node.written.empty()) return fmt::format("{} ({})", node.written, text);
    return node.plain && !text.empty() ? text : '"' + text + '"';
}

std::string hint_for(const yaml::Node& node, NumberFault fault) {
    if (node.kind != Kind::kScalar) return "";
    double ignored = 0.0;
    if (!node.plain && parse_number(node.text, ignored) != NumberFault::kNotANumber) {
        return node.tag.empty() ? "remove the quotes" : "remove the tag " + node.tag;
    }
    if (fault == NumberFault::kLeadingZero) return "remove the leading zeros";
    if (node.text.find("nan") != std::string::npos || node.text.find("inf") != std::string::npos) {
        return "infinities and not-a-number are not accepted";
    }
    double fraction = 0.0;
    if (node.plain && parse_number(node.text, fraction) == NumberFault::kNone) {
        return std::abs(fraction) < 1.0
                   ? "a whole number is needed: scale potentials, thresholds and "
                     "weights by the same factor"
                   : "a whole number is needed";
    }
    return node.plain ? std::string{unit_hint(node.text)} : "";
}

/// By which use of a template a node is there, behind a message; empty: by none.
std::string use_of(const yaml::Node& node) {
    return node.use ? yaml::text_of_use(*node.use) : std::string{};
}

/// What a bound map says that a value of this kind may be.
const yaml::ValueType& type_of(const yaml::Node& map, const std::string& key,
                               yaml::ValueKind kind) {
    const yaml::Form* const form = map.map->form;
    const yaml::Key* const row = form == nullptr ? nullptr : form->find(key);
    SM_ASSERT(row != nullptr, "a range is asked of a map without form, or of a key without row");
    const auto found = std::find_if(row->types.begin(), row->types.end(),
                                    [kind](const auto& type) { return type.kind == kind; });
    SM_ASSERT(found != row->types.end(), "the key has no value of this kind");
    return *found;
}

template <class T>
bool read_integer(const YamlNode& map, const std::string& key, T& value, std::int64_t min,
                  std::int64_t max) {
    constexpr auto kTop = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    if (static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) > kTop) {
        min = std::max(min, static_cast<std::int64_t>(std::numeric_limits<T>::min()));
        max = std::min(max, static_cast<std::int64_t>(kTop));
    }
    if constexpr (std::is_unsigned_v<T>) min = std::max(min, std::int64_t{0});
    const auto found = map[key].integer(key, min, max);
    if (found) value = static_cast<T>(*found);
    return found.has_value();
}

}  // namespace

bool YamlNode::is_map() const {
    return impl_ && impl_->node->kind == Kind::kMap;
}
bool YamlNode::is_sequence() const {
    return impl_ && impl_->node->kind == Kind::kSequence;
}
bool YamlNode::is_scalar() const {
    return impl_ && impl_->node->kind == Kind::kScalar;
}

SourceLocation YamlNode::where() const {
    return impl_ ? impl_->node->where.location() : SourceLocation{};
}

SourceLocation YamlNode::where_in(std::size_t offset) const {
    SourceLocation at = where();
    const bool quoted = impl_ && !impl_->node->plain;
    at.column += static_cast<std::uint32_t>(offset) + (quoted ? 1 : 0);
    return at;
}

void YamlNode::bind(const yaml::Form& form) const {
    if (impl_) yaml::bind(*impl_->node, form);
}

YamlNode YamlNode::operator[](const std::string& key) const {
    if (!is_map()) return {};
    const yaml::Form* const form = impl_->node->map->form;
    SM_ASSERT(form == nullptr || form->knows(key),
              "a reader asks for a key that has no row in the form of its map: " + key);
    impl_->node->map->asked.insert(key);
    const yaml::Entry* const entry = impl_->node->map->find(key);
    if (entry == nullptr) return {};
    return YamlNode{
        std::make_shared<const Impl>(Impl{impl_->root, entry->value.get(), impl_->diagnostics})};
}

std::vector<std::pair<std::string, YamlNode>> YamlNode::entries() const {
    std::vector<std::pair<std::string, YamlNode>> all;
    if (!is_map()) return all;
    for (const yaml::Entry& e : impl_->node->map->entries) {
        impl_->node->map->asked.insert(e.key);
        all.emplace_back(e.key, YamlNode{std::make_shared<const Impl>(
                                    Impl{impl_->root, e.value.get(), impl_->diagnostics})});
    }
    return all;
}

std::vector<std::string> YamlNode::keys() const {
    std::vector<std::string> all;
    if (!is_map()) return all;
    for (const yaml::Entry& e : impl_->node->map->entries) all.push_back(e.key);
    return all;
}

SourceLocation YamlNode::where_key(const std::string& key) const {
    const yaml::Entry* const entry = is_map() ? impl_->node->map->find(key) : nullptr;
    return entry != nullptr ? entry->where.location() : where();
}

std::vector<YamlNode> YamlNode::items() const {
    std::vector<YamlNode> all;
    if (!is_sequence()) return all;
    all.reserve(impl_->node->items.size());
    for (const auto& item : impl_->node->items) {
        all.emplace_back(
            std::make_shared<const Impl>(Impl{impl_->root, item.get(), impl_->diagnostics}));
    }
    return all;
}

std::string YamlNode::text() const {
    if (!impl_ || impl_->node->bad) return {};
    if (!is_scalar()) {
        if (!std::exchange(impl_->node->reported, true)) {
            error("YML-TYPE", fmt::format("value is {}, must be text", shown(*impl_->node)));
        }
        return {};
    }
    return impl_->node->text;
}

bool YamlNode::is_number() const {
    double ignored = 0.0;
    return is_scalar() && impl_->node->plain && !impl_->node->bad &&
           parse_number(impl_->node->text, ignored) != NumberFault::kNotANumber;
}

std::optional<std::int64_t> YamlNode::integer(const std::string& name, std::int64_t min,
                                              std::int64_t max) const {
    if (!impl_ || impl_->node->bad) return {};
    const yaml::Node& node = *impl_->node;
    std::int64_t value = 0;
    NumberFault fault = NumberFault::kNotANumber;
    if (is_scalar() && node.plain) fault = parse_whole(node.text, value);
    if (fault == NumberFault::kTooLarge ||
        (fault == NumberFault::kNone && !(value >= min && value <= max))) {
        error("YML-RANGE",
              fmt::format("'{}' is {}, must be in [{}, {}]", name, shown(node), min, max));
        return {};
    }
    if (fault != NumberFault::kNone) {
        error(
            "YML-TYPE",
            fmt::format("'{}' is {}, must be an integer in [{}, {}]", name, shown(node), min, max),
            std::string{hint_for(node, fault)});
        return {};
    }
    return value;
}

std::optional<double> YamlNode::number(const std::string& name, double min, double max) const {
    if (!impl_ || impl_->node->bad) return {};
    const yaml::Node& node = *impl_->node;
    double value = 0.0;
    NumberFault fault = NumberFault::kNotANumber;
    if (is_scalar() && node.plain) fault = parse_number(node.text, value);
    if (fault == NumberFault::kTooLarge ||
        (fault == NumberFault::kNone && !(value >= min && value <= max))) {
        error("YML-RANGE",
              fmt::format("'{}' is {}, must be in [{:g}, {:g}]", name, shown(node), min, max));
        return {};
    }
    if (fault != NumberFault::kNone) {
        error("YML-TYPE",
              fmt::format("'{}' is {}, must be a number in [{:g}, {:g}]", name, shown(node), min,
                          max),
              std::string{hint_for(node, fault)});
        return {};
    }
    return value;
}

std::optional<bool> YamlNode::boolean(const std::string& name) const {
    if (!impl_ || impl_->node->bad) return {};
    const yaml::Node& node = *impl_->node;
    if (is_scalar() && node.plain && node.text == "true") return true;
    if (is_scalar() && node.plain && node.text == "false") return false;
    error("YML-TYPE", fmt::format("'{}' is {}, must be true or false", name, shown(node)));
    return {};
}

std::optional<std::size_t> YamlNode::choice(const std::string& name,
                                            const std::vector<std::string>& choices) const {
    if (!impl_ || impl_->node->bad) return {};
    const yaml::Node& node = *impl_->node;
    if (is_scalar()) {
        const auto found = std::find(choices.begin(), choices.end(), node.text);
        if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    }
    const std::string near = is_scalar() ? closest(node.text, choices) : std::string{};
    error("YML-CHOICE",
          fmt::format("'{}' is {}, must be one of {}", name, shown(node), fmt::join(choices, ", ")),
          near.empty() ? std::string{} : fmt::format("did you mean '{}'?", near));
    return {};
}

bool YamlNode::read(const std::string& key, std::uint32_t& value, std::int64_t min,
                    std::int64_t max) const {
    return expect_map() && read_integer(*this, key, value, min, max);
}

bool YamlNode::read(const std::string& key, std::uint64_t& value, std::int64_t min,
                    std::int64_t max) const {
    return expect_map() && read_integer(*this, key, value, min, max);
}

bool YamlNode::read(const std::string& key, std::int32_t& value, std::int64_t min,
                    std::int64_t max) const {
    return expect_map() && read_integer(*this, key, value, min, max);
}

bool YamlNode::read(const std::string& key, double& value, double min, double max) const {
    if (!expect_map()) return false;
    const auto found = (*this)[key].number(key, min, max);
    if (found) value = *found;
    return found.has_value();
}

bool YamlNode::read(const std::string& key, bool& value) const {
    if (!expect_map()) return false;
    const auto found = (*this)[key].boolean(key);
    if (found) value = *found;
    return found.has_value();
}

bool YamlNode::read(const std::string& key, std::string& value) const {
    if (!expect_map()) return false;
    const YamlNode node = (*this)[key];
    if (!node || node.impl_->node->bad) return false;
    if (!node.is_scalar()) {
        node.error("YML-TYPE",
                   fmt::format("'{}' is {}, must be text", key, shown(*node.impl_->node)));
        return false;
    }
    value = node.text();
    return true;
}

bool YamlNode::read(const std::string& key, std::uint32_t& value) const {
    if (!expect_map()) return false;
    const yaml::ValueType& type = type_of(*impl_->node, key, yaml::ValueKind::kInteger);
    return read(key, value, type.least, type.most);
}

bool YamlNode::read(const std::string& key, std::uint64_t& value) const {
    if (!expect_map()) return false;
    const yaml::ValueType& type = type_of(*impl_->node, key, yaml::ValueKind::kInteger);
    return read(key, value, type.least, type.most);
}

bool YamlNode::read(const std::string& key, std::int32_t& value) const {
    if (!expect_map()) return false;
    const yaml::ValueType& type = type_of(*impl_->node, key, yaml::ValueKind::kInteger);
    return read(key, value, type.least, type.most);
}

bool YamlNode::read(const std::string& key, double& value) const {
    if (!expect_map()) return false;
    const yaml::ValueType& type = type_of(*impl_->node, key, yaml::ValueKind::kNumber);
    return read(key, value, type.low, type.high);
}

YamlNode YamlNode::require(const std::string& key) const {
    if (!expect_map()) return {};
    YamlNode node = (*this)[key];
    if (!node) error("YML-MISSING", fmt::format("key '{}' is missing", key));
    return node;
}

bool YamlNode::expect_map() const {
    if (!impl_ || is_map()) return is_map();
    if (!std::exchange(impl_->node->reported, true) && !impl_->node->bad) {
        error("YML-TYPE", fmt::format("value is {}, must be a map", shown(*impl_->node)));
    }
    return false;
}

void YamlNode::finish(const std::vector<std::string>& also) const {
    if (!expect_map()) return;
    constexpr std::size_t kMostReported = 32;
    constexpr std::ptrdiff_t kMostListed = 16;
    yaml::Map& map = *impl_->node->map;
    std::vector<std::string> known{map.asked.begin(), map.asked.end()};
    for (const std::string& key : also) {
        if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
    }
    std::size_t unknown = 0;
    for (const yaml::Entry& e : map.entries) {
        if (std::find(known.begin(), known.end(), e.key) != known.end()) continue;
        if (unknown++ >= kMostReported) continue;
        const auto end = known.begin() + std::min(std::ssize(known), kMostListed);
        impl_->diagnostics->error(
            "YML-UNKNOWN", e.where.location(),
            fmt::format("unknown key '{}'{}", e.key.substr(0, kMostShown), use_of(*e.value)),
            did_you_mean(e.key, known,
                         fmt::format("known here: {}{}", fmt::join(known.begin(), end, ", "),
                                     end == known.end() ? "" : ", ...")));
    }
    if (unknown > kMostReported) {
        error("YML-UNKNOWN",
              fmt::format("{} more unknown keys in this map", unknown - kMostReported));
    }
}

void YamlNode::put(std::string number) const {
    if (!is_scalar()) return;
    impl_->node->written = std::exchange(impl_->node->text, std::move(number));
    impl_->node->plain = true;
}

void YamlNode::spoil() const {
    if (impl_) impl_->node->bad = true;
}

void YamlNode::error(std::string code, std::string message, std::string hint) const {
    SM_ASSERT(impl_, "an error needs a node that exists");
    message += use_of(*impl_->node);
    impl_->diagnostics->error(std::move(code), where(), std::move(message), std::move(hint));
}

void YamlNode::error_at(const std::string& key, std::string code, std::string message,
                        std::string hint) const {
    SM_ASSERT(impl_, "an error needs a node that exists");
    message += use_of(*impl_->node);
    impl_->diagnostics->error(std::move(code), where_key(key), std::move(message), std::move(hint));
}

void YamlNode::warning(std::string code, std::string message, std::string hint) const {
    SM_ASSERT(impl_, "a warning needs a node that exists");
    message += use_of(*impl_->node);
    impl_->diagnostics->warning(std::move(code), where(), std::move(message), std::move(hint));
}

YamlNode yaml::reader(std::unique_ptr<Node> root, Diagnostics& diagnostics) {
    std::shared_ptr<Node> shared = std::move(root);
    Node* const node = shared.get();
    return YamlNode{std::make_shared<const YamlNode::Impl>(
        YamlNode::Impl{std::move(shared), node, &diagnostics})};
}

}  // namespace seamount
