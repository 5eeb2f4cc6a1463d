#include "isa/yaml/yaml_include.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "isa/input/input_file.hpp"

namespace seamount::yaml {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInclude = "include";
constexpr const char* kVars = "vars";
constexpr const char* kLearning = "learning";
constexpr std::size_t kMostFiles = 1000;

[[noreturn]] void refuse(const Node& where, std::string message, std::string hint) {
    throw InputError{Diagnostic{"YML-INCLUDE", where.where.location(), std::move(message),
                                std::move(hint), Severity::kError}};
}

/// Two files are the same, whatever they are called.
fs::path identity_of(const fs::path& path) {
    std::error_code failed;
    fs::path canonical = fs::canonical(path, failed);
    return failed ? fs::absolute(path).lexically_normal() : canonical;
}

class Includer {
public:
    Includer(Diagnostics& diagnostics, std::vector<fs::path>& files)
        : diagnostics_{diagnostics}, files_{files} {}

    std::unique_ptr<Node> read(const fs::path& path) {
        files_.push_back(path);
        seen_.insert(identity_of(path));
        auto own = parse(read_text(path), path.string(), diagnostics_);
        Entry* const include = own->map->find(kInclude);
        if (include == nullptr) return own;
        const std::unique_ptr<Node> list = std::move(include->value);
        own->map->erase(kInclude);
        open_.push_back({path, identity_of(path)});
        auto merged = std::make_unique<Node>();
        merged->kind = Kind::kMap;
        merged->map = std::make_unique<Map>();
        if (list->kind == Kind::kSequence) {
            for (const auto& item : list->items) add(*merged, *item);
        } else {
            add(*merged, *list);
        }
        open_.pop_back();
        merge_file(*merged, std::move(own));
        return merged;
    }

private:
    /// Reads the file that `named` names and puts it behind what was read before.
    void add(Node& merged, const Node& named) {
        if (named.kind != Kind::kScalar || named.text.empty()) {
            refuse(named, "'include' must be the path of a YAML file, or a list of paths", "");
        }
        if (named.text.find("${") != std::string::npos) {
            refuse(named, fmt::format("'{}' has a variable", named.text),
                   "variables are replaced when all files are read");
        }
        fs::path path{named.text};
        if (path.is_relative()) path = folder_of(open_.back().path) / path;
        const fs::path identity = identity_of(path);
        const auto same = [&identity](const Open& other) { return other.identity == identity; };
        if (const auto at = std::find_if(open_.begin(), open_.end(), same); at != open_.end()) {
            std::string chain;
            for (auto file = at; file != open_.end(); ++file) {
                chain += file->path.string() + " -> ";
            }
            refuse(named, fmt::format("files include each other: {}{}", chain, path.string()),
                   "take one of these lines out");
        }
        if (seen_.contains(identity)) return;  // its entries are there
        if (files_.size() >= kMostFiles) {
            refuse(named, fmt::format("more than {} files are included", kMostFiles), "");
        }
        std::error_code ignored;
        if (!fs::is_regular_file(path, ignored)) {
            refuse(named, fmt::format("'{}' is not a file", path.string()),
                   "the path is relative to the file that includes it");
        }
        merge_file(merged, read(path));
    }

    /// Puts the sections of a file behind those of others.
    void merge_file(Node& merged, std::unique_ptr<Node> file) {
        merged.where = file->where;
        for (Entry& section : file->map->entries) {
            Entry* const there = merged.map->find(section.key);
            if (there == nullptr) {
                merged.map->append(std::move(section));
            } else if (section.key == kVars && is_map(*there) && is_map(section)) {
                merge(*there->value, std::move(section.value));
            } else {
                join(*there, std::move(section), 0);
            }
        }
    }

    static bool is_map(const Entry& entry) { return entry.value->kind == Kind::kMap; }

    /// Joins two sections; those of maps, as the rules of `learning`, by their entries.
    void join(Entry& there, Entry section, int depth) {
        if (is_map(there) && is_map(section)) {
            for (Entry& entry : section.value->map->entries) {
                Entry* const same = there.value->map->find(entry.key);
                if (same == nullptr) {
                    there.value->map->append(std::move(entry));
                } else if (depth == 0 && may_join(*same, entry, there.key)) {
                    join(*same, std::move(entry), depth + 1);
                } else if (depth == 0 && is_overridden(*same, entry, there.key)) {
                    *same = std::move(entry);
                } else {
                    report_twice(*same, entry);
                }
            }
        } else if (there.value->kind == Kind::kSequence && section.value->kind == Kind::kSequence) {
            for (auto& item : section.value->items) there.value->items.push_back(std::move(item));
        } else {
            there = std::move(section);
        }
    }

    /// Of entries with one name: the uses of a template, and the parts of `learning`.
    static bool may_join(const Entry& one, const Entry& other, const std::string& section) {
        const bool are_lists =
            one.value->kind == Kind::kSequence && other.value->kind == Kind::kSequence;
        return (are_lists && section != kLearning) ||
               (section == kLearning && is_map(one) && is_map(other));
    }

    /// Of the values of `learning` itself, as of those at the top of files, the last holds.
    static bool is_overridden(const Entry& one, const Entry& other, const std::string& section) {
        return section == kLearning && !is_map(one) && !is_map(other);
    }

    void report_twice(const Entry& first, const Entry& second) {
        const SourceLocation where = first.where.location();
        diagnostics_.error("YML-DUPLICATE", second.where.location(),
                           fmt::format("'{}' is in another of the included files too", second.key),
                           fmt::format("at {}:{}:{}; give it one name of its own", where.file,
                                       where.line, where.column));
    }

    Diagnostics& diagnostics_;
    std::vector<fs::path>& files_;
    std::set<fs::path> seen_;  ///< identities of `files_`
    struct Open {
        fs::path path;
        fs::path identity;
    };
    std::vector<Open> open_;  ///< files whose includes are being read, each names the next
};

}  // namespace

std::unique_ptr<Node> parse_with_includes(const fs::path& path, Diagnostics& diagnostics,
                                          std::vector<fs::path>& files) {
    return Includer{diagnostics, files}.read(path);
}

}  // namespace seamount::yaml
