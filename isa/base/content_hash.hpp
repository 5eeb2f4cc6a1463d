#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace seamount {

/// 128-bit hash (XXH3) of a sequence of texts, numbers and files: the same content gives the same
/// hash on every machine.
class ContentHash {
public:
    ContentHash();
    ~ContentHash();
    ContentHash(const ContentHash&) = delete;
    ContentHash& operator=(const ContentHash&) = delete;

    void add(std::span<const std::byte> bytes);
    /// With its length, so that neighbouring texts do not run together.
    void add(std::string_view text);
    void add(std::uint64_t number);
    /// The bytes of a file, without their length; returns it, or nothing if it cannot be read.
    std::optional<std::uint64_t> add_bytes_of(const std::filesystem::path& path);
    /// The content of a file, with its length; false if it cannot be read.
    [[nodiscard]] bool add_file(const std::filesystem::path& path);

    /// 32 hexadecimal digits.
    [[nodiscard]] std::string digest() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The digest of these bytes alone, without their length.
[[nodiscard]] std::string content_hash(std::string_view bytes);
/// The same of a file's bytes; one that cannot be read counts as empty.
[[nodiscard]] std::string content_hash_of_file(const std::filesystem::path& path);

/// CRC-32 as zip and PNG have it. `start` is the CRC of what stands before `bytes`.
[[nodiscard]] std::uint32_t crc32_of(std::span<const std::byte> bytes, std::uint32_t start = 0);

}  // namespace seamount
