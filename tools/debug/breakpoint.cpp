#include "tools/debug/breakpoint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>

namespace seamount::debug {
namespace {

CoreSlot read_core(const isa::Image& image, Reader& reader) {
    const SourceLocation here = reader.where();
    const auto number = static_cast<std::uint32_t>(
        reader.number(0, std::numeric_limits<std::uint32_t>::max(), "core"));
    std::vector<std::uint32_t> used;
    for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
        if (image.cores[c].core.value() == number) return CoreSlot{c};
        used.push_back(image.cores[c].core.value());
    }
    const std::size_t shown = std::min<std::size_t>(used.size(), 12);
    refuse("DBG-NAME", here, fmt::format("core {} is not used", number),
           fmt::format(
               "used are: {}{}",
               fmt::join(used.begin(), used.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
               shown < used.size() ? ", ..." : ""));
}

/// The first word of `line`, or of the next line that has one, in each program of the file.
void find_words(const isa::Image& image, const std::string& file, std::uint32_t line,
                const SourceLocation& where, Breakpoint& breakpoint) {
    std::set<std::string> files;
    std::uint32_t last = 0;
    std::uint32_t found = std::numeric_limits<std::uint32_t>::max();
    for (const isa::ProgramImage& program : image.programs) {
        files.insert(program.file);
        if (program.file != file) continue;
        for (const std::uint32_t at : program.lines) {
            last = std::max(last, at);
            if (at >= line) found = std::min(found, at);
        }
    }
    if (!files.contains(file)) {
        const std::vector<std::string> names{files.begin(), files.end()};
        refuse("DBG-NAME", where, fmt::format("no neuron runs a program of '{}'", file),
               did_you_mean(file, names));
    }
    if (found == std::numeric_limits<std::uint32_t>::max()) {
        refuse(
            "DBG-VALUE", where,
            fmt::format("line is {}, the last instruction of {} is in line {}", line, file, last));
    }
    for (std::uint32_t p = 0; p < image.programs.size(); ++p) {
        if (image.programs[p].file != file) continue;
        const auto& lines = image.programs[p].lines;
        const auto word = std::ranges::find(lines, found);
        if (word == lines.end()) continue;
        breakpoint.words.emplace_back(p, static_cast<std::uint32_t>(word - lines.begin()));
    }
    breakpoint.text = fmt::format("{}:{}{}", file, found,
                                  found == line ? "" : ", the next line with an instruction");
}

void read_line(const isa::Image& image, Reader& reader, Breakpoint& breakpoint) {
    const SourceLocation here = reader.where();
    const std::string_view word = reader.word();
    const std::size_t colon = word.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        refuse("DBG-COMMAND", here, fmt::format("'{}' is no place to stop at", word),
               "break step N, spike POP[i], core C, FILE.asm:LINE, or when FORMULA");
    }
    Reader number{word.substr(colon + 1),
                  {here.file, here.line, here.column + static_cast<std::uint32_t>(colon) + 1}};
    const auto line = static_cast<std::uint32_t>(
        number.number(1, std::numeric_limits<std::int32_t>::max(), "line"));
    number.end();
    breakpoint.kind = BreakKind::kLine;
    find_words(image, std::string{word.substr(0, colon)}, line, here, breakpoint);
    if (!reader.take("in")) return;
    breakpoint.neurons = need_selection(image, reader, true);
    breakpoint.text += fmt::format(" in {}", breakpoint.neurons->text);
}

}  // namespace

Breakpoint read_breakpoint(const isa::Image& image, Reader& reader) {
    Breakpoint breakpoint;
    const auto is = [&](BreakKind kind) {
        if (!reader.take(name_of(kBreakKindNames, kind))) return false;
        breakpoint.kind = kind;
        return true;
    };
    if (is(BreakKind::kStep)) {
        breakpoint.step = static_cast<std::uint64_t>(
            reader.number(0, std::numeric_limits<std::int64_t>::max(), "step"));
        breakpoint.text = fmt::format("step {}", breakpoint.step);
    } else if (is(BreakKind::kSpike)) {
        breakpoint.neurons = need_selection(image, reader);
        breakpoint.text = fmt::format("spike {}", breakpoint.neurons->text);
    } else if (is(BreakKind::kCore)) {
        breakpoint.core = read_core(image, reader);
        breakpoint.text = fmt::format("core {}", image.cores[breakpoint.core.index()].core);
    } else if (is(BreakKind::kWhen)) {
        const SourceLocation here = reader.where();
        breakpoint.condition = Formula::parse(image, reader.rest(), here);
        breakpoint.text = fmt::format("when {}", breakpoint.condition->text());
        for (const Formula::Term& term : breakpoint.condition->terms()) {
            if (term.of && term.word.kind < WordKind::kRegister) continue;
            refuse("DBG-COMMAND", term.where,
                   fmt::format("'{}' belongs to the compartment in work, and steps end without "
                               "one",
                               term.name),
                   "name the neuron: POPULATION[INDEX].WORD");
        }
        return breakpoint;
    } else {
        read_line(image, reader, breakpoint);
    }
    if (reader.take("if")) {
        const SourceLocation here = reader.where();
        breakpoint.condition = Formula::parse(image, reader.rest(), here);
        breakpoint.text += fmt::format(" if {}", breakpoint.condition->text());
    }
    reader.end();
    return breakpoint;
}

}  // namespace seamount::debug
