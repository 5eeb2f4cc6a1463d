#include <fmt/format.h>

#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/name_table.hpp"
#include "tools/cli/start/start_commands.hpp"

namespace seamount::cli {
namespace {

enum class Shell : std::uint8_t { kBash, kZsh, kFish };
constexpr auto kShellNames = name_table<Shell>({
    {Shell::kBash, "bash"},
    {Shell::kZsh, "zsh"},
    {Shell::kFish, "fish"},
});

/// A word that can be completed, with its help.
struct Word {
    std::string word;
    std::string help;
};
/// What may stand behind each command; behind none: the commands.
using Words = std::map<std::string, std::vector<Word>>;

void collect(const Command& command, const std::string& path, Words& words) {
    std::vector<Word>& mine = words[path];
    for (const Option& option : command.options) {
        std::istringstream names{option.names};
        for (std::string name; std::getline(names, name, ',');) {
            if (name.starts_with('-')) mine.push_back({name, option.help});
        }
    }
    mine.push_back({"--help", "Options and examples"});
    for (const Command& subcommand : command.subcommands) {
        words[path].push_back({subcommand.name, subcommand.help});
        collect(subcommand, path + " " + subcommand.name, words);
    }
}

/// In single quotes of a shell.
std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

std::string joined(const std::vector<Word>& words) {
    std::string text;
    for (const Word& word : words) text += (text.empty() ? "" : " ") + word.word;
    return text;
}

/// bash, and zsh through its bashcompinit: files complete where no option was begun.
std::string for_bash(const Words& words) {
    std::string text = R"(_seamount() {
    local word="${COMP_WORDS[COMP_CWORD]}" path="" i words
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$path ${COMP_WORDS[i]}" in
)";
    for (const auto& [path, list] : words) {
        if (!path.empty())
            text += fmt::format("            {}) path={} ;;\n", quoted(path), quoted(path));
    }
    text += "        esac\n    done\n    case \"$path\" in\n";
    for (const auto& [path, list] : words) {
        text += fmt::format("        {}) words={} ;;\n", quoted(path), quoted(joined(list)));
    }
    text += R"(    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    [[ -n "$path" && "$word" != -* ]] && COMPREPLY+=($(compgen -f -- "$word"))
}
complete -o filenames -F _seamount seamount
)";
    return text;
}

std::string for_zsh(const Words& words) {
    return "#compdef seamount\nautoload -Uz bashcompinit && bashcompinit\n" + for_bash(words);
}

std::string for_fish(const Words& words) {
    std::string text;
    for (const auto& [path, list] : words) {
        std::string last = path.substr(path.rfind(' ') + 1);
        const std::string when =
            path.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + last;
        for (const Word& word : list) {
            std::string option = "-a " + word.word;
            if (word.word.starts_with("--"))
                option = "-l " + word.word.substr(2);
            else if (word.word.starts_with('-'))
                option = "-s " + word.word.substr(1);
            text += fmt::format("complete -c seamount -n {} {} -d {}\n", quoted(when), option,
                                quoted(word.help));
        }
    }
    return text;
}

constexpr const char* kFooter =
    R"(Examples:
  source <(seamount completion bash)                                           this shell
  seamount completion bash > ~/.local/share/bash-completion/completions/seamount
  seamount completion zsh > ~/.zfunc/_seamount                                 a folder of $fpath
  seamount completion fish > ~/.config/fish/completions/seamount.fish)";

}  // namespace

Command completion_command(tools::Console& console, const std::vector<Command>& commands) {
    const auto shell = std::make_shared<Shell>(Shell::kBash);
    const auto words = std::make_shared<Words>();
    for (const Command& command : commands) {
        (*words)[""].push_back({command.name, command.help});
        collect(command, " " + command.name, *words);
    }
    (*words)[""].push_back({"completion", "Words for the shell's Tab key"});
    for (const auto& [name, shown] : {std::pair{"--help", "Commands"}, {"--version", "Version"}}) {
        (*words)[""].push_back({name, shown});
    }
    for (const Shell one : values(kShellNames)) {
        (*words)[" completion"].push_back({std::string{name_of(kShellNames, one)}, "Shell"});
    }
    return {"completion",
            "Print what makes a shell complete commands and options",
            {{.names = "SHELL",
              .target = choice(*shell, kShellNames, *shell),
              .help = "bash, zsh or fish",
              .value_name = "",
              .required = true},
             quiet_option(console.quiet)},
            kFooter,
            {},
            [shell, words] {
                fmt::print("{}", *shell == Shell::kBash  ? for_bash(*words)
                                 : *shell == Shell::kZsh ? for_zsh(*words)
                                                         : for_fish(*words));
                return static_cast<int>(tools::kOk);
            }};
}

}  // namespace seamount::cli
