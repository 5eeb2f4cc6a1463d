// Commands, and what moves the run.
#include "tools/debug/shell.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "isa/base/text.hpp"
#include "tools/debug/synapses.hpp"

namespace seamount::debug {
namespace {

constexpr std::int64_t kMostSteps = std::int64_t{1} << 40U;

}  // namespace

Shell::Shell(Debugger& debugger, std::vector<std::filesystem::path> sources, Print print)
    : debugger_{debugger}, sources_{std::move(sources)}, print_{std::move(print)} {}

Shell::Action Shell::parse(const std::string& line, const SourceLocation& where) {
    Reader reader{line, where};
    if (reader.at_end() || reader.peek() == '#') return {};
    const Verb verb = read_verb(reader);
    return parse(verb, reader);
}

Shell::Action Shell::parse(Verb verb, Reader& reader) {
    switch (verb) {
        case Verb::kBreak:
            return [this, breakpoint = read_breakpoint(debugger_.image(), reader)] {
                add(breakpoint);
            };
        case Verb::kDelete:
            return parse_delete(reader);
        case Verb::kRun:
            return parse_continue(reader, true);
        case Verb::kContinue:
            return parse_continue(reader, false);
        case Verb::kStep:
            return parse_move(reader, Move::kStep);
        case Verb::kNext:
            return parse_move(reader, Move::kCompartment);
        case Verb::kStepi:
            return parse_move(reader, Move::kInstruction);
        case Verb::kBack: {
            const SourceLocation here = reader.where();
            const std::int64_t count =
                reader.at_end() ? 1 : reader.number(1, kMostSteps, "number of steps");
            reader.end();
            return [this, count, here] { back(static_cast<std::uint64_t>(count), here); };
        }
        case Verb::kGoto: {
            const SourceLocation here = reader.where();
            const auto step = static_cast<std::uint64_t>(reader.number(0, kMostSteps, "step"));
            reader.end();
            return [this, step, here] {
                const auto end = debugger_.setting().end;
                if (end && step > *end) {
                    refuse("DBG-VALUE", here,
                           fmt::format("step is {}, the run ends after {}", step, *end));
                }
                debugger_.go_to(step, here);
                show_place();
                if (debugger_.step() < step && debugger_.at_end()) {
                    print_(fmt::format("the run ends before step {}\n", step));
                }
            };
        }
        case Verb::kPrint:
            return parse_print(reader);
        case Verb::kSet:
            return parse_set(reader);
        case Verb::kWhy:
            return parse_why(reader);
        case Verb::kInfo:
            return parse_info(reader);
        case Verb::kList:
            return parse_list(reader);
        case Verb::kHelp: {
            const std::string text = reader.at_end() ? help_text() : help_text(read_verb(reader));
            reader.end();
            return [this, text] { print_(text); };
        }
        case Verb::kQuit:
            reader.end();
            return [this] { quit_ = true; };
    }
    return {};
}

Shell::Action Shell::parse_delete(Reader& reader) {
    std::optional<std::uint32_t> number;
    const SourceLocation here = reader.where();
    if (!reader.at_end()) {
        number = static_cast<std::uint32_t>(
            reader.number(1, std::numeric_limits<std::int32_t>::max(), "breakpoint"));
    }
    reader.end();
    return [this, number, here] {
        const std::size_t gone = std::erase_if(debugger_.breakpoints, [&](const Breakpoint& each) {
            return !number || each.number == *number;
        });
        if (number && gone == 0) {
            refuse("DBG-VALUE", here, fmt::format("there is no breakpoint {}", *number),
                   "'info breakpoints' lists them");
        }
        print_(fmt::format("{} deleted\n", counted(gone, "breakpoint")));
    };
}

Shell::Action Shell::parse_continue(Reader& reader, bool from_start) {
    std::optional<std::uint64_t> until;
    const SourceLocation here = reader.where();
    if (!reader.at_end()) {
        until = static_cast<std::uint64_t>(reader.number(1, kMostSteps, "step"));
    }
    reader.end();
    return [this, until, here, from_start] {
        if (from_start) debugger_.restart();
        go_on(until, here);
    };
}

void Shell::go_on(std::optional<std::uint64_t> until, const SourceLocation& where) {
    if (until && *until <= debugger_.step()) {
        refuse("DBG-VALUE", where,
               fmt::format("step is {}, must be above {}", *until, debugger_.step()),
               "'goto' goes back");
    }
    if (!until && !debugger_.setting().end && debugger_.breakpoints.empty()) {
        refuse("DBG-STATE", where, "nothing would ever stop it: there is no breakpoint",
               "say up to which step: continue STEP, or --steps N");
    }
    const Stopped stopped = debugger_.advance(Move::kContinue, until);
    report(stopped);
    if (stopped.why != Stopped::Why::kEnd || !until || *until <= debugger_.step()) return;
    print_(fmt::format("the run ends before step {}\n", *until));
}

void Shell::back(std::uint64_t count, const SourceLocation& where) {
    const std::uint64_t now = debugger_.step() + (debugger_.is_inside() ? 1U : 0U);
    debugger_.go_to(now > count ? now - count : 0, where);
    show_place();
    if (count <= now) return;
    print_(fmt::format("went back {} of {}: that is the start\n", counted(now, "step"), count));
}

Shell::Action Shell::parse_move(Reader& reader, Move how) {
    const auto count =
        static_cast<std::uint64_t>(reader.at_end() ? 1 : reader.number(1, kMostSteps, "how often"));
    reader.end();
    return [this, how, count] { move(how, count); };
}

void Shell::move(Move how, std::uint64_t count) {
    if (debugger_.at_end()) {
        show_place();
        print_("the run is at its end: 'back' and 'goto' go back, 'run' begins again\n");
        return;
    }
    Stopped stopped;
    std::uint64_t done = 0;
    while (done < count && !debugger_.at_end()) {
        stopped = debugger_.advance(how);
        ++done;
        if (stopped.why != Stopped::Why::kMoved) break;
    }
    report(stopped);
    if (done == count || !debugger_.at_end()) return;
    print_(fmt::format("went on {} of {}: that is the end of the run\n", done, count));
}

void Shell::add(const Breakpoint& breakpoint) {
    debugger_.breakpoints.push_back(breakpoint);
    debugger_.breakpoints.back().number = next_number_++;
    print_(
        fmt::format("breakpoint {}: {}\n", debugger_.breakpoints.back().number, breakpoint.text));
}

void Shell::report(const Stopped& stopped) {
    for (const Stopped::Hit& hit : stopped.hits) {
        print_(fmt::format("breakpoint {}: {}\n", hit.number, hit.says));
    }
    if (stopped.why == Stopped::Why::kInterrupted) print_("interrupted\n");
    show_place();
}

Shell::Action Shell::parse_set(Reader& reader) {
    reader.skip_blanks();
    const isa::Image& image = debugger_.image();
    if (auto selection = read_selection(image, reader)) {
        return parse_set_selection(*std::move(selection), reader);
    }
    const SourceLocation here = reader.where();
    if (reader.take("reward")) {
        if (!reader.take("[")) reader.expected("'['");
        const auto channel =
            static_cast<std::uint32_t>(reader.number(0, isa::kRewards - 1, "channel of rewards"));
        if (!reader.take("]") || !reader.take("=")) reader.expected("'] ='");
        const auto value = static_cast<std::int32_t>(reader.number(-128, 127, "reward"));
        reader.end();
        return [this, channel, value, here] { debugger_.reward(channel, value, here); };
    }
    // A word of the compartment in work.
    const std::string name{reader.name()};
    if (name.empty()) reader.expected("what is set");
    (void)Formula::parse(image, name, here);  // refuses what is no name
    if (!reader.take("=")) reader.expected("'='");
    const SourceLocation value_at = reader.where();
    Formula formula = Formula::parse(image, reader.rest(), value_at);
    return [this, name, formula, here] {
        debugger_.write_here(name, debugger_.value(formula, 0), here);
    };
}

Shell::Action Shell::parse_set_selection(Selection selection, Reader& reader) {
    const isa::Image& image = debugger_.image();
    if (reader.take("->")) return parse_set_synapses(std::move(selection), reader);
    const std::size_t before = reader.position();
    if (reader.take(".") && reader.take("axons")) {
        return parse_set_axon(std::move(selection), reader);
    }
    reader.back_to(before);
    if (selection.is_input) {
        if (!reader.take("=")) reader.expected("'=' and the payload of a spike");
        const SourceLocation here = selection.where;
        const auto payload = static_cast<std::int32_t>(
            reader.number(std::numeric_limits<std::int32_t>::min(),
                          std::numeric_limits<std::int32_t>::max(), "payload"));
        reader.end();
        return [this, selection = std::move(selection), payload, here] {
            debugger_.inject(selection.index, selection.members, payload, here);
        };
    }
    const Formula::Term term = read_term(image, std::move(selection), reader);
    if (!reader.take("=")) reader.expected("'='");
    const SourceLocation value_at = reader.where();
    Formula formula = Formula::parse(image, reader.rest(), value_at);
    const std::size_t count = term.of->members.size();
    if (formula.count() != 1 && formula.count() != count) {
        refuse("DBG-VALUE", value_at,
               fmt::format("{} values for {}", formula.count(), counted(count, "neuron")));
    }
    return [this, term, formula, count] {
        std::vector<std::int64_t> values;
        for (std::size_t i = 0; i < formula.count(); ++i) {
            values.push_back(debugger_.value(formula, i));
        }
        std::vector<NeuronId> neurons;
        for (std::size_t i = 0; i < count; ++i) {
            neurons.push_back(neuron_of(debugger_.image(), *term.of, i));
        }
        if (term.word.kind < WordKind::kRegister) {
            return debugger_.write(neurons, term.word, values, term.where);
        }
        for (const NeuronId neuron : neurons) {
            if (debugger_.is_inside() && debugger_.walk().neuron() == neuron) continue;
            (void)debugger_.read(neuron, term.word, term.where);  // refuses
        }
        debugger_.write_here(term.name, values.front(), term.where);
    };
}

Shell::Action Shell::parse_set_axon(Selection selection, Reader& reader) {
    const SourceLocation here = selection.where;
    if (!reader.take("[")) reader.expected("'[' and the number of the axon");
    const auto axon = static_cast<std::uint32_t>(reader.number(0, 65535, "number of the axon"));
    if (!reader.take("]") || !reader.take(".")) reader.expected("'].' and a field");
    const SourceLocation field_at = reader.where();
    const std::string name{reader.name()};
    const auto field = seamount::parse(kAxonFieldNames, name);
    if (!field) {
        refuse("DBG-NAME", field_at, fmt::format("an axon has no '{}'", name),
               fmt::format("it has: {}", fmt::join(names(kAxonFieldNames), ", ")));
    }
    if (!reader.take("=")) reader.expected("'='");
    const std::int64_t value = reader.number(0, 65535, name);
    reader.end();
    return [this, selection = std::move(selection), axon, field = *field, value, here] {
        set_axon(debugger_, selection, axon, field, value, here);
    };
}

Shell::Action Shell::parse_set_synapses(Selection from, Reader& reader) {
    const Selection to = need_selection(debugger_.image(), reader, true);
    if (!reader.take(".")) reader.expected("'.weight' or '.delay'");
    const SourceLocation here = reader.where();
    const std::string name{reader.name()};
    const auto field = seamount::parse(kSynapseFieldNames, name);
    if (!field) {
        refuse("DBG-NAME", here, fmt::format("a synapse has no '{}'", name),
               fmt::format("it has: {}", fmt::join(names(kSynapseFieldNames), ", ")));
    }
    if (!reader.take("=")) reader.expected("'='");
    const SourceLocation value_at = reader.where();
    const std::int64_t value = reader.number(-32768, 32767, name);
    reader.end();
    return [this, from = std::move(from), to, field = *field, value, value_at] {
        const std::size_t count = set_synapses(debugger_, from, to, field, value, value_at);
        if (count > 1) print_(fmt::format("{} set\n", counted(count, "synapse")));
    };
}

Shell::Action Shell::parse_why(Reader& reader) {
    const Selection selection = need_selection(debugger_.image(), reader, true);
    if (selection.members.size() != 1) {
        refuse("DBG-VALUE", selection.where, "one neuron at a time: POPULATION[INDEX]");
    }
    reader.end();
    return [this, selection] {
        print_why(neuron_of(debugger_.image(), selection, 0), selection.where);
    };
}

std::vector<std::string> Shell::completions(const std::string& line) const {
    const std::size_t begin = line.find_last_of(" \t(->=") + 1;
    const std::string word = line.substr(begin);
    std::vector<std::string> names;
    const isa::Image& image = debugger_.image();
    if (begin == 0) {
        names = verb_names();
    } else if (const std::size_t dot = word.rfind('.'); dot != std::string::npos) {
        const std::string name = word.substr(0, std::min(word.find('['), dot));
        for (std::uint32_t p = 0; p < image.populations.size(); ++p) {
            const isa::ProgramImage* const program = isa::program_of(image, p);
            if (image.populations[p].name != name || program == nullptr) continue;
            for (const std::string& each : word_names(*program)) {
                names.push_back(word.substr(0, dot + 1) + each);
            }
        }
    } else {
        for (const auto& population : image.populations) names.push_back(population.name);
        for (const auto& input : image.inputs) names.push_back(input.name);
        for (const auto& program : image.programs) names.push_back(program.file);
        for (std::string& kind : seamount::names(kBreakKindNames)) names.push_back(std::move(kind));
        for (std::string& topic : seamount::names(kTopicNames)) names.push_back(std::move(topic));
    }
    std::erase_if(names, [&](const std::string& name) { return !name.starts_with(word); });
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace seamount::debug
