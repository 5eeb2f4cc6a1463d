#include "tools/session/open.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "tools/base/clock.hpp"
#include "tools/base/config_library.hpp"
#include "tools/base/files.hpp"
#include "tools/session/image_stats.hpp"
#include "tools/session/settings.hpp"

namespace seamount::session {
namespace {

namespace fs = std::filesystem;

void reject_mapping_of_image(const fs::path& path, const CompileSettings& settings) {
    Diagnostics found;
    const auto reject = [&](bool given, const char* option) {
        if (!given) return;
        found.error("CLI-MAPPING", {path.string(), 0, 0},
                    fmt::format("{}: the image is mapped already", option),
                    fmt::format("give {} to 'seamount compile', or run the network", option));
    };
    reject(settings.partitioner.has_value(), "--partitioner");
    reject(settings.effort.has_value(), "--effort");
    reject(settings.placer.has_value(), "--placer");
    reject(settings.mapping_seed.has_value(), "--mapping-seed");
    found.throw_if_errors();
}

/// Hops and time are those of the core numbers, wherever these lie on another chip.
void warn_of_topology(const fs::path& path, const isa::ChipSpec& own, const isa::ChipSpec& given,
                      Listener& listener) {
    if (own.width == given.width && own.height == given.height &&
        own.cores_per_tile == given.cores_per_tile) {
        return;
    }
    listener.warning(
        {"CHIP-TOPOLOGY",
         {path.string(), 0, 0},
         fmt::format("the image was placed for {}x{} tiles of {} cores, chip '{}' has {}x{} of {}",
                     own.width, own.height, own.cores_per_tile, given.name, given.width,
                     given.height, given.cores_per_tile),
         "hops and time are those of the same core numbers there; recompile for a placement of its "
         "own",
         Severity::kWarning});
}

compiler::CompileOptions options_of(const CompileSettings& settings) {
    compiler::CompileOptions options;
    options.partitioner = settings.partitioner.value_or(options.partitioner);
    options.effort = settings.effort.value_or(options.effort);
    options.placer = settings.placer.value_or(options.placer);
    options.mapping_seed = settings.mapping_seed.value_or(settings.default_mapping_seed);
    options.profile = settings.profile;
    options.settings = settings_of(settings.assignments);
    options.neuron_library = tools::find_config_dir() / "neurons";
    options.dump_after = settings.dump_after;
    options.cache = settings.cache;
    options.mapping_report = settings.mapping_report;
    options.dump = settings.dump;
    return options;
}

}  // namespace

void note_files(Loaded& loaded) {
    for (std::size_t i = loaded.files.size(); i < loaded.files_read.size(); ++i) {
        loaded.files.push_back(tools::state_of(loaded.files_read[i]));
    }
}

Loaded open_network(const fs::path& path, const CompileSettings& settings, Listener& listener) {
    tools::require_file(path);
    if (tools::is_image(path)) {
        bad_input("CLI-FILE", path.string(), "is an image, not a network",
                  "'seamount run', 'inspect' and 'disasm' take images");
    }
    if (!settings.profile.empty()) tools::require_file(settings.profile);
    Loaded loaded;
    loaded.file = path;
    compiler::CompileResult result;
    {
        // A dump goes where the phase would be shown.
        std::optional<Phase> phase;
        if (!settings.dump_after) phase.emplace(listener, "compiling " + path.string());
        const double started = tools::now_s();
        const compiler::CompileOptions options = options_of(settings);
        loaded.chip = load_chip(settings.chip, options.settings, &loaded.files_read);
        loaded.load_s = tools::now_s() - started;
        result = compiler::compile_file(path, loaded.chip, options);
        reject_unused(options.settings);
        loaded.compile_s = tools::now_s() - started - loaded.load_s;
    }
    for (const Diagnostic& warning : result.warnings) listener.warning(warning);
    loaded.files_read.insert(loaded.files_read.end(), result.files_read.begin(),
                             result.files_read.end());
    if (!settings.profile.empty()) loaded.files_read.push_back(settings.profile);
    note_files(loaded);
    loaded.image = std::move(result.image);
    loaded.report = std::move(result.report);
    return loaded;
}

Loaded open_image(const fs::path& path, const CompileSettings& settings, Listener& listener) {
    reject_mapping_of_image(path, settings);
    const double started = tools::now_s();
    Loaded loaded;
    loaded.file = path;
    const Settings assigned = settings_of(settings.assignments);
    {
        const Phase phase{listener, "loading " + path.string()};
        loaded.image = isa::load_image(path);
        loaded.files_read.push_back(path);
        // Paths of --set are put over the chip that runs: its own, unless another one is given.
        const Settings none;
        loaded.chip = isa::ChipSpec::parse_resolved(loaded.image.chip, path.string() + "(chip)",
                                                    settings.chip.empty() ? assigned : none);
    }
    if (!settings.chip.empty()) {
        const isa::ChipSpec own = std::move(loaded.chip);
        loaded.chip = load_chip(settings.chip, assigned, &loaded.files_read);
        warn_of_topology(path, own, loaded.chip, listener);
    }
    reject_unused(assigned,
                  settings.chip.empty()
                      ? "an image carries its chip, which has no variables left; set a path "
                        "(prices.synapse_pj), or give another --chip"
                      : "the chip file declares no variables");
    check_fit(loaded.image, loaded.chip, path.string());
    note_files(loaded);
    loaded.load_s = tools::now_s() - started;
    return loaded;
}

Loaded open(const fs::path& path, const CompileSettings& settings, Listener& listener) {
    tools::require_file(path);
    const bool is_network = tools::is_yaml(path) && !tools::is_image(path);
    return is_network ? open_network(path, settings, listener)
                      : open_image(path, settings, listener);
}

std::vector<fs::path> input_files(const fs::path& path, const CompileSettings& settings) {
    std::vector<fs::path> files{path};
    if (!settings.chip.empty()) files.push_back(tools::resolve_chip(settings.chip));
    if (!settings.profile.empty()) files.push_back(settings.profile);
    return files;
}

}  // namespace seamount::session
