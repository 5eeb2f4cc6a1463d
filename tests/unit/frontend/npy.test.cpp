#include "compiler/frontend/data/npy.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using namespace seamount::compiler::frontend;
using Catch::Matchers::Contains;

namespace {

DataArray open(std::vector<std::byte> file) {
    return read_npy(keep_bytes(std::move(file)));
}

template <class T>
void round_trip(const std::string& type) {
    INFO("type " << type);
    const std::vector<T> values{T{0},
                                T{1},
                                static_cast<T>(-3),
                                std::numeric_limits<T>::max(),
                                std::numeric_limits<T>::lowest(),
                                T{42}};
    for (const int version : {1, 2, 3}) {
        for (const char order : {'<', '>'}) {
            std::vector<std::byte> data = test::bytes_of(values);
            if (order == '>') {
                for (std::size_t i = 0; i < data.size(); i += sizeof(T)) {
                    std::reverse(data.data() + i, data.data() + i + sizeof(T));
                }
            }
            const std::string descr = (sizeof(T) == 1 ? '|' : order) + type;
            const DataArray array = open(test::npy_file({descr, {2, 3}, false, version}, data));
            REQUIRE(array.shape() == std::vector<std::uint64_t>{2, 3});
            for (std::size_t i = 0; i < values.size(); ++i) {
                CHECK(array.number(i) == static_cast<double>(values[i]));
                if constexpr (std::is_integral_v<T>) {
                    const bool fits = std::in_range<std::int64_t>(values[i]);
                    CHECK(array.integer(i).has_value() == fits);
                    if (fits) CHECK(array.integer(i) == static_cast<std::int64_t>(values[i]));
                }
            }
        }
    }
}

}  // namespace

TEST_CASE("every supported element type comes back as it was written", "[npy]") {
    round_trip<std::int8_t>("i1");
    round_trip<std::int16_t>("i2");
    round_trip<std::int32_t>("i4");
    round_trip<std::int64_t>("i8");
    round_trip<std::uint8_t>("u1");
    round_trip<std::uint16_t>("u2");
    round_trip<std::uint32_t>("u4");
    round_trip<std::uint64_t>("u8");
    round_trip<float>("f4");
    round_trip<double>("f8");
    const DataArray flags =
        open(test::npy_file({"|b1", {3}}, test::bytes_of(std::vector<char>{1, 0, 1})));
    CHECK(flags.integer(0) == 1);
    CHECK(flags.integer(1) == 0);
}

TEST_CASE("an array in Fortran order has the same elements as in C order", "[npy]") {
    std::vector<std::int32_t> c_order;
    std::vector<std::int32_t> fortran(24);
    for (int i = 0; i < 2; ++i) {
        for (int j = 0; j < 3; ++j) {
            for (int k = 0; k < 4; ++k) {
                c_order.push_back(100 * i + 10 * j + k);
                fortran[static_cast<std::size_t>(i + 2 * j + 6 * k)] = 100 * i + 10 * j + k;
            }
        }
    }
    const DataArray a = open(test::npy_file({"<i4", {2, 3, 4}}, test::bytes_of(c_order)));
    const DataArray b = open(test::npy_file({"<i4", {2, 3, 4}, true}, test::bytes_of(fortran)));
    for (std::uint64_t i = 0; i < 24; ++i) {
        CHECK(a.integer(i) == c_order[i]);
        CHECK(b.integer(i) == c_order[i]);
    }
}

TEST_CASE("a column of a table is the same in either order", "[npy]") {
    const DataArray c = open(test::npy_i4({3, 2}, {1, 2, 3, 4, 5, 6}));
    const DataArray f = open(test::npy_file(
        {"<i4", {3, 2}, true}, test::bytes_of(std::vector<std::int32_t>{1, 3, 5, 2, 4, 6})));
    for (std::uint64_t i = 0; i < 3; ++i) {
        CHECK(c.column(1).integer(i) == static_cast<std::int64_t>(2 * i + 2));
        CHECK(f.column(1).integer(i) == c.column(1).integer(i));
        CHECK(f.column(0).integer(i) == c.column(0).integer(i));
    }
}

TEST_CASE("numbers that are not integers are not taken for integers", "[npy]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    const DataArray array = open(test::npy_f8({6}, {1.5, nan, infinity, 0x1p63, -0x1p63, 7.0}));
    for (const std::uint64_t i : {0U, 1U, 2U, 3U}) CHECK_FALSE(array.integer(i).has_value());
    CHECK(array.integer(4) == std::numeric_limits<std::int64_t>::min());
    CHECK(array.integer(5) == 7);
}

TEST_CASE("headers that lie about the size are refused before anything is allocated", "[npy]") {
    const std::vector<std::byte> data(24);
    CHECK_THROWS_WITH(open(test::npy_file({"<i4", {7}}, data)), Contains("truncated"));
    CHECK_THROWS_WITH(open(test::npy_file({"<i4", {5}}, data)), Contains("4 bytes follow"));
    CHECK_THROWS_WITH(open(test::npy_file({"<i8", {std::size_t{1} << 62U, 4}}, data)),
                      Contains("impossible"));
    CHECK_THROWS_WITH(open(test::npy_file({"<i4", {std::size_t{1} << 61U}}, data)),
                      Contains("truncated"));
    CHECK_THROWS_WITH(open(test::npy_file({"<c8", {3}}, data)), Contains("'<c8' is not supported"));
    CHECK_THROWS_WITH(open(test::npy_file({"<i4", {6}, false, 9}, data)), Contains("version 9"));
}

TEST_CASE("half floats are read exactly, in either byte order", "[npy]") {
    // 10, -20, 2^-24 (the least subnormal), -0, 65504 (the largest), infinity, 1/3 rounded
    const std::vector<std::uint16_t> halves{0x4900, 0xCD00, 0x0001, 0x8000, 0x7BFF, 0x7C00, 0x3555};
    for (const char order : {'<', '>'}) {
        std::vector<std::byte> data = test::bytes_of(halves);
        for (std::size_t i = 0; order == '>' && i < data.size(); i += 2) {
            std::swap(data[i], data[i + 1]);
        }
        const DataArray array = open(test::npy_file({order + std::string{"f2"}, {7}}, data));
        REQUIRE(array.shape() == std::vector<std::uint64_t>{7});
        CHECK_FALSE(array.is_integer());
        CHECK(array.number(0) == 10.0);
        CHECK(array.integer(1) == -20);
        CHECK(array.number(2) == 0x1p-24);
        CHECK((array.number(3) == 0.0 && std::signbit(array.number(3))));
        CHECK(array.number(4) == 65504.0);
        CHECK(std::isinf(array.number(5)));
        CHECK(array.number(6) == 0x1.554p-2);
    }
    CHECK_THROWS_WITH(open(test::npy_file({"<f2", {2}}, test::bytes_of(halves))),
                      Contains("10 bytes follow the 4 bytes"));
}
