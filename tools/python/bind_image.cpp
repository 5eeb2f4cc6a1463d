#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ir/mapping_method.hpp"
#include "isa/base/name_table.hpp"
#include "tools/import/import_options.hpp"
#include "tools/python/bindings.hpp"
#include "tools/session/bind_inputs.hpp"
#include "tools/session/image_stats.hpp"
#include "tools/session/open.hpp"
#include "tools/session/settings.hpp"

namespace seamount::python {
namespace {

namespace py = pybind11;

/// Keeps the warnings.
class Warnings final : public session::Listener {
public:
    void warning(const Diagnostic& warning) override { list.push_back(to_string(warning)); }
    std::vector<std::string> list;
};

/// The value of a table by its name; nothing for none. Throws ValueError.
template <class Enum, std::size_t N, Enum First>
std::optional<Enum> named(const NameTable<Enum, N, First>& table,
                          const std::optional<std::string>& name, const char* what) {
    if (!name) return std::nullopt;
    if (const auto value = parse(table, *name)) return value;
    std::string names;
    for (const std::string_view known : table.names()) {
        names += (names.empty() ? "" : ", ") + std::string{known};
    }
    throw py::value_error(std::string{what} + " is '" + *name + "', must be one of " + names);
}

py::tuple open_file(const std::string& path, const std::string& chip,
                    const std::vector<std::string>& assignments,
                    const std::optional<std::string>& partitioner,
                    const std::optional<std::string>& placer, std::optional<std::uint32_t> effort,
                    std::optional<std::uint64_t> mapping_seed,
                    const std::vector<std::string>& inputs, const std::vector<std::string>& data,
                    const std::vector<std::pair<std::string, std::string>>& import) {
    session::CompileSettings settings;
    settings.import = importer::read_import_options(import);
    settings.chip = chip;
    settings.assignments = assignments;
    settings.partitioner = named(compiler::kPartitionerNames, partitioner, "partitioner");
    settings.placer = named(compiler::kPlacerNames, placer, "placer");
    settings.effort = effort;
    settings.mapping_seed = mapping_seed;
    auto image = std::make_shared<session::Loaded>();
    Warnings warnings;
    {
        const py::gil_scoped_release release;
        *image = session::open(path, settings, warnings);
        for (const Diagnostic& one : session::bind_inputs(inputs, *image, image->dt_ms)) {
            warnings.warning(one);
        }
        for (const Diagnostic& one : session::bind_data(data, *image, image->dt_ms)) {
            warnings.warning(one);
        }
    }
    return py::make_tuple(image, warnings.list);
}

template <class T>
py::dict described(const T& item, std::uint32_t count) {
    using namespace py::literals;
    return py::dict{"name"_a = item.name, "size"_a = count, "shape"_a = item.shape};
}

py::dict facts(const session::Loaded& image) {
    using namespace py::literals;
    const session::ImageStats stats = session::measure(image.image);
    py::list populations;
    for (const isa::PopulationImage& population : image.image.populations) {
        py::dict entry = described(population, population.count);
        entry["first"] = population.first_neuron.value();
        populations.append(entry);
    }
    py::list inputs;
    for (const isa::InputImage& input : image.image.inputs) {
        py::dict entry = described(input, input.size);
        entry["kind"] = std::string{name_of(isa::kInputKindNames, input.kind)};
        inputs.append(entry);
    }
    py::list projections;
    for (const isa::ProjectionImage& projection : image.image.projections) {
        projections.append(py::dict{"name"_a = projection.name, "source"_a = projection.from,
                                    "target"_a = image.image.populations[projection.to].name,
                                    "synapses"_a = projection.synapses});
    }
    const isa::DatasetImage& dataset = image.image.dataset;
    return py::dict{"network"_a = image.image.network,
                    "chip"_a = image.chip.name,
                    "neurons"_a = stats.neurons,
                    "synapses"_a = stats.synapses,
                    "cores"_a = stats.cores,
                    "footprint_bytes"_a = stats.footprint_bytes,
                    "seed"_a = image.image.seed,
                    "samples"_a = dataset.samples,
                    "steps_per_sample"_a = dataset.steps_per_sample,
                    "populations"_a = populations,
                    "inputs"_a = inputs,
                    "projections"_a = projections,
                    "compile_s"_a = image.compile_s};
}

}  // namespace

void bind_image(py::module_& module) {
    py::class_<isa::ChipSpec, std::shared_ptr<isa::ChipSpec>>(module, "ChipSpec")
        .def(py::init([](const std::string& chip, const std::vector<std::string>& assignments) {
            const Settings settings = session::settings_of(assignments);
            auto spec = std::make_shared<isa::ChipSpec>(session::load_chip(chip, settings));
            session::reject_unused(settings, "the chip file declares no variables");
            return spec;
        }))
        .def_readonly("name", &isa::ChipSpec::name)
        .def_readonly("prices", &isa::ChipSpec::prices_name)
        .def_readonly("width", &isa::ChipSpec::width)
        .def_readonly("height", &isa::ChipSpec::height)
        .def_property_readonly("cores", &isa::ChipSpec::cores)
        .def_readonly("resolved", &isa::ChipSpec::resolved);

    py::class_<session::Loaded, std::shared_ptr<session::Loaded>>(module, "Image")
        .def("facts", &facts)
        .def("report",
             [](const session::Loaded& image) -> std::optional<std::string> {
                 if (!image.report) return std::nullopt;
                 return compiler::report_json(*image.report);
             })
        .def("save", [](const session::Loaded& image, const std::string& path) {
            const py::gil_scoped_release release;
            isa::save_image(image.image, path);
        });
    module.def("open", &open_file);
}

}  // namespace seamount::python
