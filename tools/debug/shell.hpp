#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tools/debug/command.hpp"
#include "tools/debug/debugger.hpp"

namespace seamount::debug {

/// Understands commands, executes them, and says what came of it.
class Shell {
public:
    using Print = std::function<void(const std::string&)>;
    /// A command that was understood; it may throw InputError.
    using Action = std::function<void()>;

    /// `sources`: files in which microcode may stand. `debugger` must outlive it.
    Shell(Debugger& debugger, std::vector<std::filesystem::path> sources, Print print);

    /// Reads a line; nothing happens yet. A line that is empty or begins with # gives none. Throws
    /// InputError (DBG-*) with places from `where` on.
    [[nodiscard]] Action parse(const std::string& line, const SourceLocation& where);
    [[nodiscard]] bool has_quit() const noexcept { return quit_; }
    /// Says where the run is.
    void show_place();
    /// What the last word of a line may be completed to.
    [[nodiscard]] std::vector<std::string> completions(const std::string& line) const;

private:
    [[nodiscard]] Action parse(Verb verb, Reader& reader);
    [[nodiscard]] Action parse_delete(Reader& reader);
    [[nodiscard]] Action parse_continue(Reader& reader, bool from_start);
    [[nodiscard]] Action parse_move(Reader& reader, Move move);
    [[nodiscard]] Action parse_print(Reader& reader);
    [[nodiscard]] Action parse_set(Reader& reader);
    [[nodiscard]] Action parse_set_selection(Selection selection, Reader& reader);
    [[nodiscard]] Action parse_set_axon(Selection selection, Reader& reader);
    [[nodiscard]] Action parse_set_synapses(Selection from, Reader& reader);
    [[nodiscard]] Action parse_why(Reader& reader);
    [[nodiscard]] Action parse_info(Reader& reader);
    [[nodiscard]] Action parse_list(Reader& reader);

    void add(const Breakpoint& breakpoint);
    void move(Move move, std::uint64_t count);
    void back(std::uint64_t count, const SourceLocation& where);
    void go_on(std::optional<std::uint64_t> until, const SourceLocation& where);
    void report(const Stopped& stopped);
    void print_formula(const Formula& formula);
    void print_neurons(const Selection& selection);
    void print_axons(const Selection& selection);
    void print_queue(const Selection& selection);
    void print_synapses(const Selection& from, const Selection& to);
    void print_why(NeuronId neuron, const SourceLocation& where);
    void info(Topic topic);
    void info_place();
    void info_breakpoints();
    void info_network(Topic topic);
    void info_registers();
    void list(const isa::ProgramImage& program, std::optional<std::uint32_t> pc, bool whole);
    [[nodiscard]] std::string spikes_text() const;
    [[nodiscard]] std::string instruction_text(const isa::ProgramImage& program,
                                               std::uint32_t pc) const;
    [[nodiscard]] const std::vector<std::string>& source_of(const isa::ProgramImage& program);

    Debugger& debugger_;
    std::vector<std::filesystem::path> sources_;
    Print print_;
    std::map<std::string, std::vector<std::string>> source_lines_;  ///< by file
    std::uint32_t next_number_ = 1;
    bool quit_ = false;
};

}  // namespace seamount::debug
