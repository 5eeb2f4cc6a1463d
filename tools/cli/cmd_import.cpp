#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/output_file.hpp"
#include "isa/base/text.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options/import_words.hpp"
#include "tools/import/import.hpp"
#include "tools/import/network/receipt.hpp"
#include "tools/session/bind_inputs.hpp"
#include "tools/session/open.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::filesystem::path file;
    std::filesystem::path output;
    std::filesystem::path receipt;
    std::uint64_t compared_steps = 100;
    std::vector<std::string> inputs;
    std::string chip;
    ImportWords import;
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

/// Whether a receipt of that name is a page.
bool is_page(const std::filesystem::path& receipt) {
    constexpr std::array<std::string_view, 2> kEndings{".html", ".htm"};
    return std::ranges::find(kEndings, receipt.extension().string()) != kEndings.end();
}

/// Compiles the network that was written, runs it beside its source and writes the receipt.
void write_receipt(const Options& options, importer::Receipt& receipt,
                   const tools::Console& console) {
    if (options.compared_steps > 0) {
        session::CompileSettings settings;
        settings.chip = options.chip;
        session::Listener silent;
        session::Loaded loaded = session::open_network(options.output, settings, silent);
        for (const Diagnostic& warning : session::bind_inputs(options.inputs, loaded)) {
            console.report({&warning, 1});
        }
        receipt.compare(std::move(loaded.image), options.compared_steps);
    }
    write_file(options.receipt, is_page(options.receipt) ? receipt.html() : receipt.json());
    console.print(receipt.table());
    console.print(fmt::format("wrote {}\n", options.receipt.string()));
}

int import_to_network(const Options& options, const tools::Console& console) {
    const importer::ImportOptions import = options.import.read();
    if (options.receipt.empty() && !(options.inputs.empty() && options.chip.empty())) {
        bad_input("IMP-OPTION", options.inputs.empty() ? "--chip" : "--input",
                  "says how the runs of a receipt are made, and there is none",
                  "ask for one: --receipt FILE.json");
    }
    if (!tools::is_yaml(options.output)) {
        bad_input("OUT-WRITE", options.output.string(), "the name of a network must end in .yaml",
                  "its arrays are written beside it, in a .npz of the same name");
    }
    const std::filesystem::path& bias = import.netx.bias;
    tools::require_file(options.file);
    if (!bias.empty()) tools::require_file(bias);
    const std::filesystem::path data = importer::data_of(options.output);
    for (const std::filesystem::path& output : {options.output, data, options.receipt}) {
        if (output.empty()) continue;
        reject_input_as_output(output, {options.file, bias});
    }
    const importer::ImportedFile imported =
        importer::import_file(options.file, data.filename().string(), import);
    for (const std::filesystem::path& output : {options.output, data, options.receipt}) {
        if (!output.empty()) reject_input_as_output(output, imported.files_read);
    }
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
    R"(Reads netx files (.net) of lava-dl and nxSlayer (HDF5 with a group 'layer'), NIR graphs (.nir, HDF5
with a group 'node') and SONATA circuits of point neurons (circuit_config.json, or config.json). From
netx the network computes the integers of the file; the real numbers of NIR and SONATA are rounded, each population
at a scale of its own. What could not be kept is an error or a note. The network is to be read and edited: add inputs, probes, a readout. A spike of one layer acts in the next one a step later.

Examples:
  seamount import network.net -o net.yaml
  seamount run net.yaml --steps 32 --input input=spikes.csv
  seamount import trained.nir -o net.yaml --dt 1e-3 --reset subtract
  seamount import circuit_config.json -o net.yaml
  seamount import pilotnet.net -o pilotnet.yaml --bias image.npy --reset-every 17)";

std::vector<Option> receipt_options(Options& options) {
    return {
        {"--receipt", &options.receipt,
         "NIR: write what became of each number, and how runs of both networks differ, as JSON or "
         "as "
         "a page to read",
         "FILE.json|FILE.html"},
        {.names = "--steps",
         .target = &options.compared_steps,
         .help = "Of these runs; 0: none",
         .shows_default = true},
        {"--input", &options.inputs, "Spikes of these runs (default: random)", "INPUT=FILE"},
        {"--chip", &options.chip, "Chip of these runs", "CHIP"},
    };
}

}  // namespace

Command import_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    Command command{"import",
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
                      .required = true}},
                    kFooter};
    for (const Option& option : import_options(options->import)) command.options.push_back(option);
    for (const Option& option : receipt_options(*options)) command.options.push_back(option);
    command.options.push_back(quiet_option(console.quiet));
    command.run = [options, &console] { return import_to_network(*options, console); };
    return command;
}

}  // namespace seamount::cli
