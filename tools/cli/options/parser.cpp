// The only file that sees CLI11, which takes seconds to compile.

#include "tools/cli/options/parser.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <string_view>
#include <type_traits>

namespace seamount::cli {
namespace {

template <class T>
struct NumberOf {
    using Type = T;
};
template <class T>
struct NumberOf<std::optional<T>> {
    using Type = T;
};

/// Whole numbers are decimal: CLI11 alone reads 0100 as 64 and 0x10 as 16.
CLI::Validator decimal() {
    const auto leads_with_zero = [](const std::string& text) -> std::string {
        const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
        if (text.size() - sign < 2 || text[sign] != '0') return {};
        const bool digits = text.find_first_not_of("0123456789", sign) == std::string::npos;
        return digits ? fmt::format("{} starts with 0; remove the leading zeros", text)
                      : fmt::format("{} is not a whole decimal number", text);
    };
    return {leads_with_zero, ""};
}

/// As of a shell's variable that is not set: no option means that.
CLI::Validator not_empty() {
    return {[](const std::string& text) -> std::string {
                return text.empty() ? "the value is empty" : "";
            },
            ""};
}

/// 1e3 and 2.5e2 are whole numbers too.
std::string as_whole(std::string& text) {
    constexpr double kExact = 9007199254740992.0;  // 2^53: doubles hold all whole numbers up to it
    if (text.find_first_of("eE") == std::string::npos || text.starts_with("0x")) return {};
    double value = 0.0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || std::abs(value) > kExact) return {};
    if (value == std::trunc(value)) text = fmt::format("{:.0f}", value);
    return {};
}

template <class T>
CLI::Validator range_of(const Range& range) {
    if constexpr (std::is_integral_v<T>) {
        // As the help has always shown it, whatever the type.
        if (range.shown) {
            return CLI::Range(static_cast<int>(range.least), static_cast<int>(range.most));
        }
        return CLI::Range(static_cast<T>(range.least), static_cast<T>(range.most)).description("");
    } else {
        throw std::logic_error("only whole numbers have a range");
    }
}

CLI::Option* add_choice(CLI::App& app, const Option& option, const Choice& choice) {
    const auto take = [choice](const std::string& name) {
        const auto found = std::find(choice.names.begin(), choice.names.end(), name);
        choice.take(static_cast<std::size_t>(found - choice.names.begin()));
    };
    return app.add_option_function<std::string>(option.names, take, option.help)
        ->check(CLI::IsMember(choice.names))
        ->default_str(option.required ? std::string{} : choice.shown);
}

/// Adds an option whose value goes to `target`.
CLI::Option* add_target(CLI::App& app, const Option& option) {
    return std::visit(
        [&](const auto& target) -> CLI::Option* {
            using Held = std::decay_t<decltype(target)>;
            if constexpr (std::is_same_v<Held, Choice>) {
                return add_choice(app, option, target);
            } else if constexpr (std::is_same_v<Held, bool*>) {
                return app.add_flag(option.names, *target, option.help);
            } else {
                CLI::Option* const added = app.add_option(option.names, *target, option.help);
                using Value = std::remove_pointer_t<Held>;
                if constexpr (std::is_integral_v<typename NumberOf<Value>::Type>) {
                    added->transform(CLI::Validator{as_whole, ""});
                    added->check(decimal());
                }
                if (option.range) {
                    added->check(range_of<typename NumberOf<Value>::Type>(*option.range));
                }
                if constexpr (!std::is_arithmetic_v<typename NumberOf<Value>::Type>) {
                    if (option.names.starts_with('-')) added->check(not_empty());
                }
                if (option.check) added->check(CLI::Validator{option.check, ""});
                if (option.shows_default) added->capture_default_str();
                if (!option.shown_default.empty()) added->default_str(option.shown_default);
                return added;
            }
        },
        option.target);
}

bool is_list(const Option& option) {
    return std::holds_alternative<std::vector<std::string>*>(option.target) ||
           std::holds_alternative<std::vector<double>*>(option.target);
}

CLI::Option* add(CLI::App& app, const Option& option) {
    CLI::Option* const added = add_target(app, option);
    if (option.required) added->required();
    if (option.value_name) added->type_name(*option.value_name);
    if (option.by_commas) added->delimiter(',');
    if (is_list(option) && option.names.starts_with('-')) added->allow_extra_args(false);
    if (!option.excludes.empty()) added->excludes(app.get_option(option.excludes));
    return added;
}

/// Throws if an option that may be left out beside a subcommand only is left out.
void require_alone(const CLI::App& app, const Command& command) {
    for (const Option& option : command.options) {
        if (!option.required_alone) continue;
        const std::vector<std::string> given = app.get_option(option.names)->results();
        if (given.empty() || given.front().empty()) throw CLI::RequiredError(option.names);
    }
}

/// Adds a command, which must outlive `app`; if it is what the words ask for, `run` becomes its
/// function.
void add(CLI::App& parent, const Command& command, std::function<int()>& run) {
    CLI::App* const app = parent.add_subcommand(command.name, command.help);
    if (!command.group.empty()) app->group(command.group);
    for (const Option& option : command.options) add(*app, option);
    for (const Command& subcommand : command.subcommands) add(*app, subcommand, run);
    if (!command.footer.empty()) app->footer(command.footer);
    app->callback([app, &command, &run] {
        if (!app->get_subcommands().empty()) return;
        require_alone(*app, command);
        run = command.run;
    });
}

/// The word that stands where a subcommand must, if it is none.
std::string unknown_subcommand(const CLI::App& app, int argc, char** argv) {
    if (!app.get_subcommands().empty()) return {};
    for (int i = 1; i < argc; ++i) {
        if (argv[i][0] != '-') return argv[i];
    }
    return {};
}

/// What other tools call a subcommand, and how it is called here.
struct OtherWord {
    std::string_view word;
    std::string_view name;
};
constexpr std::array kOtherWords{
    OtherWord{"compare", "diff"},
    OtherWord{"simulate", "run"},
    OtherWord{"sim", "run"},
    OtherWord{"sweep", "explore"},
    OtherWord{"init", "new"},
    OtherWord{"create", "new"},
    OtherWord{"build", "compile"},
    OtherWord{"map", "compile"},
    OtherWord{"check", "verify"},
    OtherWord{"info", "inspect"},
    OtherWord{"show", "report"},
    OtherWord{"view", "report"},
    OtherWord{"draw", "plot"},
    OtherWord{"why", "explain"},
    OtherWord{"convert", "import"},
    OtherWord{"assemble", "asm"},
    OtherWord{"disassemble", "disasm"},
};

/// The subcommand that is meant by `word`, by another tool's word or the closest name; "" if none.
std::string subcommand_near(const std::string& word, const std::vector<std::string>& names) {
    const auto other = std::find_if(kOtherWords.begin(), kOtherWords.end(),
                                    [&word](const OtherWord& one) { return one.word == word; });
    if (other == kOtherWords.end()) return closest(word, names);
    const std::string name{other->name};
    return std::find(names.begin(), names.end(), name) != names.end() ? name : std::string{};
}

Diagnostic subcommand_error(const CLI::App& app, const std::string& word) {
    std::vector<std::string> names;
    for (const CLI::App* known : app.get_subcommands(nullptr)) names.push_back(known->get_name());
    const std::string near = subcommand_near(word, names);
    const std::string all =
        fmt::format("known: {} (see {} --help)", fmt::join(names, ", "), app.get_name());
    return {"CLI-USAGE",
            {app.get_name(), 0, 0},
            fmt::format("no subcommand '{}'", word),
            near.empty() ? all : fmt::format("did you mean '{}'? {}", near, all)};
}

/// The options of a command as they are written, "--steps".
std::vector<std::string> option_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
        for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    }
    return names;
}

