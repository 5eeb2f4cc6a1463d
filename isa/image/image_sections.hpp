#pragma once

#include <stdexcept>
#include <vector>

#include "isa/image/container.hpp"
#include "isa/image/image.hpp"

namespace seamount::isa {

/// Writes the file of an image, in this order: META, STRS (strings, referenced by offset), PROG,
/// POPS, INPT, DATA, ROUT, PROB, SMAP (source map: which line of which file made what), LRNG
/// (learning rules and what learns by them), one CORE per core. The table of them stands in the
/// .cpp file. Each section is made twice, for the table and for itself, so that the file is never
/// in memory beside the image.
void write_image(const Image& image, const TakeBytes& take);

/// A section that must be known and is not: the image was written by another version.
class UnknownSection : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The reverse; checks syntax, not meaning. Throws std::runtime_error with a sentence. `done` takes
/// the bytes of each section of which nothing will be read any more; it may be empty.
[[nodiscard]] Image read_sections(const std::vector<SectionView>& sections,
                                  const TakeBytes& done = {});

}  // namespace seamount::isa
