#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/import/network/receipt.hpp"

namespace seamount::importer {

/// A key of a network file and its value as YAML text.
struct Setting {
    std::string key;
    std::string value;
};

/// An array of the .npz beside a network file, in C order. Stored as 32-bit integers where all
/// values are such, else as 64-bit floats.
struct NamedArray {
    std::string name;
    std::vector<std::uint64_t> shape;
    std::vector<double> values;
};

/// A network file in the making, as a user could have written it and can go on editing, and the
/// arrays that it names. Sections appear in the order of the manual, entries in that of the calls.
class NetworkText {
public:
    /// `name` is the network's; `data` the name of the .npz that stands beside the file;
    /// `comments` are its first lines, where characters that are not printed become "?".
    NetworkText(std::string name, std::string data, std::vector<std::string> comments);

    /// How the file names an array that stands in the .npz from now on.
    [[nodiscard]] std::string keep(NamedArray array);
    /// The same for values of neurons: a number if all are equal.
    [[nodiscard]] std::string values(const std::string& name, const std::vector<double>& values);

    /// `params` and `settings` (shape or size, neuron, ...) follow each other as given.
    void population(const std::string& name, const std::string& comment,
                    std::vector<Setting> settings, std::vector<Setting> params);
    void input(const std::string& name, const std::string& comment, std::vector<Setting> settings);
    void projection(const std::string& comment, std::vector<Setting> settings);
    /// A section of one entry, such as `readout`.
    void section(const std::string& name, std::vector<Setting> settings);

    [[nodiscard]] std::string yaml() const;
    /// The .npz as the bytes of a file; `path` is for the message. Throws InputError (OUT-WRITE).
    [[nodiscard]] std::string npz(const std::string& path) const;
    [[nodiscard]] bool has_arrays() const noexcept { return !arrays_.empty(); }

private:
    struct Entry {
        std::string name;
        std::string comment;
        std::vector<Setting> settings;
        std::vector<Setting> params;
    };
    std::string name_;
    std::string data_;
    std::vector<std::string> comments_;
    std::vector<Entry> populations_;
    std::vector<Entry> inputs_;
    std::vector<Entry> projections_;
    std::vector<Entry> sections_;
    std::vector<NamedArray> arrays_;
};

/// What an importer makes of a file.
struct Imported {
    NetworkText network;
    std::vector<std::string> notes{};  ///< what a user should know about it
    std::uint64_t layers = 0;          ///< of the file, whatever they do
    std::uint64_t neurons = 0;
    std::uint64_t weights = 0;  ///< numbers; a kernel has each once
    /// Milliseconds of a step, where inputs may come in files with times.
    std::optional<double> dt_ms{};
    std::vector<std::filesystem::path> files_read{};  ///< beside the file itself
    /// What became of each number; null if all are the file's own.
    std::shared_ptr<Receipt> receipt{};
};

/// A shape or list as YAML: "[3, 66, 200]".
[[nodiscard]] std::string list_text(const std::vector<std::uint64_t>& numbers);
/// A number as YAML: whole numbers without fraction, others with all their digits.
[[nodiscard]] std::string number_text(double number);

/// A text in quotes, as a YAML scalar that means just it.
[[nodiscard]] std::string quoted_text(const std::string& text);

/// Gives names that a network file can have: everything but letters, digits and "_" becomes "_";
/// a name that is taken gets a number.
class Names {
public:
    [[nodiscard]] std::string unique(const std::string& wanted);

private:
    std::vector<std::string> taken_;
};

/// Writes FILE and, if it names arrays, the .npz beside it, each whole or not at all.
void write_network(const NetworkText& network, const std::filesystem::path& file);
/// The .npz that belongs to a network file: the same name with another ending.
[[nodiscard]] std::filesystem::path data_of(const std::filesystem::path& file);

}  // namespace seamount::importer
