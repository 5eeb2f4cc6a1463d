#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "isa/yaml/yaml_tree.hpp"

namespace seamount::yaml {

/// Sections of a template, and of the network that its uses add to.
inline constexpr std::array<std::string_view, 3> kNamedSections{"populations", "inputs", "views"};
inline constexpr const char* kProjections = "projections";
inline constexpr std::array<std::string_view, 2> kListSections{kProjections, "probes"};

/// A template and the names that it defines.
struct Template {
    const Node* node = nullptr;
    std::set<std::string> names;  ///< of populations and inputs
    std::set<std::string> projections;
};

/// The value of a key of a map, or null: also if the node is no map.
[[nodiscard]] const Node* value_of(const Node& map, std::string_view key);

/// How much all uses of a file's templates may add: as much as a file may hold.
class Budget {
public:
    /// Throws InputError (NET-TEMPLATE) at `where` if there were more than kMaxNodes values, or
    /// more than kMaxFileBytes of text.
    void spend(const Node& added, const Place& where);
    void spend_text(std::size_t characters, const Place& where);

private:
    std::size_t nodes_ = 0;
    std::size_t characters_ = 0;
};

/// Values of a template's parameters, for one use.
class Parameters {
public:
    Parameters(Budget& budget, Diagnostics& diagnostics)
        : budget_{budget}, diagnostics_{diagnostics} {}

    void set(const std::string& name, std::unique_ptr<Node> value);
    [[nodiscard]] bool contains(const std::string& name) const { return values_.contains(name); }
    /// Puts the values where texts within the node have `${name}`; other variables stay. The nodes
    /// are there for `use` from now on; null: they stand in the template itself.
    void replace(Node& node, const std::shared_ptr<const Use>& use) const;

private:
    void replace_text(Node& scalar, const std::shared_ptr<const Use>& use) const;
    void take(Node& scalar, const Node& value, const std::shared_ptr<const Use>& use) const;
    void refuse(Node& scalar, std::string message, const std::string& hint) const;

    Budget& budget_;
    Diagnostics& diagnostics_;
    std::map<std::string, std::unique_ptr<Node>> values_;
};

/// One use of a template: makes what it stands for.
class Instance {
public:
    Instance(const Template& of, std::string name, std::shared_ptr<const Use> use,
             Parameters parameters, Budget& budget, Diagnostics& diagnostics);

    /// Adds the template's entries to the sections of `root`, under names that begin with the
    /// use's. Reports YML-DUPLICATE; throws as Budget does.
    void add_to(Node& root);

private:
    [[nodiscard]] std::string named(const std::string& local) const { return name_ + '.' + local; }
    void add_entry(Map& there, Entry entry);
    [[nodiscard]] std::unique_ptr<Node> made(const Node& entry, bool is_projection);
    [[nodiscard]] std::string completed(const std::string& name) const;
    [[nodiscard]] std::string completed(const Node& in, std::size_t at, std::size_t end) const;
    void complete(Node& reference) const;
    void complete_until(Node& input) const;
    void complete_words(Node& sentence) const;
    void complete_projection(Node& reference) const;

    const Template& template_;
    std::string name_;
    std::shared_ptr<const Use> use_;
    Parameters parameters_;
    Budget& budget_;
    Diagnostics& diagnostics_;
};

}  // namespace seamount::yaml
