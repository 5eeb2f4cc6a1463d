#include "isa/image/image.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// The image that `read` makes, checked; `name` is its file.
template <class Read>
Image checked(const std::string& name, const Read& read) {
    Image image;
    try {
        image = read();
    } catch (const InputError&) {
        throw;
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

/// Reads a container section by section: only one of them is in memory beside the image.
class FileReader {
public:
    FileReader(const std::filesystem::path& path, std::uint64_t size, const std::string& name)
        : in_{path, std::ios::binary}, name_{name} {
        // Look at the header first: nobody wants to wait for the rest of a huge other file.
        (void)read(0, std::min<std::uint64_t>(size, kContainerHeaderBytes));
        sections_ =
            read_container_head(read(0, container_head_bytes(bytes_, size, name)), size, name);
    }
    [[nodiscard]] std::span<const SectionEntry> sections() const { return sections_; }
    [[nodiscard]] std::span<const std::byte> section(std::size_t i) {
        const auto bytes = read(sections_[i].offset, sections_[i].size);
        check_section(bytes, sections_[i], i, name_);
        return bytes;
    }

private:
    std::span<const std::byte> read(std::uint64_t offset, std::uint64_t size) {
        try {
            bytes_.resize(static_cast<std::size_t>(size));
        } catch (const std::bad_alloc&) {
            bad_input("IMG-FILE", name_, fmt::format("{} bytes do not fit into memory", size), "");
        }
        in_.seekg(static_cast<std::streamoff>(offset));
        in_.read(reinterpret_cast<char*>(bytes_.data()), static_cast<std::streamsize>(size));
        if (!in_) bad_input("IMG-FILE", name_, "file cannot be read", "");
        return bytes_;
    }

    std::ifstream in_;
    const std::string& name_;
    std::vector<std::byte> bytes_;
    std::vector<SectionEntry> sections_;
};

}  // namespace

Image deserialize(std::span<const std::byte> bytes, const std::string& name) {
    const std::vector<SectionView> sections = unpack_container(bytes, name);
    return checked(name, [&sections] { return read_sections(sections); });
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
    const std::uintmax_t size = std::filesystem::file_size(readable, status);
    if (status) bad_input("IMG-FILE", name, "file cannot be read", "");
    FileReader file{readable, size, name};
    return checked(name, [&file] {
        return read_sections(file.sections(), [&file](std::size_t i) { return file.section(i); });
    });
}

}  // namespace seamount::isa
