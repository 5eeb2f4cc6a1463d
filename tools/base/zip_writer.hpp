#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seamount::tools {

/// Makes a .npz: a ZIP archive of stored .npy members (PKWARE APPNOTE 4.3; numpy format 1.0).
/// Deterministic: no times, members in the order of the calls. At most 4 GiB.
class NpzWriter {
public:
    /// A one-dimensional array of little-endian 32-bit integers.
    void add(const std::string& name, const std::vector<std::int32_t>& values);
    /// Throws InputError (OUT-WRITE) with `path` if the archive would be too large.
    [[nodiscard]] std::string finish(const std::string& path);

private:
    struct Member {
        std::string name;
        std::uint32_t crc = 0;
        std::uint64_t size = 0;
        std::uint64_t offset = 0;
    };
    std::string bytes_;
    std::vector<Member> members_;
};

}  // namespace seamount::tools
