#include "tools/import/import.hpp"

#include <catch2/catch.hpp>

#include "isa/base/diagnostic.hpp"
#include "tests/unit/import/netx_file.hpp"

using namespace seamount;
using namespace seamount::importer;
using Catch::Contains;
using test::NetxFile;

namespace {

/// The errors of importing a file; empty if there are none.
std::string errors_of(const std::string& path) {
    try {
        (void)import_file(path, "net.npz", {});
        return "";
    } catch (const InputError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("a format is known by what a file holds, not by its name", "[import]") {
    const test::TemporaryFolder folder;
    const ImportedFile imported =
        import_file(test::write_netx(folder, "a.h5", test::fill_small), "net.npz", {});
    CHECK(imported.format == "netx");
    CHECK(imported.content.neurons == 1);
}

TEST_CASE("files of other formats are refused, and those that can be had named", "[import]") {
    const test::TemporaryFolder folder;
    CHECK_THAT(errors_of(test::write_netx(folder, "keras.h5",
                                          [](NetxFile& file) {
                                              file.group("/model_weights");
                                              file.integers("/layer", {1});
                                          })),
               Contains("no known format; at its root: layer, model_weights [IMP-FORMAT]") &&
                   Contains("netx (HDF5 with a group 'layer'") &&
                   Contains("NIR (HDF5 with a group 'node')") &&
                   Contains("SONATA (JSON: circuit_config.json"));
    CHECK_THAT(errors_of(folder.write("a.yaml", "network: a\n")),
               Contains("a.yaml: error: not an HDF5 file [IMP-HDF5]"));
    CHECK_THAT(errors_of(folder / "missing.net"), Contains("no such file [CLI-FILE]"));
}

TEST_CASE("options of another format than the file's are refused by name", "[import]") {
    const test::TemporaryFolder folder;
    const std::string file = test::write_netx(folder, "a.net", test::fill_small);
    ImportOptions options;
    options.nir.dt = 1e-3;
    options.nir.split_weights = true;
    try {
        (void)import_file(file, "net.npz", options);
        FAIL("imported");
    } catch (const InputError& error) {
        CHECK_THAT(error.what(), Contains("--dt says nothing to a file of the format netx") &&
                                     Contains("--split-weights") && Contains("[IMP-OPTION]"));
    }
}

TEST_CASE("a pointer of Git LFS says so", "[import]") {
    const test::TemporaryFolder folder;
    CHECK_THAT(errors_of(folder.write("a.net",
                                      "version https://git-lfs.github.com/spec/v1\n"
                                      "oid sha256:ae1c15f2\nsize 611968\n")),
               Contains("a pointer of Git LFS, not the file itself [IMP-LFS]") &&
                   Contains("git lfs pull"));
}
