#include "isa/image/image.hpp"

#include <zlib.h>
#include <catch2/catch.hpp>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "isa/base/content_hash.hpp"
#include "isa/image/container.hpp"
#include "isa/image/image_hash.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/spec/random_image.hpp"

using namespace seamount;
using namespace seamount::isa;
using Catch::Contains;
using seamount::isa::test::random_image;

namespace {

using Bytes = std::vector<std::byte>;

template <class T>
void poke(Bytes& bytes, std::size_t at, T value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

template <class T>
T peek(const Bytes& bytes, std::size_t at) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

std::uint32_t crc(const std::byte* data, std::size_t size) {
    return static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(data), static_cast<uInt>(size)));
}

/// Makes all checksums right again, so that only the content is wrong. Written from the
/// description of the format, not with the code under test.
void reseal(Bytes& bytes) {
    const auto sections = peek<std::uint32_t>(bytes, 12);
    for (std::size_t i = 0; i < sections; ++i) {
        const std::size_t entry = 32 + 24 * i;
        const auto offset = peek<std::uint64_t>(bytes, entry + 8);
        const auto size = peek<std::uint64_t>(bytes, entry + 16);
        if (offset > bytes.size() || size > bytes.size() - offset) continue;
        poke(bytes, entry + 4, crc(bytes.data() + offset, static_cast<std::size_t>(size)));
    }
    poke(bytes, 24, std::uint32_t{0});
    poke(bytes, 24, crc(bytes.data(), 32 + 24 * std::size_t{sections}));
}

std::string failure(const Bytes& bytes) {
    try {
        (void)deserialize(bytes, "x.img");
    } catch (const InputError& e) {
        return e.what();
    }
    return {};
}

}  // namespace

TEST_CASE("an image survives being written and read, and always gives the same bytes", "[image]") {
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        const Image image = random_image(seed, seed % 7 == 0 ? 40 : 1);
        REQUIRE(check_image(image).empty());
        const Bytes bytes = serialize(image);
        const Image again = deserialize(bytes, "x.img");
        REQUIRE(again == image);
        REQUIRE(serialize(again) == bytes);
    }
    const Image empty;
    CHECK(deserialize(serialize(empty), "x.img") == empty);
}

TEST_CASE("an image of many pages is read as it was written, and has the hash of its file",
          "[image]") {
    constexpr std::size_t kManyPages = 200'000;
    const seamount::test::TemporaryFolder folder;
    const Image image = random_image(5, 400);
    save_image(image, folder / "large.smi");
    REQUIRE(std::filesystem::file_size(folder / "large.smi") > kManyPages);
    CHECK(load_image(folder / "large.smi") == image);
    CHECK(image_hash(image) == content_hash_of_file(folder / "large.smi"));
}

TEST_CASE("the container is laid out as documented", "[image]") {
    const Bytes bytes = serialize(random_image(3));
    CHECK(std::memcmp(bytes.data(), "SEAMOUNT", 8) == 0);
    CHECK(peek<std::uint32_t>(bytes, 8) == kImageVersion);
    CHECK(peek<std::uint64_t>(bytes, 16) == bytes.size());
    const auto sections = peek<std::uint32_t>(bytes, 12);
    std::uint64_t end = 32 + 24 * std::uint64_t{sections};
    for (std::size_t i = 0; i < sections; ++i) {
        CHECK(peek<std::uint64_t>(bytes, 32 + 24 * i + 8) == end);
        end += peek<std::uint64_t>(bytes, 32 + 24 * i + 16);
    }
    CHECK(end == bytes.size());
    Bytes resealed = bytes;
    reseal(resealed);
    CHECK(resealed == bytes);
}

TEST_CASE("samples take the narrowest width that holds them", "[image]") {
    const auto size_with = [](std::int32_t low, std::int32_t high) {
        Image image;
        image.dataset.samples = 1000;
        image.dataset.steps_per_sample = 1;
        image.dataset.labels.assign(1000, low);
        image.dataset.labels.back() = high;
        const Bytes bytes = serialize(image);
        CHECK(deserialize(bytes, "x.img") == image);
        return bytes.size();
    };
    const std::size_t narrow = size_with(0, 255);
    CHECK(size_with(0, 256) == narrow + 1000);
    CHECK(size_with(-1, 255) == narrow + 1000);
    CHECK(size_with(-32768, 32767) == narrow + 1000);
    CHECK(size_with(0, 32768) == narrow + 3000);
    CHECK(size_with(-32769, 0) == narrow + 3000);
}

TEST_CASE("any damaged byte is noticed", "[image]") {
    const Image image = random_image(5);
    const Bytes bytes = serialize(image);
    std::size_t refused = 0;
    for (const unsigned pattern : {0x01U, 0x80U, 0xFFU, 0x55U}) {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            Bytes damaged = bytes;
            damaged[i] ^= static_cast<std::byte>(pattern);
            try {
                if (deserialize(damaged, "x.img") != image) FAIL("byte " << i << " changed it");
            } catch (const InputError&) {
                ++refused;
            }
        }
    }
    CHECK(refused == 4 * bytes.size());  // the checksums cover every byte
}

