#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace seamount::tools {

inline constexpr std::string_view kManifestFile = "manifest.json";

/// What a run left in its folder, by names and hashes of the contents: the next run may replace and
/// remove that, and nothing else.
class RunManifest {
public:
    /// That of a folder. Empty if there is none, or none as text() wrote it.
    [[nodiscard]] static RunManifest of(const std::filesystem::path& folder);

    void add(const std::string& name, const std::string& hash) { files_[name] = hash; }

    /// Those of `names` that are files in the folder, with other contents than were added. The
    /// manifest itself is none, unless the folder's is not as text() wrote it.
    [[nodiscard]] std::vector<std::string> foreign(const std::filesystem::path& folder,
                                                   const std::vector<std::string>& names) const;

    /// As JSON, with a hash of its own.
    [[nodiscard]] std::string text() const;
    /// The same, of a folder whose files of these names are about to be replaced or removed: they
    /// are no foreign ones as long as they stand there.
    [[nodiscard]] std::string text_while_replacing(const std::filesystem::path& folder,
                                                   const std::vector<std::string>& names) const;

private:
    using Hashes = std::map<std::string, std::string>;

    Hashes files_;     ///< by name
    Hashes replaced_;  ///< what stood there before, while a run puts its files in place
    bool is_read_ = false;
};

}  // namespace seamount::tools
