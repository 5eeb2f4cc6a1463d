#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "isa/assembly/assembler.hpp"
#include "isa/base/output_file.hpp"
#include "isa/base/text.hpp"
#include "tools/base/config_library.hpp"
#include "tools/cli/commands.hpp"
#include "tools/neuron/neuron_bench.hpp"
#include "tools/neuron/trace_plot.hpp"
#include "tools/neuron/trace_text.hpp"

namespace seamount::cli {
namespace {

struct Options {
    std::string neuron;
    std::vector<std::string> params;
    std::vector<std::string> inputs;
    std::vector<std::string> records;
    std::uint32_t steps = 0;
    std::uint64_t seed = 1;
    std::string csv;
    std::string plot;
};

int run(const Options& options, const tools::Console& console) {
    const std::filesystem::path file = tools::resolve_program(options.neuron);
    const isa::Program program = isa::assemble_file(file);
    const auto args = tools::read_params(options.params, program);
    const tools::Stimulus stimulus{options.inputs, program, options.steps};
    std::vector<std::filesystem::path> read{file};
    read.insert(read.end(), stimulus.files().begin(), stimulus.files().end());
    for (const std::string& output : {options.csv, options.plot}) {
        reject_input_as_output(output, read);
    }
    if (!options.csv.empty() && same_output(options.csv, options.plot)) two_outputs(options.csv);
    const tools::PlotFormat format =
        options.plot.empty() ? tools::PlotFormat::kSvg : tools::plot_format_of(options.plot);

    const tools::NeuronTrace trace =
        tools::run_neuron(program, args, stimulus, options.steps, options.seed, options.records);
    if (!options.csv.empty()) write_file(options.csv, tools::trace_csv(trace));
    if (!options.plot.empty())
        write_file(options.plot, tools::plot_trace(trace, program.name, format));
    if (options.csv.empty() && options.plot.empty()) console.print(tools::trace_table(trace));
    console.print(tools::trace_summary(program.name, trace));
    if (trace.overflows != 0) {
        console.warn("RUN-OVERFLOW", {file.string(), 0, 0},
                     fmt::format("{} results did not fit the width that the instruction "
                                 "names, wrapped or saturated as on the chip",
                                 grouped(trace.overflows)),
                     fmt::format("seamount asm {} says which can", file.string()));
    }
    if (trace.failed_views != 0) {
        console.warn("RUN-VIEW", {file.string(), 0, 0},
                     fmt::format("{} values of views divided by zero or overflowed; they "
                                 "are given as 0",
                                 grouped(trace.failed_views)));
    }
    return tools::kOk;
}

constexpr const char* kFooter =
    R"(One compartment on the engine that runs whole chips. Prints a table of every step, or writes it.
--input, which adds up if given several times; ACC= names an accumulator, the first if left out:
  [ACC=]step:FROM:VALUE            VALUE in every step from FROM on
  [ACC=]pulse:FROM:VALUE[:WIDTH]   VALUE in WIDTH steps (1) from FROM on
  [ACC=]FILE.csv                   one value a line, or lines of step,value

Examples:
  seamount neuron lif --param vth=100 --param dv=128 --input step:5:20 --steps 40
  seamount neuron izhikevich --input step:20:2560 --steps 400 --plot tonic.svg
  seamount neuron my.asm --input evidence=pulse:3:50 --steps 20 --record v --csv v.csv)";

}  // namespace

Command neuron_command(tools::Console& console) {
    const auto options = std::make_shared<Options>();
    return {"neuron",
            "Run one neuron and show what it does",
            {{.names = "FILE|NAME",
              .target = &options->neuron,
              .help = "Microcode (.asm), or name in the library",
              .value_name = "",
              .required = true},
             {"--param", &options->params, "An argument of the program", "NAME=VALUE"},
             {"--input", &options->inputs, "What its synapses add up to (see below)", "SPEC"},
             {.names = "--steps",
              .target = &options->steps,
              .help = "Time steps",
              .range = Range{1, 1'000'000},
              .required = true},
             {.names = "--record",
              .target = &options->records,
              .help = "State words and views (default: the state words that change)",
              .value_name = "NAME,...",
              .by_commas = true},
             {.names = "--seed",
              .target = &options->seed,
              .help = "Seed of RND",
              .range = kSeeds,
              .shows_default = true},
             {"--csv", &options->csv, "Write every step", "FILE"},
             {"--plot", &options->plot, "Draw every step", "FILE.svg|png"},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [options, &console] { return run(*options, console); }};
}

}  // namespace seamount::cli
