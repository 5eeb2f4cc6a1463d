#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace seamount::watch {

struct Options {
    std::filesystem::path what;    ///< folder of run --out, or store of a sweep
    std::uint32_t port = 0;        ///< 0: any that is free
    bool ends_with_stdin = false;  ///< and not before: whoever holds it says how long
};

/// Serves the page of a run or a sweep until it is over: the run has its final records, or nobody
/// writes it any more; of a sweep until the process is ended. `say` gets the address, and lines
/// about what happens. Throws InputError (WATCH-PORT; WATCH-OVER; CLI-FILE for a folder without
/// records, and for what is neither; EXP-STORE for a file that is no store).
void watch(const Options& options, const std::function<void(const std::string&)>& say);

}  // namespace seamount::watch
