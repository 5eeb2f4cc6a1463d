#include "compiler/frontend/context/quoted_file.hpp"

#include "isa/base/output_file.hpp"

namespace seamount::compiler::frontend {
std::string in_quotes(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

YamlFile naming_file(const std::string& key, const std::filesystem::path& file,
                     const std::string& where, Diagnostics& found, const std::string& more) {
    const std::string path = in_quotes(
        is_standard_stream(file) ? file.string() : std::filesystem::absolute(file).string());
    return YamlFile::parse(key + ": {file: " + path + more + "}\n", where, {}, found);
}

}  // namespace seamount::compiler::frontend
