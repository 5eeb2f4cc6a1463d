#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"
#include "tools/cli/start/start_commands.hpp"

namespace seamount::cli {
namespace {

namespace fs = std::filesystem;

/// A network to start from; @NAME@ is its name.
constexpr std::string_view kNetwork = R"(# seamount run @NAME@.yaml --steps 200 --out @NAME@_run
# seamount report @NAME@_run --open
network: @NAME@
seed: 1

populations:
  hidden:
    neuron: lif                      # a program of configs/neurons, or your own file.asm
    size: 40
    params: {du: 2048, dv: 256, vth: 100}   # decays in 1/4096 per step; the threshold in weights
  output:
    neuron: lif
    size: 4
    params: {du: 2048, dv: 128, vth: 120}

inputs:
  noise: {size: 20, poisson: 0.1}    # spikes with this probability in each step

projections:
  - {from: noise, to: hidden, rule: fixed_probability, probability: 0.3, weights: {uniform: [20, 60]}}
  - {from: hidden, to: output, rule: all_to_all, weights: 12, delay: 1}
  - {from: output, to: hidden, rule: all_to_all, weights: -20}

probes:
  - {population: output, record: [v]}    # traces in potentials.csv
)";

std::string text_for(const std::string& name) {
    constexpr std::string_view kMark = "@NAME@";
    std::string text{kNetwork};
    for (std::size_t at = 0; (at = text.find(kMark, at)) != std::string::npos; at += name.size()) {
        text.replace(at, kMark.size(), name);
    }
    return text;
}

int write_network(const std::string& given, const tools::Console& console) {
    fs::path path{given};
    if (path.extension() != ".yaml" && path.extension() != ".yml") path += ".yaml";
    const std::string name = path.stem().string();
    const bool plain = name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789_-") == std::string::npos;
    if (name.empty() || !plain) {
        bad_input("CLI-USAGE", "seamount new", fmt::format("'{}' is no name of a network", name),
                  "use letters, digits, _ and -");
    }
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(path, ignored))) {
        bad_input("OUT-WRITE", path.string(), "there is such a file already",
                  "choose another name");
    }
    write_file(path, text_for(name));
    console.print(fmt::format("wrote {0}\nrun it: seamount run {0} --steps 200 --out {1}_run\n",
                              path.string(), name));
    return tools::kOk;
}

}  // namespace

Command new_command(tools::Console& console) {
    const auto name = std::make_shared<std::string>();
    return {"new",
            "Write a small commented network to start from",
            {{.names = "NAME",
              .target = name.get(),
              .help = "Of the network; NAME.yaml is written, and replaces nothing",
              .value_name = "",
              .required = true},
             quiet_option(console.quiet)},
            "Example:\n  seamount new mine; seamount run mine.yaml --steps 200 --out mine_run",
            {},
            [name, &console] { return write_network(*name, console); }};
}

}  // namespace seamount::cli
