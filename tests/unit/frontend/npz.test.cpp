#include "compiler/frontend/data/npz.hpp"

#include <zip.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using namespace seamount::compiler::frontend;
using Catch::Matchers::Contains;

namespace {

void add(zip_t* archive, const char* name, const std::vector<std::byte>& content, int method) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name, source, 0);
    REQUIRE(index >= 0);
    REQUIRE(zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), method, 0) == 0);
}

/// Writes an archive with arrays x (deflated) and y (stored).
void write_archive(const std::filesystem::path& path) {
    const auto x = test::npy_i4({64}, std::vector<std::int32_t>(64, 7));
    const auto y = test::npy_f8({2}, {0.5, 1.5});
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    REQUIRE(archive != nullptr);
    add(archive, "x.npy", x, ZIP_CM_DEFLATE);
    add(archive, "y.npy", y, ZIP_CM_STORE);
    REQUIRE(zip_close(archive) == 0);
}

}  // namespace

TEST_CASE("arrays of an archive are found by name, stored or deflated", "[npz]") {
    const test::TemporaryFolder folder;
    write_archive(folder / "a.npz");
    CHECK(read_npz(folder / "a.npz", "x").integer(63) == 7);
    CHECK(read_npz(folder / "a.npz", "y.npy").number(1) == 1.5);
}

TEST_CASE("an archive says which arrays it has", "[npz]") {
    const test::TemporaryFolder folder;
    write_archive(folder / "a.npz");
    CHECK_THROWS_WITH(read_npz(folder / "a.npz", "z"), Contains("no array 'z'"));
    CHECK_THROWS_WITH(read_npz(folder / "a.npz", ""), Contains("several arrays"));
}

TEST_CASE("an archive with any byte changed is read or refused, never worse", "[npz]") {
    const test::TemporaryFolder folder;
    write_archive(folder / "a.npz");
    std::ifstream file{folder / "a.npz", std::ios::binary};
    const std::string intact{std::istreambuf_iterator<char>{file}, {}};
    int refusals = 0;
    for (std::size_t at = 0; at < intact.size(); ++at) {
        std::string damaged = intact;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
        folder.write("b.npz", damaged);
        for (const char* name : {"x", "y"}) {
            try {
                const DataArray array = read_npz(folder / "b.npz", name);
                // The checksum protects the content.
                if (name[0] == 'x') CHECK(array.integer(63) == 7);
                if (name[0] == 'y') CHECK(array.number(1) == 1.5);
            } catch (const DataError&) {
                ++refusals;
            }
        }
    }
    CHECK(refusals > 100);
    for (std::size_t length = 0; length < intact.size(); ++length) {
        folder.write("b.npz", std::string_view{intact}.substr(0, length));
        CHECK_THROWS_AS(read_npz(folder / "b.npz", "x"), DataError);
    }
}
