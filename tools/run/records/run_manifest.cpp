#include "tools/run/records/run_manifest.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

#include "isa/base/content_hash.hpp"
#include "isa/base/json.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "seamount run";
constexpr int kVersion = 1;
constexpr std::uintmax_t kMostBytes = 1 << 20;  ///< far above what text() writes

/// Contents may be lost there: links count as what they lead to, pipes and devices not at all.
bool is_file(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

bool has(const std::map<std::string, std::string>& hashes, const std::string& name,
         const std::string& hash) {
    const auto found = hashes.find(name);
    return found != hashes.end() && found->second == hash;
}

/// Text of a manifest whose own hash is not among the files yet, then with it.
std::string signed_text(Json json) {
    const std::string hash = content_hash(json_text(json));
    json["files"][std::string{kManifestFile}] = hash;
    return json_text(json, 2) + '\n';
}

Json json_of(const std::map<std::string, std::string>& files,
             const std::map<std::string, std::string>& replaced) {
    Json json{{"manifest", kFormat}, {"version", kVersion}, {"files", Json::object()}};
    if (!replaced.empty()) json["replaced"] = replaced;
    for (const auto& [name, hash] : files) json["files"][name] = hash;
    return json;
}

/// The texts of a JSON object, without the manifest's own; whatever is no text is left out.
std::map<std::string, std::string> hashes_of(const Json& json, const char* key) {
    std::map<std::string, std::string> hashes;
    const auto object = json.find(key);
    if (object == json.end() || !object->is_object()) return hashes;
    for (const auto& [name, hash] : object->items()) {
        if (name != kManifestFile && hash.is_string()) hashes[name] = hash.get<std::string>();
    }
    return hashes;
}

}  // namespace

RunManifest RunManifest::of(const fs::path& folder) {
    RunManifest manifest;
    const fs::path path = folder / kManifestFile;
    std::error_code error;
    if (!is_file(path) || fs::file_size(path, error) > kMostBytes || error) return manifest;
    std::ifstream stream{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const Json json = parse_json(text);
    if (!json.is_object()) return manifest;
    manifest.files_ = hashes_of(json, "files");
    manifest.replaced_ = hashes_of(json, "replaced");
    manifest.is_read_ = signed_text(json_of(manifest.files_, manifest.replaced_)) == text;
    return manifest.is_read_ ? manifest : RunManifest{};
}

std::vector<std::string> RunManifest::foreign(const fs::path& folder,
                                              const std::vector<std::string>& names) const {
    std::vector<std::string> foreign;
    for (const std::string& name : names) {
        if (!is_file(folder / name)) continue;
        if (name == kManifestFile) {
            if (!is_read_) foreign.push_back(name);
            continue;
        }
        if (!files_.contains(name) && !replaced_.contains(name)) {
            foreign.push_back(name);
            continue;
        }
        const std::string hash = content_hash_of_file(folder / name);
        if (!has(files_, name, hash) && !has(replaced_, name, hash)) foreign.push_back(name);
    }
    return foreign;
}

std::string RunManifest::text() const {
    return signed_text(json_of(files_, {}));
}

std::string RunManifest::text_while_replacing(const fs::path& folder,
                                              const std::vector<std::string>& names) const {
    Hashes replaced;
    for (const std::string& name : names) {
        if (name != kManifestFile && is_file(folder / name)) {
            replaced[name] = content_hash_of_file(folder / name);
        }
    }
    return signed_text(json_of(files_, replaced));
}

}  // namespace seamount::tools
