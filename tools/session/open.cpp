#include "tools/session/open.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "tools/base/clock.hpp"
#include "tools/base/config_library.hpp"
#include "tools/base/files.hpp"
#include "tools/session/image_stats.hpp"
#include "tools/session/imported_network.hpp"
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
    reject(settings.optimise.has_value(), "--optimise");
    found.throw_if_errors();
}

/// What is imported is told; what is not has no use for it.
void reject_import_options(const fs::path& path, const CompileSettings& settings) {
    Diagnostics found;
    for (const std::string& name : importer::given(settings.import)) {
        found.error("IMP-OPTION", {path.string(), 0, 0},
                    fmt::format("{} says nothing to what is not imported", name),
                    "it is for networks of other tools");
    }
    found.throw_if_errors();
}

/// A network of ours takes --dt as its key `dt`. Throws InputError (CLI-USAGE) for one without
/// unit.
CompileSettings with_own_dt(const CompileSettings& settings) {
    CompileSettings own = settings;
    if (own.import.dt.empty()) return own;
    if (!own.import.dt_has_unit) {
        bad_input("CLI-USAGE", "--dt",
                  fmt::format("is '{}', must be a time above 0 with its unit", own.import.dt),
                  "how long a step is: --dt 1ms (s, ms, us, ns)");
    }
    own.assignments.push_back("dt=" + own.import.dt);
    own.import.nir.dt.reset();
    own.import.sonata.dt_ms.reset();
    return own;
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

compiler::CompileOptions options_of(const CompileSettings& settings, Listener& listener) {
    compiler::CompileOptions options;
    options.partitioner = settings.partitioner.value_or(options.partitioner);
    options.effort = settings.effort.value_or(options.effort);
    options.placer = settings.placer.value_or(options.placer);
    options.mapping_seed = settings.mapping_seed.value_or(settings.default_mapping_seed);
    options.profile = settings.profile;
    options.spread = settings.spread;
    options.activity = settings.activity;
    options.dump_after = settings.dump_after;
    options.cache = settings.cache;
    if (!settings.max_input.empty()) {
        options.max_input = bytes_of(settings.max_input, "--max-input");
    }
    options.mapping_report = settings.mapping_report;
    options.dump = settings.dump;
    options.progress = [&listener](const std::string& what) { listener.phase_says(what); };
    return options;
}

/// Hands over what a compilation made; its chip and times are in `loaded`.
void take(compiler::CompileResult result, const CompileSettings& settings, Loaded& loaded,
          Listener& listener) {
    for (const Diagnostic& warning : result.warnings) listener.warning(warning);
    loaded.files_read.insert(loaded.files_read.end(), result.files_read.begin(),
                             result.files_read.end());
    if (!settings.profile.empty()) loaded.files_read.push_back(settings.profile);
    loaded.image = std::move(result.image);
    loaded.report = std::move(result.report);
}

/// Tells findings about an imported network as ones about its source.
class SourceListener final : public Listener {
public:
    SourceListener(Listener& listener, const ImportedNetwork& network)
        : listener_{listener}, network_{network} {}
    void phase_begins(const std::string& what) override { listener_.phase_begins(what); }
    void phase_ends() override { listener_.phase_ends(); }
    void warning(const Diagnostic& warning) override {
        listener_.warning(network_.about_source({warning}).front());
    }

private:
    Listener& listener_;
    const ImportedNetwork& network_;
};

/// Entries of an image stand in the source, not in a file that is gone.
void name_source(const fs::path& source, isa::Image& image) {
    const SourceLocation whole{source.string(), 0, 0};
    for (isa::PopulationImage& one : image.populations) one.where = whole;
    for (isa::ProjectionImage& one : image.projections) one.where = whole;
    for (isa::InputImage& one : image.inputs) one.where = whole;
    for (isa::ProbeImage& one : image.probes) one.where = whole;
}

/// Compiles the network of `path`, which stands in `file`.
Loaded compile_network(const fs::path& path, const fs::path& file, const CompileSettings& settings,
                       Listener& listener, const NetworkUse& use) {
    Loaded loaded;
    loaded.file = path;
    compiler::CompileResult result;
    {
        // A dump goes where the phase would be shown.
        std::optional<Phase> phase;
        if (!settings.dump_after) phase.emplace(listener, "compiling " + path.string());
        const double started = tools::now_s();
        compiler::CompileOptions options = options_of(settings, listener);
        options.settings = settings_of(settings.assignments);
        options.neuron_library = tools::find_config_dir() / "neurons";
        loaded.chip = load_chip(settings.chip, options.settings, &loaded.files_read);
        loaded.load_s = tools::now_s() - started;
        result = use(file, loaded.chip, options);
        reject_unused(options.settings);
        loaded.compile_s = tools::now_s() - started - loaded.load_s;
    }
    take(std::move(result), settings, loaded, listener);
    return loaded;
}

}  // namespace

