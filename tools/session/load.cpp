#include "tools/session/load.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <system_error>

#include "compiler/driver/option_names.hpp"
#include "tools/base/config_library.hpp"
#include "tools/base/files.hpp"
#include "tools/base/progress.hpp"
#include "tools/session/image_stats.hpp"

namespace seamount::session {
namespace {

namespace fs = std::filesystem;

void reject_mapping_of_image(const fs::path& path, const MappingOptions& options) {
    Diagnostics found;
    for (const std::string& option : options.given) {
        found.error("CLI-MAPPING", {path.string(), 0, 0},
                    fmt::format("{}: the image is mapped already", option),
                    fmt::format("give {} to 'seamount compile', or run the network", option));
    }
    found.throw_if_errors();
}

Loaded load_image_with_chip(const fs::path& path, const MappingOptions& options,
                            const tools::Console& console) {
    reject_mapping_of_image(path, options);
    auto phase = std::make_optional<tools::PhaseLine>(console, "loading " + path.string());
    const double started = tools::now_s();
    const Settings settings = settings_of(options.assignments);
    Loaded loaded;
    loaded.image = isa::load_image(path);
    // Paths of --set are put over the chip that runs: its own, unless another one is given.
    const Settings none;
    loaded.chip = isa::ChipSpec::parse_resolved(loaded.image.chip, path.string() + "(chip)",
                                                options.chip.empty() ? settings : none);
    phase.reset();  // what follows may warn
    if (!options.chip.empty()) {
        const isa::ChipSpec own = std::move(loaded.chip);
        loaded.chip = load_chip(options.chip, settings);
        if (own.width != loaded.chip.width || own.height != loaded.chip.height ||
            own.cores_per_tile != loaded.chip.cores_per_tile) {
            console.warn(
                "CHIP-TOPOLOGY", {path.string(), 0, 0},
                fmt::format("the image was placed for {}x{} tiles of {} cores, chip '{}' "
                            "has {}x{} of {}",
                            own.width, own.height, own.cores_per_tile, loaded.chip.name,
                            loaded.chip.width, loaded.chip.height, loaded.chip.cores_per_tile),
                "hops and time are those of the same core numbers there; recompile for a "
                "placement of its own");
        }
    }
    reject_unused(settings,
                  options.chip.empty()
                      ? "an image carries its chip, which has no variables left; set a path "
                        "(prices.synapse_pj), or give another --chip"
                      : "the chip file declares no variables");
    check_fit(loaded.image, loaded.chip, path.string());
    loaded.load_s = tools::now_s() - started;
    return loaded;
}

}  // namespace

isa::ChipSpec load_chip(const std::string& chip, const Settings& settings) {
    const fs::path path = tools::resolve_chip(chip.empty() ? tools::kDefaultChip : chip);
    return isa::ChipSpec::load(path, settings, tools::find_config_dir() / "chips");
}

std::vector<fs::path> input_files(const fs::path& path, const MappingOptions& options) {
    std::vector<fs::path> files{path};
    if (!options.chip.empty()) files.push_back(tools::resolve_chip(options.chip));
    if (!options.profile.empty()) files.emplace_back(options.profile);
    return files;
}

Settings settings_of(const std::vector<std::string>& assignments) {
    Settings settings;
    Diagnostics found;
    for (const std::string& assignment : assignments) {
        try {
            settings.add(assignment);
        } catch (const InputError& error) {
            found.add(error);
        }
    }
    found.throw_if_errors();
    return settings;
}

void reject_unused(const Settings& settings, const std::string& without_variables) {
    Diagnostics found;
    for (const std::string& name : settings.unused()) {
        const auto& declared = settings.declared();
        const std::string near = closest(name, declared);
        std::string hint = Settings::leads_into_network(name)
                               ? "an image holds its network; set the path where it is compiled"
                               : without_variables;
        if (!near.empty()) {
            hint = fmt::format("did you mean '{}'?", near);
        } else if (!declared.empty()) {
            hint = fmt::format("declared under vars: {}", fmt::join(declared, ", "));
        }
        found.error("CLI-SET-UNKNOWN", {"--set", 0, 0},
                    fmt::format("no file of this run declares the variable '{}'", name), hint);
    }
    found.throw_if_errors();
}

Loaded compile_network(const fs::path& path, const MappingOptions& options,
                       const tools::Console& console) {
    tools::require_file(path);
    if (tools::is_image(path)) {
        bad_input("CLI-FILE", path.string(), "is an image, not a network",
                  "'seamount run', 'inspect' and 'disasm' take images");
    }
    if (!options.profile.empty()) tools::require_file(options.profile);
    std::optional<tools::PhaseLine> phase;
    if (options.dump_after.empty()) phase.emplace(console, "compiling " + path.string());
    const double started = tools::now_s();
    Loaded loaded;
    compiler::CompileOptions compile;
    compile.effort = options.effort;
    compile.mapping_seed = options.seed.value_or(compile.mapping_seed);
    compile.profile = options.profile;
    compile.settings = settings_of(options.assignments);
    compile.neuron_library = tools::find_config_dir() / "neurons";
    compile.cache = options.cache;
    compile.mapping_report = options.mapping_report;
    compile.dump = [](const std::string& text) { std::fputs(text.c_str(), stdout); };
    loaded.chip = load_chip(options.chip, compile.settings);
    loaded.load_s = tools::now_s() - started;

    take_names({options.partitioner, options.placer, options.dump_after}, compile);
    compiler::CompileResult result = compiler::compile_file(path, loaded.chip, compile);
    reject_unused(compile.settings);
    loaded.image = std::move(result.image);
    loaded.report = std::move(result.report);
    loaded.warnings = std::move(result.warnings);
    loaded.compile_s = tools::now_s() - started - loaded.load_s;
    return loaded;
}

Loaded load_or_compile(const fs::path& path, const MappingOptions& options,
                       const tools::Console& console) {
    tools::require_file(path);
    if (tools::is_yaml(path) && !tools::is_image(path))
        return compile_network(path, options, console);
    return load_image_with_chip(path, options, console);
}

}  // namespace seamount::session
