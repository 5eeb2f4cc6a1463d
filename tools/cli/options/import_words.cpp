#include "tools/cli/options/import_words.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "isa/base/diagnostic.hpp"

namespace seamount::cli {

std::vector<std::pair<std::string, std::string>> ImportWords::given() const {
    std::vector<std::pair<std::string, std::string>> given;
    for (const importer::ImportOption& option : importer::import_option_table()) {
        const auto text = texts.find(option.name);
        if (text != texts.end() && !text->second.empty()) given.emplace_back(*text);
        const auto flag = flags.find(option.name);
        if (flag != flags.end() && flag->second) given.emplace_back(option.name, "");
    }
    return given;
}

importer::ImportOptions ImportWords::read() const {
    return importer::read_import_options(given());
}

std::vector<Option> import_options(ImportWords& words) {
    std::vector<Option> options;
    for (const importer::ImportOption& option : importer::import_option_table()) {
        const std::string name = fmt::format("--{}", option.name);
        if (std::string_view{option.value}.empty()) {
            options.push_back({name, &words.flags[option.name], option.help});
        } else {
            options.push_back({name, &words.texts[option.name], option.help, option.value});
        }
    }
    return options;
}

double positive_number(const std::string& option, const std::string& text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && stop == end && std::isfinite(value) && value > 0) return value;
    bad_input("CLI-USAGE", option, fmt::format("is '{}', must be a number above 0", text));
}

}  // namespace seamount::cli
