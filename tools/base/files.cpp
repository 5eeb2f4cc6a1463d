#include "tools/base/files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <system_error>

#include "isa/base/diagnostic.hpp"
#include "isa/input/input_file.hpp"

namespace seamount::tools {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kMagic = "SEAMOUNT";  ///< of images
constexpr std::array kYamlEndings{".yaml", ".yml"};

}  // namespace

bool is_image(const fs::path& path) {
    std::array<char, kMagic.size()> magic{};
    std::ifstream file{readable_path(path), std::ios::binary};
    file.read(magic.data(), magic.size());
    return file && std::string_view{magic.data(), magic.size()} == kMagic;
}

bool is_yaml(const fs::path& path) {
    if (is_stream(path)) return !is_image(path);
    const auto is_ending = [&path](const char* ending) { return path.extension() == ending; };
    return std::ranges::any_of(kYamlEndings, is_ending);
}

void require_file(const fs::path& path) {
    std::error_code ignored;
    const fs::path readable = readable_path(path);
    if (fs::is_regular_file(readable, ignored) && std::ifstream{readable}.good()) return;
    bad_input("CLI-FILE", path.string(),
              fs::exists(path, ignored) ? "not a readable file" : "no such file");
}

std::vector<fs::path> files_of(const fs::path& source) {
    std::error_code error;
    if (!fs::is_directory(source, error)) return {source};
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator entry{source, error}, end; !error && entry != end;
         entry.increment(error)) {
        if (entry->is_regular_file(error)) files.push_back(entry->path());
    }
    return files;
}

}  // namespace seamount::tools
