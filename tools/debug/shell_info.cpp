// Where the run is, what the network has, and its microcode.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "isa/assembly/disassembler.hpp"
#include "isa/base/text.hpp"
#include "tools/base/table.hpp"
#include "tools/debug/shell.hpp"

namespace seamount::debug {
namespace {

constexpr std::size_t kMostSpikes = 16;
constexpr std::uint32_t kAround = 4;  ///< instructions before and behind, in a short listing

std::string place_of(const isa::Image& image, const CoreWalk& walk) {
    const isa::ProgramImage& program = image.programs[walk.group().program];
    const std::uint32_t pc = walk.execution().pc();
    const std::string line = pc < program.lines.size()
                                 ? fmt::format("{}:{}", program.file, program.lines[pc])
                                 : fmt::format("{} word {}", program.file, pc);
    return fmt::format("core {}, {}, {}", walk.core().core, name_of(image, walk.neuron()), line);
}

}  // namespace

std::string Shell::instruction_text(const isa::ProgramImage& program, std::uint32_t pc) const {
    const auto decoded = isa::decode(program.words[pc]);
    if (!decoded) return "?";
    return isa::to_string(*decoded, {program.params, program.states, program.accumulators});
}

std::string Shell::spikes_text() const {
    const isa::Image& image = debugger_.image();
    std::string text;
    const std::vector<SeenSpike>& last = debugger_.last();
    for (std::size_t i = 0; i < std::min(last.size(), kMostSpikes); ++i) {
        const bool is_input = last[i].input != SeenSpike::kNeuron;
        text += ' ';
        text += is_input ? fmt::format("{}[{}]", image.inputs[last[i].input].name, last[i].index)
                         : name_of(image, NeuronId{last[i].index});
        if (last[i].payload != 1) text += fmt::format("({})", last[i].payload);
    }
    if (last.size() > kMostSpikes) text += fmt::format(" and {} more", last.size() - kMostSpikes);
    return text;
}

void Shell::show_place() {
    const std::uint64_t step = debugger_.step();
    if (debugger_.is_inside()) {
        const CoreWalk& walk = debugger_.walk();
        const isa::ProgramImage& program = debugger_.image().programs[walk.group().program];
        print_(fmt::format("in step {}, {}: {}{}\n", step, place_of(debugger_.image(), walk),
                           instruction_text(program, walk.execution().pc()),
                           walk.execution().holds() ? "" : "   ; passed over"));
        return;
    }
    std::string text = debugger_.at_end() ? fmt::format("the end, after step {}", step - 1)
                                          : fmt::format("before step {}", step);
    if (step != 0) {
        text +=
            fmt::format("; step {} had {}{}", step - 1, counted(debugger_.last().size(), "spike"),
                        debugger_.last().empty() ? "" : ":" + spikes_text());
    }
    print_(text + '\n');
}

Shell::Action Shell::parse_info(Reader& reader) {
    const Topic topic = read_topic(reader);
    reader.end();
    return [this, topic] { info(topic); };
}

void Shell::info(Topic topic) {
    switch (topic) {
        case Topic::kPlace:
            return info_place();
        case Topic::kBreakpoints:
            return info_breakpoints();
        case Topic::kRegisters:
            return info_registers();
        case Topic::kSpikes:
            print_(fmt::format("{} in the step before{}{}\n",
                               counted(debugger_.last().size(), "spike"),
                               debugger_.last().empty() ? "" : ":", spikes_text()));
            return;
        case Topic::kCheckpoints: {
            std::vector<std::string> steps;
            for (const auto& [step, checkpoint] : debugger_.checkpoints().all()) {
                steps.push_back(fmt::format("{}{}", step, checkpoint.pinned ? " (changed)" : ""));
            }
            print_(fmt::format("checkpoints before steps {}\n", fmt::join(steps, ", ")));
            return;
        }
        case Topic::kPopulations:
        case Topic::kInputs:
        case Topic::kProjections:
        case Topic::kCores:
            return info_network(topic);
    }
}

void Shell::info_place() {
    show_place();
    const isa::Image& image = debugger_.image();
    print_(fmt::format("{}: {}, {}, {}{}\n", image.network, counted(image.neuron_count(), "neuron"),
                       counted(image.cores.size(), "core"),
                       debugger_.setting().end && image.dataset.ends_early() ? "at most " : "",
                       debugger_.setting().end ? counted(*debugger_.setting().end, "step")
                                               : std::string{"no last step"}));
    print_(fmt::format("{} of neurons so far, spike hash {:016x}\n",
                       counted(debugger_.spikes(), "spike"), debugger_.spike_hash()));
}

void Shell::info_breakpoints() {
    if (debugger_.breakpoints.empty()) print_("no breakpoints\n");
    for (const Breakpoint& breakpoint : debugger_.breakpoints) {
        print_(fmt::format("{}: {}, hit {}\n", breakpoint.number, breakpoint.text,
                           counted(breakpoint.hits, "time")));
    }
}

void Shell::info_registers() {
    if (!debugger_.is_inside()) {
        print_("no step is open: 'stepi' goes into the next one\n");
        return;
    }
    const isa::Execution& execution = debugger_.walk().execution();
    std::string text;
    for (std::size_t r = 0; r < isa::kRegisters; ++r) {
        if (execution.register_at(r) == 0) continue;
        text += fmt::format("r{} {}, ", r, execution.register_at(r));
    }
    print_(fmt::format("{}flag {}, pc {}; registers that are not named are 0\n", text,
                       execution.flag() ? 1 : 0, execution.pc()));
}

void Shell::info_network(Topic topic) {
    const isa::Image& image = debugger_.image();
    if (topic == Topic::kPopulations) {
        tools::Table table{{"population", "neurons", "program", "words"}};
        for (std::uint32_t p = 0; p < image.populations.size(); ++p) {
            const isa::ProgramImage* const program = isa::program_of(image, p);
            table.add({image.populations[p].name, std::to_string(image.populations[p].count),
                       program == nullptr ? "" : program->file,
                       program == nullptr
                           ? ""
                           : fmt::format("{}", fmt::join(word_names(*program), " "))});
        }
        print_(table.text());
    } else if (topic == Topic::kInputs) {
        tools::Table table{{"input", "sources", "kind"}};
        for (const isa::InputImage& input : image.inputs) {
            table.add({input.name, std::to_string(input.size),
                       std::string{seamount::name_of(isa::kInputKindNames, input.kind)}});
        }
        print_(table.text());
    } else if (topic == Topic::kProjections) {
        tools::Table table{{"projection", "from", "to", "synapses"}};
        for (const isa::ProjectionImage& projection : image.projections) {
            table.add({projection.name, projection.from, image.populations[projection.to].name,
                       std::to_string(projection.synapses)});
        }
        print_(table.text());
    } else {
        tools::Table table{{"core", "compartments", "populations"}};
        for (const isa::CoreImage& core : image.cores) {
            std::vector<std::string> held;
            for (const isa::NeuronGroup& group : core.groups) {
                const std::string& name = image.populations[group.population].name;
                if (std::ranges::find(held, name) == held.end()) held.push_back(name);
            }
            table.add({fmt::format("{}", core.core), std::to_string(core.neurons.size()),
                       fmt::format("{}", fmt::join(held, " "))});
        }
        print_(table.text());
    }
}

Shell::Action Shell::parse_list(Reader& reader) {
    const isa::Image& image = debugger_.image();
    const SourceLocation here = reader.where();
    if (reader.at_end()) {
        return [this, here] {
            if (!debugger_.is_inside()) {
                refuse("DBG-STATE", here, "no step is open, so there is no instruction to show",
                       "list FILE.asm, or list POPULATION");
            }
            const CoreWalk& walk = debugger_.walk();
            list(debugger_.image().programs[walk.group().program], walk.execution().pc(), false);
        };
    }
    std::vector<std::string> files;
    const std::size_t begin = reader.position();
    const std::string file{reader.word()};
    for (std::uint32_t p = 0; p < image.programs.size(); ++p) {
        files.push_back(image.programs[p].file);
        if (files.back() != file) continue;
        reader.end();
        return [this, p] { list(debugger_.image().programs[p], {}, true); };
    }
    reader.back_to(begin);
    if (const auto selection = read_selection(image, reader); selection && !selection->is_input) {
        reader.end();
        return [this, population = selection->index] {
            const isa::ProgramImage* const program = isa::program_of(debugger_.image(), population);
            if (program != nullptr) list(*program, {}, true);
        };
    }
    refuse("DBG-NAME", here, fmt::format("'{}' is neither a program nor a population", file),
           fmt::format("programs are: {}", fmt::join(files, ", ")));
}

/// The source of a program, by line; empty if it is not at hand.
const std::vector<std::string>& Shell::source_of(const isa::ProgramImage& program) {
    const auto [known, is_new] = source_lines_.try_emplace(program.file);
    if (!is_new) return known->second;
    for (const std::filesystem::path& path : sources_) {
        if (path.filename() != program.file) continue;
        std::ifstream file{path};
        for (std::string line; std::getline(file, line);) known->second.push_back(line);
        break;
    }
    return known->second;
}

void Shell::list(const isa::ProgramImage& program, std::optional<std::uint32_t> pc, bool whole) {
    const std::vector<std::string>& source = source_of(program);
    const auto count = static_cast<std::uint32_t>(program.words.size());
    const std::uint32_t at = pc.value_or(0);
    const std::uint32_t first = whole || at < kAround ? 0 : at - kAround;
    const std::uint32_t end = whole ? count : std::min(count, at + kAround + 1);
    for (std::uint32_t i = first; i < end; ++i) {
        const std::uint32_t line = i < program.lines.size() ? program.lines[i] : 0;
        std::string text = line != 0 && line <= source.size() ? source[line - 1] : std::string{};
        text.erase(0, std::min(text.find_first_not_of(" \t"), text.size()));
        std::string row =
            fmt::format("{} {:>5} {:>4}  {:<30}", pc == i ? "->" : "  ",
                        line == 0 ? "" : fmt::format("{}:", line), i, instruction_text(program, i));
        if (!text.empty()) row += "  | " + text;
        row.erase(row.find_last_not_of(' ') + 1);
        print_(row + '\n');
    }
}

}  // namespace seamount::debug
