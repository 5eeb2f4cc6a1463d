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
    return pack_container(write_sections(image));
}

Image deserialize(std::span<const std::byte> bytes, const std::string& name) {
    Image image;
    const std::vector<SectionView> sections = unpack_container(bytes, name);
    try {
        image = read_sections(sections);
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
    return deserialize(bytes, name);
}

}  // namespace seamount::isa
