#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>

#include "tools/explore/sweep/input_files.hpp"

namespace seamount::explore {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 4 << 20;  ///< of a file whose words are read
constexpr std::size_t kMostFiles = 1000;
constexpr int kMostDepth = 4;                          ///< of folders in a package
constexpr std::string_view kCompiled = "__pycache__";  ///< folder of what Python made of sources
/// How names of sources end.
constexpr std::array<std::string_view, 14> kEndings{".py", ".sh",  ".bash", ".pl", ".pm",
                                                    ".rb", ".lua", ".R",    ".r",  ".jl",
                                                    ".js", ".m",   ".awk",  ".so"};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"_-./+"}.find(c) != std::string_view::npos;
}

bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

bool has_source_ending(const fs::path& path) {
    const std::string ending = path.extension().string();
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

bool is_source(const fs::path& path) {
    if (has_source_ending(path)) return true;
    std::error_code ignored;
    const fs::perms rights = fs::status(path, ignored).permissions();
    return path.extension().empty() && (rights & fs::perms::owner_exec) != fs::perms::none;
}

/// Follows the words of sources to further sources.
class SourceWalk {
public:
    void visit(const fs::path& file) {
        std::error_code error;
        const fs::path path = fs::weakly_canonical(file, error);
        if (error || !is_file(path) || found_.size() >= kMostFiles) return;
        if (!found_.insert(path).second || fs::file_size(path, error) > kMostBytes) return;
        std::ifstream stream{path, std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{stream}, {}};
        if (text.find('\0') != std::string::npos) return;  // a program, not its source
        const fs::path lexical = fs::absolute(file).parent_path();
        for (const std::string& word : words_of(text)) {
            for (const fs::path& folder : {lexical, path.parent_path()}) name(folder, word);
        }
    }

    [[nodiscard]] std::vector<fs::path> found() const { return {found_.begin(), found_.end()}; }

private:
    static std::set<std::string> words_of(const std::string& text) {
        std::set<std::string> words;
        for (auto at = text.begin(); at != text.end();) {
            const auto begin = std::find_if(at, text.end(), is_word);
            at = std::find_if_not(begin, text.end(), is_word);
            if (begin != at && at - begin < 256) words.emplace(begin, at);
        }
        return words;
    }

    /// What a word of a source in `folder` may mean: a file, or a module in its language's writing.
    void name(const fs::path& folder, std::string word) {
        while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.pop_back();
        if (word.find_first_not_of('/') == std::string::npos) return;
        // Interpreters and tools of the system are not part of a script.
        const bool is_program = word.front() == '/' && !has_source_ending(word);
        if (!is_program && is_file(folder / word) && is_source(folder / word)) visit(folder / word);
        const std::size_t begin = word.find_first_not_of('.');
        if (begin == std::string::npos) return;
        std::string module = word.substr(begin);
        std::replace(module.begin(), module.end(), '.', '/');
        for (const std::string& place : {word, module}) {
            for (const std::string_view ending : kEndings) {
                const fs::path source = folder / (place + std::string{ending});
                if (is_file(source)) visit(source);
            }
        }
        if (word.find('/') != std::string::npos) return;
        for (std::size_t end = module.find('/'); end != std::string::npos;
             end = module.find('/', end + 1)) {
            visit(folder / module.substr(0, end) / "__init__.py");
        }
        visit_package(folder / module);
    }

    /// All sources of a folder that is named as a module is.
    void visit_package(const fs::path& folder) {
        std::error_code error;
        if (!fs::is_directory(folder, error)) return;
        auto entry = fs::recursive_directory_iterator{
            folder, fs::directory_options::skip_permission_denied, error};
        for (; !error && entry != fs::recursive_directory_iterator{}; entry.increment(error)) {
            if (entry.depth() >= kMostDepth) entry.disable_recursion_pending();
            if (entry->path().filename() == kCompiled) entry.disable_recursion_pending();
            if (is_file(entry->path()) && is_source(entry->path())) visit(entry->path());
            if (found_.size() >= kMostFiles) return;
        }
    }

    std::set<fs::path> found_;
};

}  // namespace

std::vector<fs::path> script_files(const fs::path& script) {
    SourceWalk walk;
    walk.visit(script);
    return walk.found();
}

}  // namespace seamount::explore
