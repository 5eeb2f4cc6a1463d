#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stdexcept>
#include <vector>

#include "isa/image/container.hpp"
#include "isa/image/image.hpp"

namespace seamount::isa {

/// An image as a file, in this order: META, STRS (strings, referenced by offset), PROG, POPS,
/// INPT, DATA, ROUT, PROB, SMAP (source map: which line of which file made what), LRNG (learning
/// rules and what learns by them), one CORE per core. The table of them stands in the .cpp file.
/// Writes the whole file, part by part: no more than one section stands in memory. Each is made
/// twice, as its checksum stands before it.
void write_image(const Image& image, const TakeBytes& take);

/// A section that must be known and is not: the image was written by another version.
class UnknownSection : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The reverse; checks syntax, not meaning. `read` gives the bytes of a section, which stay until
/// the next is asked for. Throws std::runtime_error with a sentence.
[[nodiscard]] Image read_sections(
    std::span<const SectionEntry> sections,
    const std::function<std::span<const std::byte>(std::size_t)>& read);

/// The same of sections that are in memory.
[[nodiscard]] inline Image read_sections(const std::vector<SectionView>& sections) {
    std::vector<SectionEntry> entries;
    for (const SectionView& section : sections) {
        entries.push_back({section.tag, 0, 0, section.bytes.size()});
    }
    return read_sections(entries, [&sections](std::size_t i) { return sections[i].bytes; });
}

}  // namespace seamount::isa
