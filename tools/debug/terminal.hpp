#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace seamount::debug {

/// Lines that somebody types, with history and completion by the tabulator.
class Terminal {
public:
    using Complete = std::function<std::vector<std::string>(const std::string& line)>;
    Terminal(std::string prompt, Complete complete);
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    /// Without its end; nothing at the end of input.
    [[nodiscard]] std::optional<std::string> line();

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

/// Ctrl-C ends a movement instead of the program, for as long as it lives.
class InterruptGuard {
public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    /// Whether it was pressed since this was asked last.
    [[nodiscard]] static bool take();

private:
    void (*before_)(int) = nullptr;
};

}  // namespace seamount::debug
