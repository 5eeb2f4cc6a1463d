#include "compiler/cache/cache_file.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"

namespace seamount::compiler {

FileDigest digits_of(const ContentHash& hash) {
    FileDigest digits{};
    const std::string text = hash.digest();
    std::copy(text.begin(), text.end(), digits.begin());
    return digits;
}

namespace {

/// Whether a file is there that no cache wrote: it begins in another way than what is to be
/// written.
bool is_foreign(const std::filesystem::path& path, std::span<const std::byte> beginning) {
    constexpr std::size_t kMagic = 8;
    std::array<char, kMagic> found{};
    std::ifstream file{path, std::ios::binary};
    file.read(found.data(), found.size());
    const auto size = static_cast<std::size_t>(file.gcount());
    const std::size_t common = std::min({size, beginning.size(), kMagic});
    return size != 0 && std::memcmp(found.data(), beginning.data(), common) != 0;
}

}  // namespace

bool write_parts(const std::filesystem::path& path,
                 std::initializer_list<std::span<const std::byte>> parts) {
    if (parts.size() != 0 && is_foreign(path, *parts.begin())) return false;
    try {
        OutputFile file{path};
        for (const std::span<const std::byte> part : parts) file.write(part);
        file.commit();
        return true;
    } catch (const InputError&) {
        return false;
    }
}

}  // namespace seamount::compiler
