#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "tools/cli/options/option.hpp"

namespace seamount::cli {

/// What stands above the commands.
struct Program {
    std::string name;
    std::string help{};
    std::string version{};  ///< that --version prints; empty: there is no such option
    std::vector<Option> options{};
    std::string footer{};
    std::vector<Command> commands{};
};

/// What a command line comes to.
struct Parsed {
    std::function<int()> run;         ///< of the command; empty if nothing is left to do
    std::optional<Diagnostic> error;  ///< what is wrong with it (CLI-USAGE)
};

/// Reads a command line into the targets of the options. Help and version are printed.
[[nodiscard]] Parsed parse(const Program& program, int argc, char** argv);

/// What is wrong with these words, of which the first names `command`; nothing if they are right.
[[nodiscard]] std::optional<std::string> complaint(const Command& command,
                                                   const std::vector<std::string>& words);

}  // namespace seamount::cli
