#include "tools/import/network/network_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "isa/base/output_file.hpp"
#include "tools/base/zip_writer.hpp"

namespace seamount::importer {
namespace {

bool is_whole(double value) {
    return std::floor(value) == value && value >= std::numeric_limits<std::int32_t>::min() &&
           value <= std::numeric_limits<std::int32_t>::max();
}

void write_settings(std::string& text, const std::vector<Setting>& settings, int indent) {
    for (const Setting& setting : settings) {
        text += fmt::format("{:{}}{}: {}\n", "", indent, setting.key, setting.value);
    }
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

NetworkText::NetworkText(std::string name, std::string data, std::vector<std::string> comments)
    : name_{std::move(name)}, data_{std::move(data)}, comments_{std::move(comments)} {
    for (std::string& comment : comments_) {
        std::replace_if(comment.begin(), comment.end(), is_control, '?');
    }
}

std::string NetworkText::keep(NamedArray array) {
    std::string text = fmt::format("{{file: {}, array: {}}}", quoted_text(data_), array.name);
    arrays_.push_back(std::move(array));
    return text;
}

std::string NetworkText::values(const std::string& name, const std::vector<double>& values) {
    if (values.empty()) return "0";
    const bool equal = std::all_of(values.begin(), values.end(),
                                   [&](double value) { return value == values.front(); });
    if (equal) return number_text(values.front());
    return keep({name, {values.size()}, values});
}

void NetworkText::population(const std::string& name, const std::string& comment,
                             std::vector<Setting> settings, std::vector<Setting> params) {
    populations_.push_back({name, comment, std::move(settings), std::move(params)});
}

void NetworkText::input(const std::string& name, const std::string& comment,
                        std::vector<Setting> settings) {
    inputs_.push_back({name, comment, std::move(settings), {}});
}

void NetworkText::projection(const std::string& comment, std::vector<Setting> settings) {
    projections_.push_back({"", comment, std::move(settings), {}});
}

void NetworkText::section(const std::string& name, std::vector<Setting> settings) {
    sections_.push_back({name, "", std::move(settings), {}});
}

std::string NetworkText::yaml() const {
    std::string text;
    for (const std::string& comment : comments_) text += fmt::format("# {}\n", comment);
    text += fmt::format("network: {}\n", name_);
    const auto head = [&](const Entry& entry) {
        text += entry.comment.empty() ? fmt::format("  {}:\n", entry.name)
                                      : fmt::format("  {}:  # {}\n", entry.name, entry.comment);
    };
    if (!populations_.empty()) text += "\npopulations:\n";
    for (const Entry& entry : populations_) {
        head(entry);
        write_settings(text, entry.settings, 4);
        if (entry.params.empty()) continue;
        text += "    params:\n";
        write_settings(text, entry.params, 6);
    }
    if (!inputs_.empty()) text += "\ninputs:\n";
    for (const Entry& entry : inputs_) {
        head(entry);
        write_settings(text, entry.settings, 4);
    }
    if (!projections_.empty()) text += "\nprojections:\n";
    for (const Entry& entry : projections_) {
        if (!entry.comment.empty()) text += fmt::format("  # {}\n", entry.comment);
        const std::size_t at = text.size();
        write_settings(text, entry.settings, 4);
        if (text.size() > at) text[at + 2] = '-';
    }
    for (const Entry& entry : sections_) {
        text += fmt::format("\n{}:\n", entry.name);
        write_settings(text, entry.settings, 2);
    }
    return text;
}

std::string NetworkText::npz(const std::string& path) const {
    tools::NpzWriter archive;
    for (const NamedArray& array : arrays_) {
        if (!std::all_of(array.values.begin(), array.values.end(), is_whole)) {
            archive.add(array.name, array.shape, array.values);
            continue;
        }
        std::vector<std::int32_t> whole(array.values.size());
        std::transform(array.values.begin(), array.values.end(), whole.begin(),
                       [](double value) { return static_cast<std::int32_t>(value); });
        archive.add(array.name, array.shape, whole);
    }
    return archive.finish(path);
}

std::string list_text(const std::vector<std::uint64_t>& numbers) {
    return fmt::format("[{}]", fmt::join(numbers, ", "));
}

std::string number_text(double number) {
    return is_whole(number) ? fmt::format("{}", static_cast<std::int64_t>(number))
                            : fmt::format("{}", number);
}

std::string quoted_text(const std::string& text) {
    std::string quoted{'"'};
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += is_control(c) ? fmt::format("\\x{:02x}", c) : std::string{c};
    }
    return quoted + '"';
}

std::string Names::unique(const std::string& wanted) {
    std::string name;
    for (const char c : wanted) {
        name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    }
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) {
        name.insert(0, 1, 'n');
    }
    const auto is_taken = [&](const std::string& text) {
        return std::find(taken_.begin(), taken_.end(), text) != taken_.end();
    };
    std::string result = name;
    for (int number = 2; is_taken(result); ++number) result = fmt::format("{}_{}", name, number);
    taken_.push_back(result);
    return result;
}

std::filesystem::path data_of(const std::filesystem::path& file) {
    return std::filesystem::path{file}.replace_extension(".npz");
}

void write_network(const NetworkText& network, const std::filesystem::path& file) {
    OutputFile yaml{file};
    yaml.write(network.yaml());
    if (network.has_arrays()) write_file(data_of(file), network.npz(data_of(file).string()));
    yaml.commit();
}

}  // namespace seamount::importer
