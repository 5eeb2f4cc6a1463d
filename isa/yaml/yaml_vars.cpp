#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "isa/yaml/yaml_tree.hpp"

namespace seamount {

void Settings::add(const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
        Diagnostics problem;
        problem.error("CLI-SET", {}, fmt::format("'--set {}' must be NAME=VALUE", assignment),
                      "NAME is a variable of the file's vars:, or a path into the chip "
                      "(prices.synapse_pj) or the network (populations.hidden.params.vth)");
        problem.throw_if_errors();
    }
    const std::string name = assignment.substr(0, equals);
    if (!values_.emplace(name, assignment.substr(equals + 1)).second) {
        throw InputError{
            Diagnostic{"CLI-SET",
                       {},
                       fmt::format("'--set {}': '{}' is set already", assignment, name),
                       "give each variable once",
                       Severity::kError}};
    }
}

const std::string* Settings::find(const std::string& name) const {
    declared_.insert(name);
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
}

namespace {

bool is_path(const std::string& name) {
    return name.find('.') != std::string::npos;
}

Settings::Into file_of(const std::string& path) {
    return Settings::leads_into_network(path) ? Settings::Into::kNetwork : Settings::Into::kChip;
}

}  // namespace

bool Settings::leads_into_network(const std::string& path) {
    static constexpr std::array<std::string_view, 8> kSections{
        "inputs.",      "learning.", "populations.", "probes.",
        "projections.", "readout.",  "templates.",   "use."};
    return std::any_of(kSections.begin(), kSections.end(),
                       [&](std::string_view section) { return path.starts_with(section); });
}

std::map<std::string, std::string> Settings::take_paths(Into file) const {
    taken_.insert(file);
    std::map<std::string, std::string> paths;
    for (const auto& [name, value] : values_) {
        if (is_path(name) && file_of(name) == file) paths.emplace(name, value);
    }
    return paths;
}

const std::string* Settings::take_root_key(const std::string& key) const {
    const bool is_variable = declared_.contains(key);
    return is_variable || !values_.contains(key) ? nullptr : find(key);
}

std::vector<std::string> Settings::declared() const {
    return {declared_.begin(), declared_.end()};
}

std::vector<std::string> Settings::unused() const {
    std::vector<std::string> names;
    for (const auto& [name, value] : values_) {
        if (is_path(name) ? !taken_.contains(file_of(name)) : !declared_.contains(name))
            names.push_back(name);
    }
    return names;
}

namespace yaml {
namespace {

bool is_name(const std::string& text) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && letter(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// Replaces the variables of one tree.
class Substitution {
public:
    explicit Substitution(Diagnostics& diagnostics) : diagnostics_{diagnostics} {}

    /// Later variables may use earlier ones; a setting replaces the text as it is.
    void declare(Map& vars, const Settings& settings) {
        for (Entry& e : vars.entries) {
            if (!is_name(e.key)) {
                diagnostics_.error("YML-VAR", e.where.location(),
                                   fmt::format("'{}' cannot name a variable", e.key),
                                   "letters, digits and _, not starting with a digit");
                continue;
            }
            if (const std::string* const set = settings.find(e.key)) {
                values_[e.key] = *set;
            } else if (e.value->kind == Kind::kScalar) {
                replace(*e.value);
                if (!e.value->bad) values_[e.key] = e.value->text;
            } else {
                diagnostics_.error("YML-VAR", e.value->where.location(),
                                   fmt::format("variable '{}' must be a number or text", e.key),
                                   e.value->kind == Kind::kNull ? "for empty text write \"\"" : "");
            }
            names_.push_back(e.key);
        }
    }

    void walk(Node& node) {
        if (node.kind == Kind::kScalar) replace(node);
        for (const auto& item : node.items) walk(*item);
        if (!node.map) return;
        for (const Entry& e : node.map->entries) {
            if (e.key.find("${") != std::string::npos) {
                diagnostics_.error("YML-VAR", e.where.location(),
                                   fmt::format("variables are not replaced in keys ('{}')", e.key),
                                   "use them in values only");
            }
            walk(*e.value);
        }
    }

private:
    void replace(Node& scalar) {
        std::size_t at = scalar.text.find("${");
        if (at == std::string::npos) return;
        std::string out;
        std::size_t done = 0;
        for (; at != std::string::npos; at = scalar.text.find("${", done)) {
            const std::size_t end = scalar.text.find('}', at);
            if (end == std::string::npos) {
                return fail(scalar, fmt::format("'{}' has '${{' without '}}'", scalar.text), "");
            }
            const std::string name = scalar.text.substr(at + 2, end - at - 2);
            const auto value = values_.find(name);
            if (value == values_.end()) return unknown(scalar, name);
            out.append(scalar.text, done, at - done).append(value->second);
            done = end + 1;
            if (out.size() > kMaxVariableText) return too_long(scalar);
        }
        out.append(scalar.text, done);
        total_ += out.size();
        if (out.size() > kMaxVariableText || total_ > kMaxFileBytes) return too_long(scalar);
        if (out.find("${") != std::string::npos) {
            return fail(scalar, "the value of a variable must not contain '${'", "");
        }
        scalar.text = std::move(out);
        scalar.plain = true;  // {size: "${n}"} needs the quotes and still means a number
    }

    void unknown(Node& scalar, const std::string& name) {
        // A variable whose own value is faulty was reported there.
        if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
            scalar.bad = true;
            return;
        }
        fail(scalar, fmt::format("unknown variable '{}'", name),
             did_you_mean(name, names_, "declare it with a default under vars:"));
    }

    void too_long(Node& scalar) {
        fail(scalar,
             fmt::format("text becomes longer than {} characters by its variables",
                         kMaxVariableText),
             "");
    }

    void fail(Node& scalar, std::string message, std::string hint) {
        scalar.bad = true;
        if (scalar.use) message += text_of_use(*scalar.use);
        diagnostics_.error("YML-VAR", scalar.where.location(), std::move(message), std::move(hint));
    }

    Diagnostics& diagnostics_;
    std::map<std::string, std::string> values_;
    std::vector<std::string> names_;
    std::size_t total_ = 0;
};

}  // namespace

void substitute(Node& root, const Settings& settings, Diagnostics& diagnostics) {
    Substitution substitution{diagnostics};
    if (const Entry* const vars = root.map->find("vars")) {
        if (vars->value->kind == Kind::kMap) {
            substitution.declare(*vars->value->map, settings);
        } else {
            diagnostics.error("YML-VAR", vars->value->where.location(),
                              "'vars' must be a map of names to values");
        }
        root.map->erase("vars");
    }
    substitution.walk(root);
}

}  // namespace yaml
}  // namespace seamount
