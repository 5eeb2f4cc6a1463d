#include "tests/unit/import/nir_file.hpp"

#include "isa/base/diagnostic.hpp"

namespace seamount::test {
namespace {

std::string path_of(const std::string& name) {
    return "/node/nodes/" + name;
}

}  // namespace

NirFile::NirFile(const std::string& path) : file_{path} {
    file_.text("/version", "1.0.6");
    file_.text("/node/type", "NIRGraph");
    file_.group("/node/nodes");
}

void NirFile::node(const std::string& name, const std::string& type,
                   const std::map<std::string, Values>& fields) {
    file_.text(path_of(name) + "/type", type);
    for (const auto& [key, values] : fields) {
        file_.floats(path_of(name) + "/" + key, values.first, values.second);
    }
}

void NirFile::shaped(const std::string& name, const std::string& type,
                     const std::vector<std::int64_t>& shape) {
    file_.text(path_of(name) + "/type", type);
    file_.integers(path_of(name) + "/shape", shape);
}

void NirFile::edges(const Edges& edges, const std::string& of) {
    std::vector<std::string> ends;
    for (const auto& [from, to] : edges) {
        ends.push_back(from);
        ends.push_back(to);
    }
    file_.texts((of.empty() ? "/node" : path_of(of)) + "/edges", {edges.size(), 2}, ends);
}

void NirFile::lif(const std::string& name) {
    node(name, "LIF",
         {{"tau", {{}, {0.01F}}},
          {"r", {{}, {1}}},
          {"v_leak", {{}, {0}}},
          {"v_threshold", {{}, {1}}}});
}

void NirFile::linear(const std::string& name, std::uint64_t outputs,
                     const std::vector<float>& weights) {
    node(name, "Linear", {{"weight", {{outputs, weights.size() / outputs}, weights}}});
}

void NirFile::conv(const std::string& name, const std::vector<std::uint64_t>& shape,
                   const std::vector<float>& kernel, float stride, float padding) {
    node(name, "Conv2d",
         {{"weight", {shape, kernel}},
          {"bias", {{}, {0}}},
          {"stride", {{}, {stride}}},
          {"padding", {{}, {padding}}},
          {"dilation", {{}, {1}}},
          {"groups", {{}, {1}}}});
}

importer::Imported import_nir(const std::function<void(NirFile&)>& fill,
                              importer::NirOptions options) {
    const TemporaryFolder folder;
    {
        NirFile file{folder / "a.nir"};
        fill(file);
    }
    if (!options.dt) options.dt = 1e-3;
    return importer::import_nir(importer::Hdf5File{folder / "a.nir"}, "net.npz", options);
}

std::string nir_errors(const std::function<void(NirFile&)>& fill, importer::NirOptions options) {
    try {
        (void)import_nir(fill, options);
        return "";
    } catch (const InputError& error) {
        // What stands before the name of the file is a temporary folder.
        std::string text = error.what();
        for (std::size_t end = text.find("/a.nir"); end != std::string::npos;
             end = text.find("/a.nir")) {
            const std::size_t line = text.rfind('\n', end);
            const std::size_t begin = line == std::string::npos ? 0 : line + 1;
            text.erase(begin, end + 1 - begin);
        }
        return text;
    }
}

void fill_small_nir(NirFile& file) {
    file.shaped("in", "Input", {2});
    file.linear("w", 2, {1, -0.5F, 0.25F, 1});
    file.lif("lif");
    file.shaped("out", "Output", {2});
    file.edges({{"lif", "out"}, {"in", "w"}, {"w", "lif"}});
}

}  // namespace seamount::test
