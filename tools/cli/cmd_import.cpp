#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "isa/base/output_file.hpp"
#include "isa/base/text.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/commands.hpp"
#include "tools/import/import.hpp"
#include "tools/import/network/receipt.hpp"
#include "tools/session/bind_inputs.hpp"
#include "tools/session/open.hpp"

namespace seamount::cli {
namespace {

constexpr const char* kAutomatic = "auto";

struct Options {
    std::filesystem::path file;
    std::filesystem::path output;
    std::string dt;
    std::string scale{kAutomatic};
    std::filesystem::path receipt;
    std::uint64_t compared_steps = 100;
    std::vector<std::string> inputs;
    std::string chip;
    importer::ImportOptions import;
};

std::string summary(const Options& options, const importer::ImportedFile& imported) {
    const importer::Imported& content = imported.content;
    std::string text = fmt::format("{} ({})\n", options.file.filename().string(), imported.format);
    const auto add = [&](const char* name, std::uint64_t count) {
        text += fmt::format("  {:<8} {:>13}\n", name, grouped(count));
    };
    add("layers", content.layers);
    add("neurons", content.neurons);
    add("weights", content.weights);
    for (const std::string& note : content.notes) text += fmt::format("note: {}\n", note);
    return text;
}

/// A positive number, as it stands.
double positive(const std::string& option, const std::string& text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && stop == end && std::isfinite(value) && value > 0) return value;
    bad_input("CLI-USAGE", option, fmt::format("'{}' is no number above 0", text));
}

/// What is given as text, as numbers.
void read_numbers(Options& options) {
    importer::NirOptions& nir = options.import.nir;
    nir.scale.reset();
    if (options.scale != kAutomatic) nir.scale = positive("--scale", options.scale);
    nir.dt.reset();
    if (!options.dt.empty()) nir.dt = positive("--dt", options.dt);
}

/// Compiles the network that was written, runs it beside its source and writes the receipt.
void write_receipt(const Options& options, importer::Receipt& receipt,
                   const tools::Console& console) {
    if (options.compared_steps > 0) {
        session::CompileSettings settings;
        settings.chip = options.chip;
        session::Listener silent;
        session::Loaded loaded = session::open_network(options.output, settings, silent);
        session::bind_inputs(options.inputs, loaded.image);
        receipt.compare(std::move(loaded.image), options.compared_steps);
    }
    write_file(options.receipt, receipt.json());
    console.print(receipt.table());
    console.print(fmt::format("wrote {}\n", options.receipt.string()));
}

int import_to_network(Options& options, const tools::Console& console) {
    read_numbers(options);
    if (options.receipt.empty() && !(options.inputs.empty() && options.chip.empty())) {
        bad_input("IMP-OPTION", options.inputs.empty() ? "--chip" : "--input",
                  "says how the runs of a receipt are made, and there is none",
                  "ask for one: --receipt FILE.json");
    }
    if (!tools::is_yaml(options.output)) {
        bad_input("OUT-WRITE", options.output.string(), "the name of a network must end in .yaml",
                  "its arrays are written beside it, in a .npz of the same name");
    }
    const std::filesystem::path& bias = options.import.netx.bias;
    tools::require_file(options.file);
    if (!bias.empty()) tools::require_file(bias);
    const std::filesystem::path data = importer::data_of(options.output);
    for (const std::filesystem::path& output : {options.output, data, options.receipt}) {
        if (output.empty()) continue;
        reject_input_as_output(output, {options.file, bias});
    }
    const importer::ImportedFile imported =
        importer::import_file(options.file, data.filename().string(), options.import);
    if (!options.receipt.empty() && imported.content.receipt == nullptr) {
        bad_input(
            "IMP-OPTION", options.file.string(),
            fmt::format("--receipt: a file of the format {} keeps its integers", imported.format),
            "there is nothing to compare");
    }
    importer::write_network(imported.content.network, options.output);
    console.print(summary(options, imported));
    console.print(fmt::format("wrote {}\n", options.output.string()));
    if (imported.content.network.has_arrays()) {
        console.print(fmt::format("wrote {}\n", data.string()));
    }
    if (!options.receipt.empty()) {
        write_receipt(options, *imported.content.receipt, console);
    }
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(Reads netx files (.net) of lava-dl and nxSlayer (HDF5 with a group 'layer') and NIR graphs (.nir, HDF5
with a group 'node'). From netx the network computes the integers of the file; the real numbers of NIR are
rounded, each population at a scale of its own. What could not be kept is an error or a note. The network
is to be read and edited: add inputs, probes, a readout. A spike of one layer acts in the next one a step later.

Examples:
  seamount import network.net -o net.yaml
  seamount run net.yaml --steps 32 --input input=spikes.csv
  seamount import trained.nir -o net.yaml --dt 1e-3 --reset subtract
  seamount import pilotnet.net -o pilotnet.yaml --bias image.npy --reset-every 17)";

/// Of the neurons' program.
constexpr Range kResetPeriods{1, 1'000'000, true};

}  // namespace

Command import_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    importer::NetxOptions& netx = options->import.netx;
    importer::NirOptions& nir = options->import.nir;
    return {
        "import",
        "Turn a network of another tool into a network file",
        {{.names = "FILE",
          .target = &options->file,
          .help = "Network of another tool",
          .value_name = "",
          .required = true},
         {.names = "-o,--output",
          .target = &options->output,
          .help = "Network file to write; its arrays become NET.npz beside it",
          .value_name = "NET.yaml",
          .required = true},
         {"--bias", &netx.bias,
          "Bias mantissas of an input layer with neurons: (C, H, W), (W, H, C) or flat",
          "FILE.npy"},
         {.names = "--reset-every",
          .target = &netx.reset_every,
          .help = "Steps from one reset of a layer's u and v to the next (default: none)",
          .range = kResetPeriods},
         {"--reset-offset", &netx.reset_offset,
          "Layer k is reset at the start of steps t = k + this, modulo --reset-every; t from 0"},
         {"--dt", &options->dt, "NIR: seconds per step, as in training", "SECONDS"},
         {"--reset", choice(nir.reset, importer::kNirResetNames, importer::NirReset::kZero),
          "NIR: what a spike does to the voltage"},
         {"--discretise",
          choice(nir.discretisation, importer::kNirDiscretisationNames, nir.discretisation),
          "NIR: share of a value that decays in a step: dt / tau, or 1 - exp(-dt / tau)"},
         {"--like", choice(nir.like, importer::kNirLikeNames, nir.like),
          "Whose integers: the nearest, or those of lava's converter, which truncates"},
         {"--scale", &options->scale,
          "NIR: units of v on the chip per unit of the file's, for all populations", "auto|FACTOR"},
         {"--split-weights", &nir.split_weights,
          "NIR: two synapses per weight, a coarse one and the rest"},
         {"--calibrate", &nir.calibrate,
          "NIR: choose scales for the spikes of a file instead of random ones", "INPUT=FILE"},
         {"--receipt", &options->receipt,
          "NIR: write what became of each number, and how runs of both networks differ",
          "FILE.json"},
         {.names = "--steps",
          .target = &options->compared_steps,
          .help = "Of these runs; 0: none",
          .shows_default = true},
         {"--input", &options->inputs, "Spikes of these runs (default: random)", "INPUT=FILE"},
         {"--chip", &options->chip, "Chip of these runs", "CHIP"},
         {"--graded", &nir.graded, "NIR: let values that are no spikes travel as payloads"},
         {"--allow-open", &nir.allow_open, "NIR: take graphs without an Input or an Output"},
         quiet_option(console.quiet)},
        kFooter,
        {},
        [options, &console] { return import_to_network(*options, console); }};
}

}  // namespace seamount::cli
