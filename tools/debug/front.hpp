#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tools/session/listener.hpp"
#include "tools/session/request.hpp"

namespace seamount::debug {

/// What is debugged, and by which commands.
struct Request {
    session::RunRequest run;            ///< steps that are not given: the dataset's, or without end
    std::filesystem::path script;       ///< commands, a line each; empty: none
    std::vector<std::string> commands;  ///< after those of the script
};

struct Console {
    std::function<void(const std::string&)> print;  ///< stdout
    std::function<void(const InputError&)> report;  ///< stderr
};

/// Opens the network and executes the commands; without any those of the terminal, or of stdin.
/// Commands of a script are all understood before the first one is executed, and each is printed
/// before what it says. Throws InputError, in a script at the command that failed (DBG-*).
void run(const Request& request, session::Listener& listener, const Console& console);

}  // namespace seamount::debug
