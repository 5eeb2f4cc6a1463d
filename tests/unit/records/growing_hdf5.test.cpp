#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#include "tests/support/temporary_folder.hpp"
#include "tools/base/hdf5/growing_hdf5.hpp"
#include "tools/base/hdf5/hdf5_reader.hpp"

using namespace seamount;
using tools::CellType;
using tools::GrowingHdf5;

namespace {

using Column = std::vector<std::int64_t>;

/// Columns of every kind that records have: all the same, runs, any bytes, few, none.
std::vector<Column> columns() {
    constexpr std::size_t kMany = 3 * GrowingHdf5::kChunk + 17;
    std::mt19937_64 random{1};
    std::vector<Column> all(6);
    all[0].assign(kMany, -1);
    for (std::size_t i = 0; i < kMany; ++i) {
        all[1].push_back(static_cast<std::int64_t>(i / 1000 * 256));
        all[2].push_back(static_cast<std::int64_t>(random()));
        all[3].push_back(static_cast<std::int64_t>(random() % 3));
    }
    all[4] = {5, 0, 7};
    return all;
}

}  // namespace

TEST_CASE("HDF5 gives what was appended to its columns, by any number at a time",
          "[growing_hdf5]") {
    const test::TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "columns.h5";
    const std::vector<Column> all = columns();
    {
        GrowingHdf5 file{path};
        for (std::size_t c = 0; c < all.size(); ++c) {
            const std::string name = "/c" + std::to_string(c);
            const std::size_t wide =
                file.dataset(name + "/wide", CellType::kI64, GrowingHdf5::kChunk / 16);
            const std::size_t narrow = file.dataset(name + "/narrow", CellType::kI32);
            file.append_all(wide, std::span<const std::int64_t>{all[c]});
            for (std::size_t i = 0; i < all[c].size(); ++i) {
                file.append(narrow, static_cast<std::int32_t>(all[c][i]));
                if (i == 100) file.flush();
            }
        }
        file.finish();
    }
    const tools::Hdf5Reader reader{path};
    for (std::size_t c = 0; c < all.size(); ++c) {
        const std::string name = "/c" + std::to_string(c);
        Column wide;
        Column narrow;
        reader.read(name + "/wide", 0, reader.size(name + "/wide"), wide);
        reader.read(name + "/narrow", 0, reader.size(name + "/narrow"), narrow);
        CHECK(wide == all[c]);
        Column expected;
        for (const std::int64_t value : all[c]) {
            expected.push_back(static_cast<std::int32_t>(value));
        }
        CHECK(narrow == expected);
    }
}