void note_files(Loaded& loaded) {
    for (std::size_t i = loaded.files.size(); i < loaded.files_read.size(); ++i) {
        loaded.files.push_back(tools::state_of(loaded.files_read[i]));
    }
}

Loaded compile(compiler::Network network, isa::ChipSpec chip, const CompileSettings& settings,
               Listener& listener) {
    Loaded loaded;
    loaded.file = network.file;
    loaded.chip = std::move(chip);
    const double started = tools::now_s();
    compiler::CompileResult result =
        compiler::compile(std::move(network), loaded.chip, options_of(settings, listener));
    loaded.compile_s = tools::now_s() - started;
    take(std::move(result), settings, loaded, listener);
    return loaded;
}

Loaded open_network(const fs::path& path, const CompileSettings& settings, Listener& listener,
                    const NetworkUse& use) {
    tools::require_file(path);
    if (tools::is_image(path)) {
        bad_input("CLI-FILE", path.string(), "is an image, not a network",
                  "'seamount run', 'inspect' and 'disasm' take images");
    }
    if (!settings.profile.empty()) tools::require_file(settings.profile);
    if (!is_foreign_network(path)) {
        const CompileSettings own = with_own_dt(settings);
        reject_import_options(path, own);
        Loaded loaded = compile_network(path, path, own, listener, use);
        note_files(loaded);
        return loaded;
    }
    const double started = tools::now_s();
    std::optional<ImportedNetwork> network;
    {
        const Phase phase{listener, "importing " + path.string()};
        network.emplace(path, settings.import);
    }
    const double import_s = tools::now_s() - started;
    for (const std::string& note : network->imported().content.notes) {
        listener.warning({"IMP-NOTE", {path.string(), 0, 0}, note, {}, Severity::kWarning});
    }
    SourceListener about{listener, *network};
    try {
        Loaded loaded = compile_network(path, network->file(), settings, about, use);
        std::erase_if(loaded.files_read, [&](const fs::path& file) {
            return file.parent_path() == network->file().parent_path();
        });
        const auto& read = network->imported().files_read;
        loaded.files_read.insert(loaded.files_read.begin(), read.begin(), read.end());
        note_files(loaded);
        name_source(path, loaded.image);
        loaded.dt_ms = network->imported().content.dt_ms;
        loaded.load_s += import_s;
        return loaded;
    } catch (const InputError& error) {
        throw InputError{network->about_source(error.diagnostics())};
    }
}

Loaded open_image(const fs::path& path, const CompileSettings& settings, Listener& listener) {
    reject_mapping_of_image(path, settings);
    reject_import_options(path, settings);
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
    const bool is_network = tools::is_yaml(path) || is_foreign_network(path);
    return is_network && !tools::is_image(path) ? open_network(path, settings, listener)
                                                : open_image(path, settings, listener);
}

std::vector<fs::path> input_files(const fs::path& path, const CompileSettings& settings) {
    std::vector<fs::path> files{path};
    if (!settings.chip.empty()) files.push_back(tools::resolve_chip(settings.chip));
    if (!settings.profile.empty()) files.push_back(settings.profile);
    return files;
}

}  // namespace seamount::session
