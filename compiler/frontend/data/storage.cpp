#include "compiler/frontend/data/storage.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace seamount::compiler::frontend {

namespace {

class MappedFile : public Storage {
public:
    MappedFile(void* address, std::size_t size) : address_{address}, size_{size} {}
    ~MappedFile() override { ::munmap(address_, size_); }
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    [[nodiscard]] std::span<const std::byte> bytes() const noexcept override {
        return {static_cast<const std::byte*>(address_), size_};
    }
    void release_pages() const noexcept override { ::madvise(address_, size_, MADV_DONTNEED); }

private:
    void* address_;
    std::size_t size_;
};

class Buffer : public Storage {
public:
    explicit Buffer(std::vector<std::byte> bytes) : bytes_{std::move(bytes)} {}
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept override { return bytes_; }

private:
    std::vector<std::byte> bytes_;
};

[[noreturn]] void fail(const std::string& what) {
    throw DataError{"NET-FILE", what};
}

/// Closes the descriptor whatever happens; a mapping outlives it.
struct Descriptor {
    int number;
    ~Descriptor() { ::close(number); }
};

}  // namespace

std::shared_ptr<const Storage> map_file(const std::filesystem::path& path) {
    // Non-blocking, so that a pipe is refused below instead of waiting for its writer.
    const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (number < 0) fail(std::generic_category().message(errno));
    const Descriptor descriptor{number};
    struct stat status {};
    if (::fstat(number, &status) != 0) fail(std::generic_category().message(errno));
    if (!S_ISREG(status.st_mode)) fail("not a regular file");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) return keep_bytes({});
    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, number, 0);
    if (address == MAP_FAILED) fail(std::generic_category().message(errno));
    ::madvise(address, size, MADV_SEQUENTIAL);
    return std::make_shared<MappedFile>(address, size);
}

std::shared_ptr<const Storage> keep_bytes(std::vector<std::byte> bytes) {
    return std::make_shared<Buffer>(std::move(bytes));
}

}  // namespace seamount::compiler::frontend
