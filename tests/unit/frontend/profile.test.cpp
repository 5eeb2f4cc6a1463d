#include "compiler/frontend/profile.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/frontend/support.hpp"

using namespace seamount;

namespace {

using Weights = std::vector<std::uint32_t>;

/// What is wrong with a file as a profile of four neurons.
std::string error_of(const std::filesystem::path& file) {
    try {
        (void)compiler::read_profile(file, "--profile", 4);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("a profile becomes weights of which 16 is the mean and 1 the least", "[profile]") {
    const test::TemporaryFolder folder;
    const Weights expected{1, 16, 32, 16};
    folder.write("list.npy", test::npy_f8({4}, {0, 10, 20, 10}));
    CHECK(compiler::read_profile(folder / "list.npy", "--profile", 4) == expected);
    folder.write("table.csv", "neuron,spikes\n3,10\n2,15\n1,10\n2,5\n");
    CHECK(compiler::read_profile(folder / "table.csv", "--profile", 4) == expected);
    folder.write("silent.npy", test::npy_f8({4}, {0, 0, 0, 0}));
    CHECK(compiler::read_profile(folder / "silent.npy", "--profile", 4).empty());
}

TEST_CASE("a profile that cannot be used says why", "[profile]") {
    using Catch::Contains;
    const test::TemporaryFolder folder;
    // A path of the command line is relative to nothing that a hint could name.
    CHECK_THAT(error_of(folder / "none.npy"),
               Contains("--profile:1") && Contains("no such file") && !Contains("hint"));
    folder.write("short.npy", test::npy_f8({3}, {1, 2, 3}));
    CHECK_THAT(error_of(folder / "short.npy"), Contains("NET-SHAPE"));
    folder.write("named.csv", "id,spikes\n1,2\n");
    CHECK_THAT(error_of(folder / "named.csv"), Contains("NET-COLUMN"));
    folder.write("beyond.csv", "neuron,spikes\n4,2\n");
    CHECK_THAT(error_of(folder / "beyond.csv"), Contains("NET-VALUE"));
}
