#include "tests/unit/verify/shipped.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <random>

#include "compiler/frontend/frontend.hpp"
#include "tests/support/temporary_folder.hpp"

namespace seamount::test {
namespace {

namespace fs = std::filesystem;

const fs::path kConfigs = fs::path{SEAMOUNT_SOURCE_DIR} / "configs";

/// An edge list of `neurons` neurons as CSV: source,target,weight.
void write_edges(const fs::path& path, std::uint32_t neurons, bool header) {
    std::ofstream out{path};
    if (header) out << "source,target,weight\n";
    std::mt19937 draw{5};
    for (std::uint32_t i = 0; i < neurons; ++i) {
        for (int k = 0; k < 6; ++k) {
            out << i << ',' << draw() % neurons << ',' << static_cast<int>(draw() % 17) - 8 << '\n';
        }
        out << i << ',' << (i + 1) % neurons << ",3\n";
    }
}

/// The int32 array of an edge list as .npy.
void write_npy(const fs::path& path, std::uint32_t neurons, std::uint32_t columns) {
    std::mt19937 draw{7};
    std::vector<std::int32_t> cells;
    for (std::uint32_t i = 0; i < neurons; ++i) {
        for (std::uint32_t k = 0; k < 8; ++k) {
            cells.push_back(static_cast<std::int32_t>(i));
            cells.push_back(static_cast<std::int32_t>(k == 0 ? neurons - 1 : draw() % neurons));
            if (columns == 3) cells.push_back(static_cast<std::int32_t>(draw() % 17) - 8);
        }
    }
    std::string header = "{'descr': '<i4', 'fortran_order': False, 'shape': (" +
                         std::to_string(cells.size() / columns) + ", " + std::to_string(columns) +
                         "), }";
    header.resize(118, ' ');
    header.back() = '\n';
    std::ofstream out{path, std::ios::binary};
    out << std::string{"\x93NUMPY\x01\x00", 8} << static_cast<char>(118) << '\0' << header;
    out.write(reinterpret_cast<const char*>(cells.data()),
              static_cast<std::streamsize>(cells.size() * sizeof(cells[0])));
}

}  // namespace

std::vector<Shipped> shipped_networks(const fs::path& folder) {
    write_npy(folder / "random.edges.npy", 300, 3);
    std::ofstream neurons{folder / "random.neurons.csv"};
    neurons << "id,core,bias,threshold\n";
    for (int i = 0; i < 300; ++i) {
        neurons << i << ',' << i / 60 << ',' << i % 90 << ',' << 900 + i % 3 << '\n';
    }
    write_npy(folder / "edges.npy", 200, 2);
    write_edges(folder / "connectome.csv", 150, false);
    const std::map<std::string, Shipped> special{
        {"random.yaml", {"", {"prefix=" + (folder / "random").string()}}},
        {"edges.yaml", {"", {"edges=" + (folder / "edges.npy").string()}}},
        {"huge.yaml", {"", {"rows=20", "columns=30", "radius=0.3"}, "big.yaml"}},
        {"connectome.yaml",
         {"",
          {"edges=" + (folder / "connectome.csv").string(),
           "nodes=" + (folder / "connectome.csv").string()}}},
    };
    std::vector<Shipped> all;
    for (const fs::directory_entry& entry : fs::directory_iterator{kConfigs / "networks"}) {
        if (entry.path().extension() != ".yaml") continue;
        const std::string name = entry.path().filename().string();
        const auto known = special.find(name);
        Shipped& shipped = all.emplace_back(known == special.end() ? Shipped{} : known->second);
        shipped.file = name;
    }
    std::sort(all.begin(), all.end(),
              [](const Shipped& a, const Shipped& b) { return a.file < b.file; });
    return all;
}

compiler::Network read(const Shipped& shipped) {
    Settings settings;
    for (const std::string& assignment : shipped.assignments) settings.add(assignment);
    Diagnostics found;
    compiler::Network network = compiler::read_network(kConfigs / "networks" / shipped.file,
                                                       settings, kConfigs / "neurons", found);
    found.throw_if_errors();
    return network;
}

isa::ChipSpec chip_of(const Shipped& shipped, std::uint32_t compartments) {
    const fs::path chips = kConfigs / "chips";
    if (compartments == 0) return isa::ChipSpec::load(chips / shipped.chip, {}, chips);
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "chip.yaml";
    std::ofstream{file} << "extends: " << (chips / shipped.chip).string()
                        << "\nlimits: {compartments: " << compartments << "}\n";
    return isa::ChipSpec::load(file, {}, chips);
}

}  // namespace seamount::test
