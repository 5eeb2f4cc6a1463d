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
    /// An array of little-endian 32-bit integers in C order; without a shape it has one dimension.
    void add(const std::string& name, const std::vector<std::int32_t>& values);
    void add(const std::string& name, const std::vector<std::uint64_t>& shape,
             const std::vector<std::int32_t>& values);
    /// The same of 64-bit floats.
    void add(const std::string& name, const std::vector<std::uint64_t>& shape,
             const std::vector<double>& values);
    /// Throws InputError (OUT-WRITE) with `path` if the archive would be too large.
    [[nodiscard]] std::string finish(const std::string& path);

private:
    struct Member {
        std::string name;
        std::uint32_t crc = 0;
        std::uint64_t size = 0;
        std::uint64_t offset = 0;
    };
    void add_member(const std::string& name, const std::string& file);

    std::string bytes_;
    std::vector<Member> members_;
};

}  // namespace seamount::tools
