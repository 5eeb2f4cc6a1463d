#include "isa/base/fixed.hpp"

#include <catch2/catch.hpp>

#include <vector>

#include "tests/support/random_program.hpp"

using namespace seamount;

namespace {

__extension__ using Wide = __int128;

Wide power(int n) {
    return Wide{1} << n;
}

Wide floor_divide(Wide x, Wide by) {
    return x / by - (x % by < 0 ? 1 : 0);
}

Wide wrap(Wide x, int bits) {
    return x - floor_divide(x + power(bits - 1), power(bits)) * power(bits);
}

/// Edges of every width and random values.
std::vector<std::int64_t> values() {
    std::vector<std::int64_t> all{0};
    for (int bit = 0; bit < 62; ++bit) {
        for (std::int64_t near = -2; near <= 2; ++near) {
            all.push_back((std::int64_t{1} << bit) + near);
            all.push_back(-(std::int64_t{1} << bit) + near);
        }
    }
    std::mt19937_64 engine{5};
    for (int i = 0; i < 20'000; ++i) {
        const int shift = 2 + static_cast<int>(engine() % 60);
        all.push_back(static_cast<std::int64_t>(engine()) >> shift);
    }
    return all;
}

template <int Bits>
void check_width() {
    std::size_t wrong = 0;
    const Wide limit = power(Bits - 1) - 1;
    for (const std::int64_t x : values()) {
        if (fixed::wrap<Bits>(x) != wrap(x, Bits)) ++wrong;
        const Wide clipped = x > limit ? limit : x < -limit ? -limit : Wide{x};
        if (fixed::saturate<Bits>(x) != clipped) ++wrong;
    }
    INFO(Bits << " bits");
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("wrapping and saturating agree with 128-bit arithmetic at every width", "[fixed]") {
    check_width<16>();
    check_width<22>();
    check_width<24>();
    check_width<32>();
}

TEST_CASE("shifts right agree with division in 128 bits", "[fixed]") {
    std::size_t wrong = 0;
    for (const std::int64_t x : values()) {
        for (int n = 0; n < 62; ++n) {
            if (fixed::shift_floor(x, n) != floor_divide(x, power(n))) ++wrong;
            if (fixed::shift_toward_zero(x, n) != Wide{x} / power(n)) ++wrong;
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("decay subtracts the decayed share rounded away from zero", "[fixed]") {
    std::size_t wrong = 0;
    testing::RandomProgram random{6};
    for (int i = 0; i < 100'000; ++i) {
        const std::int64_t x = random.value() >> 8;
        const std::int64_t d = random.below(4097);
        const std::int64_t lost = ((x < 0 ? -x : x) * d + 4095) / 4096;
        if (fixed::decay(x, d) != (x < 0 ? x + lost : x - lost)) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("lava's current wrap keeps +2^23 and leaves -2^23", "[fixed]") {
    const std::int64_t half = 1 << 23;
    CHECK(fixed::wrap_lava(half) == half);
    CHECK(fixed::wrap_lava(half + 1) == -half + 1);
    CHECK(fixed::wrap_lava(-half) == half);
    CHECK(fixed::wrap_lava(-half + 1) == -half + 1);
    CHECK(fixed::wrap_lava(4 * half) == 2 * half);  // once only
}