constexpr std::string_view kEndOfOptions = "--";

/// The first word that looks like an option and is none of the command's.
std::string unknown_option(const std::vector<std::string>& known, int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == kEndOfOptions) return {};
        const bool is_value = word.size() < 2 || word[0] != '-' ||
                              std::string_view{"0123456789."}.find(word[1]) != std::string::npos;
        if (is_value) continue;
        const std::string name = word.substr(0, word.find('='));
        const bool is_short =
            word[1] != '-' && std::ranges::find(known, word.substr(0, 2)) != known.end();  // -oFILE
        if (!is_short && std::ranges::find(known, name) == known.end()) return name;
    }
    return {};
}

Diagnostic usage_error(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    std::string words = app.get_name();
    const CLI::App* used = &app;
    std::vector<std::string> known = option_names(app);
    while (!used->get_subcommands().empty()) {
        used = used->get_subcommands().front();
        words += " " + used->get_name();
        const std::vector<std::string> more = option_names(*used);
        known.insert(known.end(), more.begin(), more.end());
    }
    const std::string help = fmt::format("see {} --help", words);
    if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) {
        return {"CLI-USAGE", {words, 0, 0}, error.what(), help};
    }
    if (const std::string option = unknown_option(known, argc, argv); !option.empty()) {
        const std::string near = closest(option, known);
        return {"CLI-USAGE",
                {words, 0, 0},
                fmt::format("there is no option '{}'", option),
                near.empty() ? help : fmt::format("did you mean '{}'? {}", near, help)};
    }
    std::vector<std::string> extra = used->remaining(true);
    return {"CLI-USAGE",
            {words, 0, 0},
            fmt::format("not expected: {}", fmt::join(extra, " ")),
            "name one file, and options with a value each; " + help};
}

/// The first option that is written with an empty value, `--out=`: CLI11 would take the next word.
std::string option_of_nothing(int argc, char** argv) {
    for (const std::string_view word : std::span{argv, static_cast<std::size_t>(argc)}) {
        if (word == kEndOfOptions) return {};
        const std::size_t last = word.size() - 1;
        if (word.starts_with("--") && word.find('=') == last) return std::string{word, 0, last};
    }
    return {};
}

}  // namespace

Parsed parse(const Program& program, int argc, char** argv) {
    Parsed parsed;
    CLI::App app{program.help, program.name};
    if (!program.version.empty()) {
        app.set_version_flag("--version", program.version, "Print name and version");
    }
    app.require_subcommand(1);
    for (const Option& option : program.options) add(app, option);
    app.footer(program.footer);
    for (const Command& command : program.commands) add(app, command, parsed.run);
    if (const std::string option = option_of_nothing(argc, argv); !option.empty()) {
        parsed.error = {"CLI-USAGE",
                        {program.name, 0, 0},
                        option + ": the value is empty",
                        "leave the option out, or give it one"};
        return parsed;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        parsed.run = nullptr;
        // --help and --version arrive here too
        if (error.get_exit_code() == 0) {
            app.exit(error);
            return parsed;
        }
        const std::string word = unknown_subcommand(app, argc, argv);
        parsed.error =
            word.empty() ? usage_error(app, error, argc, argv) : subcommand_error(app, word);
    }
    return parsed;
}

std::optional<std::string> complaint(const Command& command,
                                     const std::vector<std::string>& words) {
    CLI::App app;
    std::function<int()> run;
    add(app, command, run);
    try {
        app.parse(std::vector<std::string>{words.rbegin(), words.rend()});
    } catch (const CLI::ParseError& error) {
        return error.what();
    }
    return std::nullopt;
}

}  // namespace seamount::cli