TEST_CASE("any missing end is noticed", "[image]") {
    const Bytes bytes = serialize(random_image(6));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::string message =
            failure(Bytes{bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)});
        if (message.find("IMG-TRUNCATED") == std::string::npos) FAIL(size << ": " << message);
    }
    Bytes longer = bytes;
    longer.push_back(std::byte{0});
    CHECK_THAT(failure(longer), Contains("IMG-TRUNCATED"));
}

TEST_CASE("damage that keeps the checksums right never gets past the checks", "[image]") {
    // Whatever comes back must be sound: either refused, or as good as any image.
    std::size_t sound = 0;
    std::size_t refused = 0;
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
        const Bytes bytes = serialize(random_image(seed));
        const std::size_t first = 32 + 24 * std::size_t{peek<std::uint32_t>(bytes, 12)};
        for (std::size_t i = first; i < bytes.size(); ++i) {
            for (const unsigned pattern : {0x01U, 0x80U, 0xFFU}) {
                Bytes damaged = bytes;
                damaged[i] ^= static_cast<std::byte>(pattern);
                reseal(damaged);
                try {
                    const Image image = deserialize(damaged, "x.img");
                    if (!check_image(image).empty()) FAIL("seed " << seed << " byte " << i);
                    ++sound;
                } catch (const InputError&) {
                    ++refused;
                }
            }
        }
    }
    CHECK(sound > 0);  // a changed weight is still an image
    CHECK(refused > 0);
}

TEST_CASE("images of another version are refused with the advice to compile again", "[image]") {
    const Bytes good = serialize(random_image(7));
    for (const std::uint32_t version : {0U, 1U, kImageVersion - 1, kImageVersion + 1, ~0U}) {
        Bytes bytes = good;
        poke(bytes, 8, version);  // the checksum is wrong too, as another version may have another
        CHECK_THAT(failure(bytes),
                   Contains("IMG-VERSION") &&
                       Contains("was written in image version " + std::to_string(version) +
                                ", this build reads " + std::to_string(kImageVersion)) &&
                       Contains("compile the network again with this seamount"));
    }
}

TEST_CASE("the fourth letter of an unknown section says whether it may be left out", "[image]") {
    const Image image = random_image(7);
    const Bytes good = serialize(image);
    const std::vector<SectionView> views = unpack_container(good, "x.img");
    std::vector<Section> sections;
    for (const SectionView& view : views) {
        sections.push_back({view.tag, {view.bytes.begin(), view.bytes.end()}});
    }
    REQUIRE(pack_container(sections) == good);
    const auto with = [&](SectionTag tag, std::size_t at) {
        std::vector<Section> more = sections;
        more.insert(more.begin() + static_cast<std::ptrdiff_t>(at), {tag, Bytes(5)});
        return pack_container(more);
    };
    for (std::size_t at = 0; at <= sections.size(); ++at) {
        CAPTURE(at);
        CHECK(deserialize(with(section_tag("TSTx"), at), "x.img") == image);
        CHECK_THAT(failure(with(section_tag("TSTX"), at)),
                   Contains("IMG-VERSION") &&
                       Contains("section " + std::to_string(at) +
                                " (TSTX) that this build does not know") &&
                       Contains("compile the network again with this seamount"));
    }
    for (std::size_t i = 0; i < sections.size(); ++i) {
        CAPTURE(i);
        if (sections[i].tag == section_tag("CORE")) continue;
        std::vector<Section> fewer = sections;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        const bool of_some =  // an image without it says that nothing is combined, kept, ...
            sections[i].tag == section_tag("COMB") || sections[i].tag == section_tag("KEEP") ||
            sections[i].tag == section_tag("LSPK") || sections[i].tag == section_tag("LNRM") ||
            sections[i].tag == section_tag("VOTE") || sections[i].tag == section_tag("UNTL");
        if (sections[i].tag == section_tag("EVNT")) {
            CHECK_THAT(failure(pack_container(fewer)), Contains("has events in bins of 0"));
        } else if (of_some) {
            CHECK_FALSE(deserialize(pack_container(fewer), "x.img") == image);
        } else {
            CHECK_THAT(failure(pack_container(fewer)),
                       Contains("IMG-CONTENT") &&
                           Contains("section " + name_of(sections[i].tag) + " is missing"));
        }
        std::vector<Section> more = sections;
        more.insert(more.begin() + static_cast<std::ptrdiff_t>(i), sections[i]);
        CHECK_THAT(failure(pack_container(more)),
                   Contains("IMG-CONTENT") &&
                       Contains("section " + name_of(sections[i].tag) + " stands twice"));
    }
}

