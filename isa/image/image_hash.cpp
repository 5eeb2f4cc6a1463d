#include "isa/image/image_hash.hpp"

#include "isa/base/content_hash.hpp"
#include "isa/image/image_sections.hpp"

namespace seamount::isa {

std::string image_hash(const Image& image) {
    ContentHash hash;
    write_image(image, [&hash](std::span<const std::byte> bytes) { hash.add(bytes); });
    return hash.digest();
}

}  // namespace seamount::isa
