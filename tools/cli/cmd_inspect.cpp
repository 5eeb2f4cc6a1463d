#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"
#include "isa/input/input_file.hpp"
#include "tools/base/files.hpp"
#include "tools/cli/commands.hpp"
#include "tools/inspect/chip_sheet.hpp"
#include "tools/inspect/core_sheet.hpp"
#include "tools/inspect/image_sheet.hpp"
#include "tools/session/settings.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string file;
    std::vector<std::string> assignments;
    bool resolved = false;
    std::optional<std::uint32_t> core;
};

/// An image by its magic; a chip by its suffix or its name in the library.
bool names_an_image(const std::string& file) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(readable_path(file), ignored)) return false;
    return tools::is_image(file) || !tools::is_yaml(file);
}

int inspect_image(const Options& options, const Settings& settings, const tools::Console& console) {
    const isa::Image image = isa::load_image(options.file);
    const auto chip = isa::ChipSpec::parse_resolved(image.chip, options.file + "(chip)", settings);
    session::reject_unused(settings,
                           "an image carries its chip, which has no variables left; set a path "
                           "(prices.synapse_pj), or inspect a chip file");
    if (options.core) {
        console.print(tools::core_sheet(image, CoreId{*options.core}, options.file));
        return tools::kOk;
    }
    console.print(options.resolved
                      ? chip.resolved
                      : tools::image_sheet(image, chip, std::filesystem::file_size(options.file)));
    return tools::kOk;
}

int inspect_file(const Options& options, const tools::Console& console) {
    const Settings settings = session::settings_of(options.assignments);
    if (names_an_image(options.file)) return inspect_image(options, settings, console);
    const isa::ChipSpec chip = session::load_chip(options.file, settings);
    if (options.core) {
        bad_input("CLI-CORE", options.file, "--core needs an image, this is a chip",
                  "'seamount compile NETWORK -o IMAGE' makes one");
    }
    session::reject_unused(settings);
    console.print(options.resolved ? chip.resolved : tools::chip_sheet(chip));
    return tools::kOk;
}

constexpr const char* kFooter = R"(Examples:
  seamount inspect loihi1                              a chip of the library: its data sheet
  seamount inspect my_chip.yaml --set prices=nahuku --set prices.synapse_pj=30
  seamount inspect net.smi                             populations, programs, cores of an image
  seamount inspect net.smi --core 3                    its groups, formats, axons and microcode
  seamount inspect net.smi --resolved > chip.yaml      the chip that it was compiled for)";

}  // namespace

Command inspect_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    return {"inspect",
            "Show what an image or a chip holds",
            {{.names = "IMAGE|CHIP",
              .target = &options->file,
              .help = "Image, chip file (YAML), or name of a chip",
              .value_name = "",
              .required = true},
             {"--resolved", &options->resolved, "Print the complete chip description as YAML"},
             {"--core", &options->core, "Show all of one core of an image", "ID"},
             {"--set", &options->assignments, "Override a variable or a number of the chip file",
              "NAME=VALUE"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options, &console] { return inspect_file(*options, console); }};
}

}  // namespace seamount::cli