TEST_CASE("section tables with false numbers are refused", "[image]") {
    const Bytes good = serialize(random_image(7));
    const auto damaged = [&](std::size_t at, auto value) {
        Bytes bytes = good;
        poke(bytes, at, value);
        if (at != 12) reseal(bytes);
        return failure(bytes);
    };
    CHECK_THAT(damaged(12, std::uint32_t{0xFFFFFFFF}), Contains("IMG-TRUNCATED"));
    CHECK_THAT(damaged(16, ~std::uint64_t{0}), Contains("IMG-TRUNCATED"));
    CHECK_THAT(damaged(28, std::uint32_t{1}), Contains("IMG-CRC"));
    CHECK_THAT(damaged(32 + 8, std::uint64_t{32}), Contains("IMG-CONTENT"));
    CHECK_THAT(damaged(32 + 16, ~std::uint64_t{0}), Contains("IMG-CONTENT"));
    CHECK_THAT(damaged(32, std::uint32_t{0x45524F43}),
               Contains("IMG-CONTENT") && Contains("section 1 (STRS) stands after section CORE"));
    CHECK_THAT(failure(Bytes(100, std::byte{'x'})), Contains("x.img: error: is not a Seamount"));
    CHECK_THAT(failure({}), Contains("IMG-TRUNCATED"));
}

TEST_CASE("counts larger than the file take no memory", "[image]") {
    Bytes bytes = serialize(random_image(8));
    // PROG is section 2: its first four bytes count the programs.
    const auto offset = static_cast<std::size_t>(peek<std::uint64_t>(bytes, 32 + 24 * 2 + 8));
    poke(bytes, offset, std::uint32_t{0xFFFFFFFF});
    reseal(bytes);
    CHECK_THAT(failure(bytes), Contains("IMG-CONTENT") && Contains("PROG"));
}

TEST_CASE("saved images are complete or absent", "[image]") {
    const Image image = random_image(9);
    const seamount::test::TemporaryFolder files;
    const std::string path = files / "saved.img";
    save_image(image, path);
    CHECK(load_image(path) == image);
    save_image(random_image(10), path);  // replaces
    CHECK(load_image(path) == random_image(10));

    const seamount::test::TemporaryFolder temporary;
    const std::filesystem::path folder = temporary.path();
    std::filesystem::create_directories(folder / "taken");
    CHECK_THROWS_WITH(save_image(image, folder / "taken"), Contains("IMG-WRITE"));
    CHECK_THROWS_WITH(save_image(image, folder / "none" / "x.img"), Contains("IMG-WRITE"));
    std::size_t left = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        left += entry.path().filename() == "taken" ? 0U : 1U;
    }
    CHECK(left == 0);
}

TEST_CASE("files that are no images are told apart", "[image]") {
    const seamount::test::TemporaryFolder folder;
    CHECK_THROWS_WITH(load_image(folder / "absent"),
                      Contains("IMG-FILE") && Contains("does not exist"));
    CHECK_THROWS_WITH(load_image(folder.path()), Contains("IMG-FILE"));
    const std::string path = folder / "net.yaml";
    std::ofstream{path} << "network: not an image, but longer than a header of one\n";
    CHECK_THROWS_WITH(load_image(path), Contains("IMG-MAGIC"));
    std::ofstream{path} << "SEA";
    CHECK_THROWS_WITH(load_image(path), Contains("IMG-TRUNCATED"));
}

TEST_CASE("a file that is read section by section gives the image, or the fault, of its bytes",
          "[image]") {
    const seamount::test::TemporaryFolder folder;
    const std::string file = folder / "x.img";
    const auto write = [&file](const Bytes& bytes) {
        std::ofstream out{file, std::ios::binary};
        out.write(reinterpret_cast<const char*>(bytes.data()),
                  static_cast<std::streamsize>(bytes.size()));
    };
    const auto in_file = [&file]() -> std::string {
        try {
            (void)load_image(file);
        } catch (const InputError& e) {
            return e.what();
        }
        return {};
    };
    const Image image = random_image(11);
    const Bytes good = serialize(image);
    write(good);
    CHECK(load_image(file) == image);
    const auto same_fault = [&](const Bytes& bytes) {
        write(bytes);
        std::string expected = failure(bytes);
        if (const auto at = expected.find("x.img"); at != std::string::npos) {
            expected.replace(at, 5, file);
        }
        CHECK_FALSE(expected.empty());
        CHECK(in_file() == expected);
    };
    for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 150) {
        CAPTURE(at);
        Bytes damaged = good;
        damaged[at] ^= std::byte{0x10};
        same_fault(damaged);
        same_fault({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(at)});
    }
}

TEST_CASE("the hash of an image is that of its file", "[image]") {
    for (const std::uint32_t seed : {1U, 2U, 3U}) {
        const Image image = random_image(seed);
        const Bytes bytes = serialize(image);
        CHECK(image_hash(image) ==
              content_hash({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    }
}
