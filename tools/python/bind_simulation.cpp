#include <fmt/core.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "emulator/mesh/grid/mesh_fidelity.hpp"
#include "tools/python/bindings.hpp"
#include "tools/python/driver.hpp"
#include "tools/session/drive/names.hpp"
#include "tools/session/drive/simulation.hpp"

namespace seamount::python {
namespace {

namespace py = pybind11;
using session::State;

/// A number of threads, or session::kAutoWord.
using Threads = std::variant<std::uint32_t, std::string>;

std::uint32_t threads_of(const Threads& threads) {
    if (std::holds_alternative<std::string>(threads)) {
        if (std::get<std::string>(threads) == session::kAutoWord) return session::kAutoThreads;
    } else if (const std::uint32_t count = std::get<std::uint32_t>(threads);
               count >= 1 && count <= session::kMostThreads) {
        return count;
    }
    throw py::value_error(
        fmt::format("threads must be in [1, {}], or \"auto\"", session::kMostThreads));
}

session::RunSettings settings_of(const std::string& mesh, const Threads& threads,
                                 std::optional<std::uint64_t> seed, bool learning, bool untimed) {
    session::RunSettings settings;
    const auto fidelity = parse(emu::kMeshFidelityNames, mesh);
    if (!fidelity) {
        throw py::value_error("mesh is '" + mesh + "', must be one of flit, packet, ideal");
    }
    settings.mesh = *fidelity;
    settings.threads = threads_of(threads);
    settings.seed = seed;
    settings.learning = learning;
    settings.untimed = untimed;
    return settings;
}

py::dict weights_of(Driver& driver, const std::string& projection) {
    const session::SynapseTable table = driver.simulation_.weights(projection);
    py::dict dict;
    dict["source"] = array_of(table.source);
    dict["target"] = array_of(table.target);
    dict["weight"] = array_of(table.weight);
    dict["delay"] = array_of(table.delay);
    if (!table.tag.empty()) {
        dict["tag"] = array_of(table.tag);
        dict["second_tag"] = array_of(table.second_tag);
    }
    return dict;
}

/// Spikes of the step in one population, or of all neurons by global id.
std::pair<std::vector<std::uint32_t>, std::vector<std::int32_t>> in_population(
    const Step& step, const std::optional<std::string>& population) {
    if (!population) return {step.spikes.neurons, step.spikes.payloads};
    const isa::Image& image = step.image->image;
    const isa::PopulationImage& of =
        image.populations[session::find_population(image, *population)];
    std::pair<std::vector<std::uint32_t>, std::vector<std::int32_t>> found;
    for (std::size_t i = 0; i < step.spikes.neurons.size(); ++i) {
        const std::uint32_t index = step.spikes.neurons[i] - of.first_neuron.value();
        if (index >= of.count) continue;
        found.first.push_back(index);
        found.second.push_back(step.spikes.payloads[i]);
    }
    return found;
}

void bind_step(py::module_& module) {
    py::class_<Step>(module, "Step")
        .def_readonly("index", &Step::index)
        .def_property_readonly("energy_j", [](const Step& step) { return step.energy_j; })
        .def_property_readonly("time_s", [](const Step& step) { return step.time_s; })
        .def_property_readonly("spike_count", [](const Step& step) { return step.tally.spikes; })
        .def_property_readonly("packets", [](const Step& step) { return step.tally.packets; })
        .def_property_readonly("input_spikes",
                               [](const Step& step) { return step.tally.input_spikes; })
        .def_property_readonly("synaptic_events",
                               [](const Step& step) { return step.tally.synaptic_events; })
        .def(
            "spikes",
            [](const Step& step, const std::optional<std::string>& population) {
                return array_of(in_population(step, population).first);
            },
            py::arg("population") = py::none())
        .def(
            "payloads",
            [](const Step& step, const std::optional<std::string>& population) {
                return array_of(in_population(step, population).second);
            },
            py::arg("population") = py::none());
}

void bind_snapshot(py::module_& module) {
    py::class_<State, std::shared_ptr<State>>(module, "Snapshot")
        .def_property_readonly("step", [](const State& state) { return state.machine.step; })
        .def_readonly("network", &State::network)
        .def("save",
             [](const State& state, const std::string& path) { session::save_state(state, path); })
        .def_static("load",
                    [](const std::string& path) {
                        return std::make_shared<State>(session::load_state(path));
                    })
        .def(py::pickle(
            [](const State& state) {
                const std::vector<std::byte> bytes = session::to_bytes(state);
                return py::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            },
            [](const py::bytes& bytes) {
                const std::string text = bytes;
                return std::make_shared<State>(
                    session::state_of(std::as_bytes(std::span{text}), "pickle"));
            }))
        .def("__eq__", [](const State& a, const State& b) {
            return session::to_bytes(a) == session::to_bytes(b);
        });
}

void bind_driver(py::module_& module) {
    DriverClass type(module, "Driver");
    type.def(py::init([](std::shared_ptr<Image> image, const std::string& mesh,
                         const Threads& threads, std::optional<std::uint64_t> seed, bool learning,
                         bool untimed, bool spikes, bool steps, bool traces, bool cores,
                         bool links) {
            const session::RunSettings settings =
                settings_of(mesh, threads, seed, learning, untimed);
            const RecordWhat what{spikes, steps, traces, cores, links};
            const py::gil_scoped_release release;
            return std::make_shared<Driver>(std::move(image), settings, what);
        }))
        .def_property_readonly("steps_done",
                               [](const Driver& driver) {
                                   const Driver::Hold hold{driver};
                                   return driver.simulation_.steps_done();
                               })
        .def_property_readonly("dataset_step",
                               [](const Driver& driver) {
                                   const Driver::Hold hold{driver};
                                   return driver.simulation_.dataset_step();
                               })
        .def("step", &Driver::step)
        .def("run", &Driver::run)
        .def("reset",
             [](Driver& driver, bool keep_learned) {
                 const Driver::Hold hold{driver};
                 const py::gil_scoped_release release;
                 driver.simulation_.reset(keep_learned);
                 driver.recording_.cut(0);
             })
        .def("inject",
             [](Driver& driver, const std::string& input, const py::object& indices,
                const py::object& payloads) {
                 const Driver::Hold hold{driver};
                 const auto sources = whole_numbers<std::uint32_t>(indices);
                 const auto values = payloads.is_none() ? std::vector<std::int32_t>{}
                                                        : whole_numbers<std::int32_t>(payloads);
                 driver.simulation_.inject(input, sources, values);
             })
        .def("write",
             [](Driver& driver, const std::string& population, const std::string& state,
                const py::object& values, const py::object& neurons) {
                 const Driver::Hold hold{driver};
                 const auto numbers = whole_numbers<std::int32_t>(values);
                 if (neurons.is_none()) {
                     driver.simulation_.write(population, state, numbers);
                     return;
                 }
                 const auto at = whole_numbers<std::uint32_t>(neurons);
                 if (!at.empty()) driver.simulation_.write(population, state, numbers, at);
             })
        .def("reward",
             [](Driver& driver, std::uint32_t channel, std::int32_t value) {
                 const Driver::Hold hold{driver};
                 driver.simulation_.reward(channel, value);
             })
        .def("set_learning",
             [](Driver& driver, std::optional<bool> on) {
                 const Driver::Hold hold{driver};
                 driver.simulation_.set_learning(on);
             })
        .def("clear_tags",
             [](Driver& driver, const std::optional<std::string>& projection) {
                 const Driver::Hold hold{driver};
                 driver.simulation_.clear_tags(projection);
             })
        .def("clear_traces",
             [](Driver& driver, const std::optional<std::string>& projection) {
                 const Driver::Hold hold{driver};
                 driver.simulation_.clear_traces(projection);
             })
        .def("state",
             [](Driver& driver, const std::string& population, const std::string& word) {
                 const Driver::Hold hold{driver};
                 return array_of(driver.simulation_.state(population, word));
             })
        .def("weights",
             [](Driver& driver, const std::string& projection) {
                 const Driver::Hold hold{driver};
                 return weights_of(driver, projection);
             })
        .def("snapshot",
             [](Driver& driver) {
                 const Driver::Hold hold{driver};
                 return std::make_shared<State>(driver.simulation_.snapshot());
             })
        .def("restore", [](Driver& driver, const State& state) {
            const Driver::Hold hold{driver};
            driver.simulation_.restore(state);
            driver.recording_.cut(state.machine.step);
        });
    bind_results(type);
}

}  // namespace

void bind_simulation(py::module_& module) {
    bind_step(module);
    bind_snapshot(module);
    bind_driver(module);
}

}  // namespace seamount::python
