#include "isa/chip/chip_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "isa/chip/chip_override.hpp"
#include "isa/chip/chip_reader.hpp"
#include "isa/yaml/yaml_tree.hpp"

namespace seamount::isa {
namespace {

constexpr int kMaxBases = 8;  ///< files that extend each other
const std::string kEnding = ".yaml";

/// The file that `extends: given` in `file` means: relative to that file, else in the library.
std::filesystem::path base_path(const std::string& given, const std::string& file,
                                const std::filesystem::path& library) {
    std::filesystem::path path{given};
    if (path.is_absolute()) return path;
    path = std::filesystem::path{file}.parent_path() / path;
    std::error_code status;
    if (library.empty() || std::filesystem::is_regular_file(path, status)) return path;
    for (const std::string& name : {given, given + kEnding}) {
        if (std::filesystem::is_regular_file(library / name, status)) return library / name;
    }
    return path;
}

/// Chip files of a folder, as they are named there.
std::vector<std::string> chips_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator{folder, none}) {
        if (entry.path().extension() == kEnding) names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

std::vector<std::string> stems_of(std::vector<std::string> files) {
    for (std::string& file : files) file.resize(file.size() - kEnding.size());
    return files;
}

/// The chip of the library, or file beside `path`, that may have been meant by a name of none.
std::string hint_about(const std::filesystem::path& given, const std::filesystem::path& path,
                       const std::string& in_library) {
    if (!in_library.empty()) return fmt::format("did you mean '{}'?", in_library);
    const std::string beside = closest(given.filename().string(), chips_in(path.parent_path()));
    if (beside.empty()) {
        return "the path is relative to this file; a chip of the library goes by its name";
    }
    return fmt::format("did you mean '{}'?", (given.parent_path() / beside).string());
}

/// The file that `extends: given` at `where` names. Where there is none, a chip of the library with
/// nearly that name stands in for finding what else is wrong. Throws InputError if there is no such
/// chip either.
std::filesystem::path found_base(const std::string& given, const SourceLocation& where,
                                 const std::filesystem::path& library, Diagnostics& diagnostics) {
    std::filesystem::path path = base_path(given, where.file, library);
    std::error_code status;
    if (std::filesystem::is_regular_file(path, status)) return path;
    const std::filesystem::path file{given};
    const std::string near = closest((file.extension() == kEnding ? file.stem() : file).string(),
                                     stems_of(chips_in(library)));
    diagnostics.error("CHIP-EXTENDS", where, fmt::format("'{}' is not a file", path.string()),
                      hint_about(file, path, near));
    if (near.empty()) diagnostics.throw_if_errors();
    return library / (near + kEnding);
}

/// An entry of `sources:` that says something else than that of the same name in the file below
/// would give the numbers of that file a source that they do not come from.
void report_renamed_sources(const yaml::Node& base, const yaml::Node& over,
                            Diagnostics& diagnostics) {
    const yaml::Entry* const below = base.map->find("sources");
    const yaml::Entry* const above = over.map->find("sources");
    if (below == nullptr || above == nullptr || below->value->kind != yaml::Kind::kMap ||
        above->value->kind != yaml::Kind::kMap) {
        return;
    }
    for (const yaml::Entry& entry : above->value->map->entries) {
        const yaml::Entry* const same = below->value->map->find(entry.key);
        if (same == nullptr || same->value->text == entry.value->text) continue;
        diagnostics.error("CHIP-SOURCE", entry.where.location(),
                          fmt::format("the source '{}' is another one in {}", entry.key,
                                      same->where.location().file),
                          "numbers of that file cite it; choose another name");
    }
}

/// The tree of a chip file on top of the files that it extends, which are added to `files`.
std::unique_ptr<yaml::Node> parse_extended(const std::string& text, const std::string& file,
                                           const std::filesystem::path& library,
                                           Diagnostics& diagnostics,
                                           std::vector<std::filesystem::path>& files, int bases) {
    auto root = yaml::parse(text, file, diagnostics);
    const yaml::Entry* const extends = root->map->find("extends");
    if (extends == nullptr) return root;
    const SourceLocation where = extends->value->where.location();
    const std::string given = extends->value->text;
    if (extends->value->kind != yaml::Kind::kScalar || given.empty() ||
        given.find("${") != std::string::npos) {
        throw InputError{Diagnostic{"CHIP-EXTENDS", where,
                                    "'extends' must be the path of a chip file",
                                    "variables are not replaced here", Severity::kError}};
    }
    if (bases >= kMaxBases) {
        throw InputError{
            Diagnostic{"CHIP-EXTENDS", where,
                       fmt::format("more than {} chip files extend each other", kMaxBases),
                       "look for two files that name each other", Severity::kError}};
    }
    const std::filesystem::path path = found_base(given, where, library, diagnostics);
    files.push_back(path);
    auto base = parse_extended(yaml::read_text(path), path.string(), library, diagnostics, files,
                               bases + 1);
    root->map->erase("extends");
    report_renamed_sources(*base, *root, diagnostics);
    yaml::merge(*base, std::move(root));
    return base;
}

/// Reads a tree that is complete: variables replaced, bases merged. Throws InputError.
ChipSpec read_tree(std::unique_ptr<yaml::Node> tree, const std::string& own_file,
                   Diagnostics& diagnostics) {
    ChipSpec spec = read_chip(yaml::reader(std::move(tree), diagnostics), own_file);
    diagnostics.throw_if_errors();
    return spec;
}

/// `spec` with the dotted paths of the settings put over it.
ChipSpec overridden(ChipSpec spec, const Settings& settings) {
    if (settings.take_paths(Settings::Into::kChip).empty()) return spec;
    return ChipFamily{std::move(spec)}.with(settings);
}

ChipSpec parse_with_library(const std::string& text, const std::string& file,
                            const Settings& settings, const std::filesystem::path& library,
                            std::vector<std::filesystem::path>& files) {
    Diagnostics diagnostics;
    auto tree = parse_extended(text, file, library, diagnostics, files, 0);
    yaml::substitute(*tree, settings, diagnostics);
    return overridden(read_tree(std::move(tree), file, diagnostics), settings);
}

constexpr const char* kResolvedFile = "chip";  ///< name of the text of ChipSpec::resolved

}  // namespace

ChipFamily::ChipFamily(ChipSpec base) : base_{std::move(base)} {
    Diagnostics none;  // the text was written from a chip that was read
    tree_ = yaml::parse(base_.resolved, kResolvedFile, none);
}

ChipSpec ChipFamily::with(const Settings& settings) const {
    const PathValues values = settings.take_paths(Settings::Into::kChip);
    if (values.empty()) return base_;
    Diagnostics diagnostics;
    auto tree = tree_->clone();
    override_chip(*tree, values, diagnostics);
    ChipSpec spec = read_tree(std::move(tree), kResolvedFile, diagnostics);
    // The text says every number; where they were said first is known of the base.
    std::erase_if(spec.origins.of,
                  [](const auto& entry) { return entry.second != Origin::kCommandLine; });
    spec.origins.of.insert(base_.origins.of.begin(), base_.origins.of.end());
    return spec;
}

ChipSpec ChipSpec::load(const std::filesystem::path& path, const Settings& settings,
                        const std::filesystem::path& library,
                        std::vector<std::filesystem::path>* files) {
    std::vector<std::filesystem::path> read{path};
    ChipSpec spec =
        parse_with_library(yaml::read_text(path), path.string(), settings, library, read);
    if (files != nullptr) files->insert(files->end(), read.begin(), read.end());
    return spec;
}

ChipSpec ChipSpec::parse(const std::string& text, const std::string& file,
                         const Settings& settings) {
    std::vector<std::filesystem::path> read;
    return parse_with_library(text, file, settings, {}, read);
}

bool ChipSpec::core_works(CoreId core) const noexcept {
    return !std::binary_search(faults.dead_cores.begin(), faults.dead_cores.end(), core);
}

CoreLimits ChipSpec::limits_of(CoreId core) const {
    CoreLimits left = limits;
    for (const auto& [faulty, words] : faults.dead_synapse_words) {
        if (faulty != core) continue;
        left.synapse_bits -= words * kSynapseWordBits;
        left.synapse_words -= std::min<std::uint64_t>(left.synapse_words, words);
        left.pool_words -= std::min<std::uint64_t>(left.pool_words, words);
    }
    return left;
}

ChipSpec ChipSpec::parse_resolved(const std::string& text, const std::string& file,
                                  const Settings& settings) {
    Diagnostics diagnostics;
    auto tree = yaml::parse(text, file, diagnostics);
    for (const char* const key : {"extends", "vars"}) {
        const yaml::Entry* const entry = tree->map->find(key);
        if (entry == nullptr) continue;
        diagnostics.error("CHIP-RESOLVED", entry->where.location(),
                          fmt::format("'{}' in the chip of an image", key),
                          "such a chip stands for itself: what 'inspect --resolved' prints");
        tree->map->erase(key);
    }
    return overridden(read_tree(std::move(tree), file, diagnostics), settings);
}

}  // namespace seamount::isa
