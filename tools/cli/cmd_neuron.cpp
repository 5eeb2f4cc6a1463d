#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "isa/assembly/assembler.hpp"
#include "isa/base/output_file.hpp"
#include "isa/base/text.hpp"
#include "tools/base/config_library.hpp"
#include "tools/base/table.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/options.hpp"
#include "tools/neuron/neuron_bench.hpp"
#include "tools/neuron/trace_plot.hpp"
#include "tools/session/load.hpp"

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

tools::PlotFormat format_of(const std::string& plot) {
    if (plot.ends_with(".svg")) return tools::PlotFormat::kSvg;
    if (plot.ends_with(".png")) return tools::PlotFormat::kPng;
    bad_input("CLI-PLOT", plot, "the name of a plot ends in .svg or .png");
}

std::string payloads(const std::vector<std::int32_t>& spikes) {
    return fmt::format("{}", fmt::join(spikes, " "));
}

std::string csv_text(const tools::NeuronTrace& trace) {
    std::string text = "step";
    for (const auto* curves : {&trace.inputs, &trace.records}) {
        for (const tools::Curve& curve : *curves) text += "," + curve.name;
    }
    text += ",spikes\n";
    for (std::size_t t = 0; t < trace.spikes.size(); ++t) {
        text += std::to_string(t);
        for (const auto* curves : {&trace.inputs, &trace.records}) {
            for (const tools::Curve& curve : *curves) text += fmt::format(",{}", curve.values[t]);
        }
        text += "," + payloads(trace.spikes[t]) + "\n";
    }
    return text;
}

std::string step_table(const tools::NeuronTrace& trace) {
    std::vector<std::string> head{"step"};
    for (const auto* curves : {&trace.inputs, &trace.records}) {
        for (const tools::Curve& curve : *curves) head.push_back(curve.name);
    }
    head.emplace_back("spikes");
    tools::Table table{head};
    for (std::size_t t = 0; t < trace.spikes.size(); ++t) {
        std::vector<std::string> row{std::to_string(t)};
        for (const auto* curves : {&trace.inputs, &trace.records}) {
            for (const tools::Curve& curve : *curves)
                row.push_back(std::to_string(curve.values[t]));
        }
        row.push_back(payloads(trace.spikes[t]));
        table.add(std::move(row));
    }
    return table.text();
}

std::string summary(const isa::Program& program, const tools::NeuronTrace& trace) {
    std::size_t spikes = 0;
    std::vector<std::size_t> steps;  // with a spike
    for (std::size_t t = 0; t < trace.spikes.size(); ++t) {
        spikes += trace.spikes[t].size();
        if (!trace.spikes[t].empty()) steps.push_back(t);
    }
    std::string text = fmt::format("{}: {} steps, {}", program.name, trace.spikes.size(),
                                   counted(spikes, "spike"));
    if (!steps.empty()) text += fmt::format(", the first in step {}", steps.front());
    if (steps.size() > 1) {
        const auto span = static_cast<double>(steps.back() - steps.front());
        text +=
            fmt::format(", one every {:.4g} steps", span / static_cast<double>(steps.size() - 1));
    }
    text += fmt::format(", {:.4g} cycles per step\n", static_cast<double>(trace.cycles) /
                                                          static_cast<double>(trace.spikes.size()));
    for (const tools::Curve& curve : trace.records) {
        const auto [least, most] = std::minmax_element(curve.values.begin(), curve.values.end());
        text += fmt::format("  {} in {}..{}\n", curve.name, *least, *most);
    }
    return text;
}

int run(const Options& options, const Session& session) {
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
        options.plot.empty() ? tools::PlotFormat::kSvg : format_of(options.plot);

    const tools::NeuronTrace trace =
        tools::run_neuron(program, args, stimulus, options.steps, options.seed, options.records);
    if (!options.csv.empty()) write_file(options.csv, csv_text(trace));
    if (!options.plot.empty())
        write_file(options.plot, tools::plot_trace(trace, program.name, format));
    if (options.csv.empty() && options.plot.empty()) session.console.print(step_table(trace));
    session.console.print(summary(program, trace));
    if (trace.overflows != 0) {
        session.console.warn("RUN-OVERFLOW", {file.string(), 0, 0},
                             fmt::format("{} results did not fit the width that the instruction "
                                         "names, wrapped or saturated as on the chip",
                                         grouped(trace.overflows)),
                             fmt::format("seamount asm {} says which can", file.string()));
    }
    if (trace.failed_views != 0) {
        session.console.warn("RUN-VIEW", {file.string(), 0, 0},
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

void add_neuron(CLI::App& app, Session& session) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("neuron", "Run one neuron and show what it does");
    command->add_option("FILE|NAME", options->neuron, "Microcode (.asm), or name in the library")
        ->required()
        ->type_name("");
    command->add_option("--param", options->params, "An argument of the program")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    command->add_option("--input", options->inputs, "What its synapses add up to (see below)")
        ->type_name("SPEC")
        ->allow_extra_args(false);
    command->add_option("--steps", options->steps, "Time steps")
        ->required()
        ->check(CLI::Range(1U, 1000000U).description(""));
    command
        ->add_option("--record", options->records,
                     "State words and views (default: the state words that change)")
        ->delimiter(',')
        ->type_name("NAME,...")
        ->allow_extra_args(false);
    command->add_option("--seed", options->seed, "Seed of RND")
        ->check(seed_range())
        ->capture_default_str();
    command->add_option("--csv", options->csv, "Write every step")->type_name("FILE");
    command->add_option("--plot", options->plot, "Draw every step")->type_name("FILE.svg|png");
    add_quiet(*command, session.console);
    command->footer(kFooter);
    command->callback([options, &session] {
        session.command = [options, &session] { return run(*options, session); };
    });
}

}  // namespace seamount::cli
