#include <catch2/catch.hpp>

#include "compiler/frontend/data/npy.hpp"
#include "tests/unit/frontend/support.hpp"

using namespace seamount;
using namespace seamount::compiler::frontend;

namespace {

const std::vector<std::byte>& intact() {
    static const std::vector<std::byte> file =
        test::npy_i4({4, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    return file;
}

/// Reads all elements if the file can be read; true if it was refused cleanly.
bool refused(std::vector<std::byte> file) {
    try {
        const DataArray array = read_npy(keep_bytes(std::move(file)));
        double sum = 0.0;
        for (std::uint64_t i = 0; i < array.count(); ++i) sum += array.number(i);
        (void)sum;
        return false;
    } catch (const DataError& error) {
        return error.code() == "NET-NPY" && std::string{error.what()}.size() > 5;
    }
}

}  // namespace

TEST_CASE("every beginning of an array file is refused", "[npy_damage]") {
    REQUIRE_FALSE(refused(intact()));
    for (std::size_t length = 0; length < intact().size(); ++length) {
        INFO("length " << length);
        CHECK(refused({intact().begin(), intact().begin() + static_cast<std::ptrdiff_t>(length)}));
    }
}

TEST_CASE("an array file with any byte changed is read or refused, never worse", "[npy_damage]") {
    const std::size_t header = 128;
    std::size_t refusals = 0;
    for (std::size_t at = 0; at < intact().size(); ++at) {
        for (int value = 0; value < 256; ++value) {
            std::vector<std::byte> file = intact();
            file[at] = static_cast<std::byte>(value);
            const bool bad = refused(std::move(file));
            if (at >= header && bad) FAIL("a change of the data at " << at << " was refused");
            refusals += bad ? 1U : 0U;
        }
    }
    CHECK(refusals > 10000);
}

TEST_CASE("a damaged array file gives one error at the place that names it", "[npy_damage]") {
    const test::TemporaryFolder folder;
    const std::string yaml =
        "populations:\n"
        "  a: {neuron: lif, size: 12, params: {vth: {file: v.npy}, bias: {file: v.npy}}}\n";
    for (const std::size_t length :
         {std::size_t{0}, std::size_t{5}, std::size_t{60}, intact().size() - 1}) {
        const auto end = intact().begin() + static_cast<std::ptrdiff_t>(length);
        folder.write("v.npy", std::vector<std::byte>{intact().begin(), end});
        Diagnostics diagnostics;
        (void)test::read(folder, yaml, diagnostics);
        REQUIRE(diagnostics.all().size() == 1);
        CHECK(diagnostics.all().front().code == "NET-NPY");
        CHECK(diagnostics.all().front().where.line == 2);
    }
}
