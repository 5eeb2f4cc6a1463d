#include "isa/image/image.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <new>
#include <system_error>
#include <utility>

#include "isa/base/output_file.hpp"
#include "isa/image/container.hpp"
#include "isa/image/image_sections.hpp"
#include "isa/input/input_file.hpp"

namespace seamount::isa {

std::uint32_t Image::neuron_count() const noexcept {
    std::uint32_t neurons = 0;
    for (const PopulationImage& population : populations) neurons += population.count;
    return neurons;
}

const ProgramImage* program_of(const Image& image, std::uint32_t population) {
    for (const CoreImage& core : image.cores) {
        for (const NeuronGroup& group : core.groups) {
            if (group.population == population) return &image.programs.at(group.program);
        }
    }
    return nullptr;
}

std::vector<std::byte> serialize(const Image& image) {
    std::vector<std::byte> file;
    write_image(image, [&file](std::span<const std::byte> bytes) {
        file.insert(file.end(), bytes.begin(), bytes.end());
    });
    return file;
}

namespace {

Image read_image(std::span<const std::byte> bytes, const std::string& name, const TakeBytes& done) {
    Image image;
    const std::vector<SectionView> sections = unpack_container(bytes, name);
    try {
        image = read_sections(sections, done);
    } catch (const UnknownSection& e) {
        bad_input("IMG-VERSION", name, e.what(), kCompileAgainHere);
    } catch (const std::runtime_error& e) {
        bad_input("IMG-CONTENT", name, e.what(), kCompileAgain);
    }
    Diagnostics diagnostics;
    for (std::string& fault : check_image(image)) {
        diagnostics.error("IMG-CONTENT", {name, 0, 0}, std::move(fault), kCompileAgain);
    }
    diagnostics.throw_if_errors();
    return image;
}

/// Gives the system the pages back that lie within `part` of memory that nobody will read again:
/// an image and its file need not be there at the same time.
void release_pages(std::span<const std::byte> part) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t before = reinterpret_cast<std::uintptr_t>(part.data()) % page;
    const std::size_t skipped = before == 0 ? 0 : page - before;
    if (part.size() < skipped + page) return;
    const std::size_t size = (part.size() - skipped) / page * page;
    // A wish; the memory is that of load_image().
    (void)::madvise(const_cast<std::byte*>(part.data()) + skipped, size, MADV_DONTNEED);
}

}  // namespace

Image deserialize(std::span<const std::byte> bytes, const std::string& name) {
    return read_image(bytes, name, {});
}

void save_image(const Image& image, const std::filesystem::path& path) {
    const std::vector<std::byte> bytes = serialize(image);
    try {
        OutputFile file{path};
        file.write(bytes);
        file.commit();
    } catch (const InputError& error) {
        std::error_code ignored;
        if (std::filesystem::is_directory(path, ignored)) {
            bad_input("IMG-WRITE", path.string(), "file cannot be replaced: Is a directory",
                      "give the path of a file, not of a folder");
        }
        bad_input("IMG-WRITE", path.string(),
                  fmt::format("{} bytes cannot be written here: {}", bytes.size(),
                              error.diagnostics().front().message),
                  "the folder must exist, be writable and have room");
    }
}

Image load_image(const std::filesystem::path& path) {
    const std::string name = path.string();
    std::error_code status;
    const std::filesystem::path readable = readable_path(path);
    if (!std::filesystem::is_regular_file(readable, status)) {
        bad_input(
            "IMG-FILE", name,
            std::filesystem::exists(path, status) ? "is not a regular file" : "file does not exist",
            "images are made by 'seamount compile'");
    }
    std::ifstream in{readable, std::ios::binary};
    const std::uintmax_t size = std::filesystem::file_size(readable, status);
    std::vector<std::byte> bytes;
    try {
        // Look at the header first: nobody wants to wait for the rest of a huge other file.
        bytes.resize(
            static_cast<std::size_t>(std::min<std::uintmax_t>(size, kContainerHeaderBytes)));
        in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        if (in && bytes.size() == kContainerHeaderBytes && begins_container(bytes)) {
            bytes.resize(static_cast<std::size_t>(size));
            in.read(reinterpret_cast<char*>(bytes.data() + kContainerHeaderBytes),
                    static_cast<std::streamsize>(size - kContainerHeaderBytes));
        }
    } catch (const std::bad_alloc&) {
        bad_input("IMG-FILE", name, fmt::format("{} bytes do not fit into memory", size), "");
    }
    if (!in || status) bad_input("IMG-FILE", name, "file cannot be read", "");
    return read_image(bytes, name, release_pages);
}

}  // namespace seamount::isa
