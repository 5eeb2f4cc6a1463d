#include <fmt/format.h>

#include <memory>
#include <string>

#include "isa/base/output_file.hpp"
#include "tools/cli/start/start_commands.hpp"
#include "tools/schema/forms.hpp"
#include "tools/schema/json_schema.hpp"
#include "tools/schema/key_tables.hpp"

namespace seamount::cli {
namespace {

struct Options {
    yaml::FileKind kind = yaml::FileKind::kNetwork;
    std::string output = "-";
    bool tables = false;
};

int write_schema(const Options& options) {
    const yaml::Form& form = tools::form_of(options.kind);
    write_file(options.output, options.tables ? tools::key_tables(form) : tools::json_schema(form));
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(With it, editors complete keys, show what they mean and underline what is wrong while you type.
In VS Code with the YAML extension (yaml-language-server), and in all that use it, the first line of
a file names its schema:
  # yaml-language-server: $schema=network.schema.json

Examples:
  seamount schema network -o network.schema.json    for network files
  seamount schema chip -o chip.schema.json          for chip files
  seamount schema sweep                             on standard output
  seamount schema network --tables                  every key as a table, in Markdown)";

}  // namespace

Command schema_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    return {"schema",
            "Write a JSON Schema of YAML files, for editors",
            {{.names = "KIND",
              .target = choice(options->kind, yaml::kFileKindNames, options->kind),
              .help = "Of which files: network, chip or sweep",
              .value_name = "",
              .required = true},
             {"-o,--output", &options->output, "Write it there (default: standard output)", "FILE"},
             {"--tables", &options->tables, "Tables of keys in Markdown instead"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options] { return write_schema(*options); }};
}

}  // namespace seamount::cli
