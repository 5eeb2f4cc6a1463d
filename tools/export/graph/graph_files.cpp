#include "tools/export/graph/graph_files.hpp"

#include <array>
#include <system_error>

#include "isa/base/output_file.hpp"
#include "tools/base/hdf5/growing_hdf5.hpp"
#include "tools/base/html/static_page.hpp"
#include "tools/base/table.hpp"

namespace seamount::exporter {
namespace {

namespace fs = std::filesystem;
using tools::CellType;
using tools::GrowingHdf5;

std::string core_of(const GraphGroup& group, std::uint32_t neuron) {
    return group.is_input ? std::string{} : std::to_string(group.cores[neuron]);
}

void write_groups(const Graph& graph, GrowingHdf5& file) {
    const std::size_t name = file.dataset("/groups/name", CellType::kText);
    const std::size_t size = file.dataset("/groups/size", CellType::kU32);
    const std::size_t input = file.dataset("/groups/is_input", CellType::kU32);
    const std::size_t group = file.dataset("/neurons/group", CellType::kU32);
    const std::size_t index = file.dataset("/neurons/index", CellType::kU32);
    const std::size_t core = file.dataset("/neurons/core", CellType::kU32);
    for (std::uint32_t g = 0; g < graph.groups().size(); ++g) {
        const GraphGroup& one = graph.groups()[g];
        file.append_text(name, one.name);
        file.append(size, one.size);
        file.append(input, std::uint32_t{one.is_input ? 1U : 0U});
        for (std::uint32_t i = 0; i < one.cores.size(); ++i) {
            file.append(group, g);
            file.append(index, i);
            file.append(core, one.cores[i]);
        }
    }
    const std::size_t projection = file.dataset("/projections/name", CellType::kText);
    for (const std::string& one : graph.projections()) file.append_text(projection, one);
}

void write_columns(const Graph& graph, GrowingHdf5& file) {
    const auto numbers = [&](const char* name) {
        return file.dataset(std::string{"/edges/"} + name, CellType::kU32);
    };
    const auto signed_numbers = [&](const char* name) {
        return file.dataset(std::string{"/edges/"} + name, CellType::kI32);
    };
    const std::array places{numbers("projection"), numbers("source"),       numbers("source_index"),
                            numbers("target"),     numbers("target_index"), numbers("delay")};
    const std::array values{signed_numbers("weight"), signed_numbers("mantissa"),
                            signed_numbers("exponent")};
    file.attribute("/edges/delay", "units", "step");
    file.attribute("/edges/weight", "units", "what an event adds to the accumulator");
    graph.for_each_edge([&](const GraphEdge& edge) {
        const std::array<std::uint32_t, 6> where{edge.projection,   edge.source_group, edge.source,
                                                 edge.target_group, edge.target,       edge.delay};
        const std::array<std::int32_t, 3> what{edge.weight, edge.mantissa, edge.exponent};
        for (std::size_t i = 0; i < where.size(); ++i) file.append(places[i], where[i]);
        for (std::size_t i = 0; i < what.size(); ++i) file.append(values[i], what[i]);
        constexpr std::size_t kMostPending = std::size_t{16} << 20U;
        if (file.pending_bytes() > kMostPending) file.flush();
    });
}

}  // namespace

void write_edges(const Graph& graph, const fs::path& target) {
    OutputFile file{target};
    file.write(
        "projection,source,source_index,target,target_index,weight,mantissa,exponent,delay,"
        "source_core,target_core\n");
    graph.for_each_edge([&](const GraphEdge& edge) {
        const GraphGroup& source = graph.groups()[edge.source_group];
        const GraphGroup& to = graph.groups()[edge.target_group];
        file.print("{},{},{},{},{},{},{},{},{},{},{}\n",
                   tools::csv_field(graph.projections()[edge.projection]),
                   tools::csv_field(source.name), edge.source, tools::csv_field(to.name),
                   edge.target, edge.weight, edge.mantissa, edge.exponent, edge.delay,
                   core_of(source, edge.source), core_of(to, edge.target));
    });
    file.commit();
}

void write_hdf5(const Graph& graph, const fs::path& target, const std::string& network) {
    const fs::path unfinished = target.string() + ".unfinished";
    std::error_code error;
    fs::remove(unfinished, error);
    {
        GrowingHdf5 file{unfinished, target};
        file.attribute("/", "network", network);
        write_groups(graph, file);
        write_columns(graph, file);
        file.finish();
    }
    fs::rename(unfinished, target, error);
    if (error) bad_input("OUT-WRITE", target.string(), "cannot write: " + error.message());
}

void write_graphml(const Graph& graph, const fs::path& target, const std::string& network) {
    OutputFile file{target};
    const auto text = [](const std::string& words) { return tools::html_escaped(words); };
    file.write(
        R"(<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="group" for="node" attr.name="group" attr.type="string"/>
<key id="index" for="node" attr.name="index" attr.type="int"/>
<key id="core" for="node" attr.name="core" attr.type="int"/>
<key id="projection" for="edge" attr.name="projection" attr.type="string"/>
<key id="weight" for="edge" attr.name="weight" attr.type="int"/>
<key id="delay" for="edge" attr.name="delay" attr.type="int"/>
)");
    file.print("<graph id=\"{}\" edgedefault=\"directed\">\n", text(network));
    for (const GraphGroup& group : graph.groups()) {
        for (std::uint32_t i = 0; i < group.size; ++i) {
            file.print(
                R"(<node id="{0}[{1}]"><data key="group">{0}</data><data key="index">{1}</data>)",
                text(group.name), i);
            if (!group.is_input) file.print("<data key=\"core\">{}</data>", group.cores[i]);
            file.write("</node>\n");
        }
    }
    graph.for_each_edge([&](const GraphEdge& edge) {
        file.print(R"(<edge source="{}[{}]" target="{}[{}]"><data key="projection">{}</data>)"
                   R"(<data key="weight">{}</data><data key="delay">{}</data></edge>)"
                   "\n",
                   text(graph.groups()[edge.source_group].name), edge.source,
                   text(graph.groups()[edge.target_group].name), edge.target,
                   text(graph.projections()[edge.projection]), edge.weight, edge.delay);
    });
    file.write("</graph>\n</graphml>\n");
    file.commit();
}

}  // namespace seamount::exporter
