#include "compiler/cache/cache_file.hpp"

#include <algorithm>

#include "isa/base/diagnostic.hpp"
#include "isa/base/output_file.hpp"

namespace seamount::compiler {

FileDigest digits_of(const ContentHash& hash) {
    FileDigest digits{};
    const std::string text = hash.digest();
    std::copy(text.begin(), text.end(), digits.begin());
    return digits;
}

bool write_parts(const std::filesystem::path& path,
                 std::initializer_list<std::span<const std::byte>> parts) {
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
