#pragma once

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "isa/microcode/program.hpp"
#include "tools/debug/debugger.hpp"
#include "tools/debug/shell.hpp"
#include "tools/session/open.hpp"

namespace seamount::debug {

inline const std::filesystem::path kNetworks =
    std::filesystem::path{SEAMOUNT_SOURCE_DIR} / "configs" / "networks";

inline std::shared_ptr<const session::Loaded> open(const std::string& name) {
    session::Listener silent;
    return std::make_shared<session::Loaded>(session::open(kNetworks / name, {}, silent));
}

/// A debugger with its shell; what is said is kept.
class Talk {
public:
    explicit Talk(const session::Loaded& loaded, std::uint64_t steps,
                  std::size_t checkpoint_bytes = Checkpoints::kBytes)
        : debugger{std::make_shared<isa::Image>(loaded.image),
                   {loaded.image.seed, true, steps, checkpoint_bytes}},
          shell{debugger, loaded.files_read, [this](const std::string& text) { said += text; }} {}
    /// Executes a command and gives what it said.
    std::string operator()(const std::string& line) {
        said.clear();
        const Shell::Action action = shell.parse(line, {"test", 1, 1});
        if (action) action();
        return said;
    }
    /// The first finding about a command that is refused.
    Diagnostic refusal_of(const std::string& line) {
        try {
            (void)(*this)(line);
        } catch (const InputError& error) {
            return error.diagnostics().front();
        }
        FAIL("'" << line << "' was not refused");
        return {};
    }
    Debugger debugger;
    std::string said;
    Shell shell;
};

}  // namespace seamount::debug
