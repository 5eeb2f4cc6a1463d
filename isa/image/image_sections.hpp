#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "isa/image/image.hpp"

namespace seamount::isa {

using SectionTag = std::array<char, 4>;

/// One part of an image file.
struct Section {
    SectionTag tag{};
    std::vector<std::byte> bytes;
};

/// The contents of an image, in file order: META, STRS (strings, referenced by offset), PROG, POPS,
/// INPT, DATA, ROUT, PROB, SMAP (source map: which line of which file made what), LRNG (learning
/// rules and what learns by them), one CORE per core.
[[nodiscard]] std::vector<Section> write_sections(const Image& image);

/// A part of a file in memory.
struct SectionView {
    SectionTag tag{};
    std::span<const std::byte> bytes;
};

/// The reverse; checks syntax, not meaning. Throws std::runtime_error with a sentence.
[[nodiscard]] Image read_sections(const std::vector<SectionView>& sections);

}  // namespace seamount::isa
