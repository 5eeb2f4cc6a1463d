#pragma once

#include <stdexcept>
#include <vector>

#include "isa/image/container.hpp"
#include "isa/image/image.hpp"

namespace seamount::isa {

/// The contents of an image, in file order: META, STRS (strings, referenced by offset), PROG, POPS,
/// INPT, DATA, ROUT, PROB, SMAP (source map: which line of which file made what), LRNG (learning
/// rules and what learns by them), one CORE per core. The table of them stands in the .cpp file.
[[nodiscard]] std::vector<Section> write_sections(const Image& image);

/// A section that must be known and is not: the image was written by another version.
class UnknownSection : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The reverse; checks syntax, not meaning. Throws std::runtime_error with a sentence.
[[nodiscard]] Image read_sections(const std::vector<SectionView>& sections);

}  // namespace seamount::isa
