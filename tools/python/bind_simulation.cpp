#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/mesh/grid/mesh_fidelity.hpp"
#include "tools/python/bindings.hpp"
#include "tools/python/recording.hpp"
#include "tools/session/drive/names.hpp"
#include "tools/session/drive/simulation.hpp"

namespace seamount::python {
namespace {

namespace py = pybind11;
using Image = session::Loaded;
using session::State;
using Clock = std::chrono::steady_clock;

/// How long a run goes on before it looks for Ctrl-C and tells of its progress.
constexpr std::chrono::milliseconds kLook{50};

template <class T>
using Numbers = py::array_t<T, py::array::c_style | py::array::forcecast>;

template <class T>
std::span<const T> span_of(const Numbers<T>& numbers) {
    return {numbers.data(), static_cast<std::size_t>(numbers.size())};
}

/// Whole numbers that fit T; anything else is a TypeError or ValueError, never a silent wrap.
template <class T>
std::vector<T> whole_numbers(const py::handle& given) {
    const auto array = py::array::ensure(given);
    if (!array) {
        PyErr_Clear();
        throw py::type_error("numbers are needed");
    }
    const char kind = array.dtype().kind();
    if (array.size() == 0) return {};
    if (kind != 'i' && kind != 'u' && kind != 'b') throw py::type_error("whole numbers are needed");
    const Numbers<std::int64_t> wide{array};
    std::vector<T> values;
    values.reserve(static_cast<std::size_t>(wide.size()));
    for (const std::int64_t value : span_of(wide)) {
        if (!std::in_range<T>(value)) {
            throw py::value_error(std::to_string(value) + " does not fit 32 bits");
        }
        values.push_back(static_cast<T>(value));
    }
    return values;
}

template <class T>
py::array array_of(const std::vector<T>& values) {
    return py::array_t<T>(static_cast<py::ssize_t>(values.size()), values.data());
}

/// What happened in a step.
struct Step {
    std::uint64_t index = 0;
    session::Tally tally;
    double energy_j = 0.0;
    StepSpikes spikes;
    std::shared_ptr<const Image> image;
};

/// A simulation with what it records. While one thread runs it, others are refused: the
/// interpreter is free meanwhile.
class Driver {
public:
    Driver(std::shared_ptr<const Image> image, const session::RunSettings& settings,
           RecordWhat what)
        : image_{std::move(image)},
          recording_{*image_, what},
          simulation_{image_, settings, {&recording_}} {}

    /// Holds the driver for one thread.
    class Hold {
    public:
        explicit Hold(const Driver& driver) : busy_{driver.busy_}, free_{!busy_.test_and_set()} {
            if (!free_) throw std::runtime_error("the simulation is in use already");
        }
        ~Hold() {
            if (free_) busy_.clear();
        }
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;

    private:
        std::atomic_flag& busy_;
        bool free_;
    };

    Step step() {
        const Hold hold{*this};
        const session::Tally* tally = nullptr;
        {
            const py::gil_scoped_release release;
            tally = &simulation_.step();
        }
        Step step{simulation_.steps_done() - 1, *tally, 0.0, recording_.last, image_};
        step.energy_j = session::joules(
            emu::price(tally->counts, tally->time, image_->chip, recording_.powered()).total());
        return step;
    }

    /// `before` is called with `self` before each step, `progress` now and then with (done, all);
    /// both may be None.
    void run(std::uint64_t steps, const py::object& progress, const py::object& before,
             const py::object& self) {
        if (!before.is_none()) return run_with_callback(steps, progress, before, self);
        const Hold hold{*this};
        const py::gil_scoped_release release;
        Clock::time_point looked = Clock::now();
        for (std::uint64_t i = 0; i < steps; ++i) {
            (void)simulation_.step();
            if (Clock::now() - looked < kLook) continue;
            const py::gil_scoped_acquire acquire;
            look(progress, i + 1, steps);
            looked = Clock::now();
        }
    }

    std::shared_ptr<const Image> image_;
    Recording recording_;
    session::Simulation simulation_;

private:
    friend class Hold;
    static void look(const py::object& progress, std::uint64_t done, std::uint64_t all) {
        if (PyErr_CheckSignals() != 0) throw py::error_already_set();
        if (!progress.is_none()) progress(done, all);
    }
    /// The callback may use the simulation, so it is held only for the step itself.
    void run_with_callback(std::uint64_t steps, const py::object& progress,
                           const py::object& before, const py::object& self) {
        Clock::time_point looked = Clock::now();
        for (std::uint64_t i = 0; i < steps; ++i) {
            before(self);
            {
                const Hold hold{*this};
                const py::gil_scoped_release release;
                (void)simulation_.step();
            }
            if (Clock::now() - looked < kLook) continue;
            look(progress, i + 1, steps);
            looked = Clock::now();
        }
    }

    mutable std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
};

session::RunSettings settings_of(const std::string& mesh, std::uint32_t threads,
                                 std::optional<std::uint64_t> seed, bool learning) {
    session::RunSettings settings;
    const auto fidelity = parse(emu::kMeshFidelityNames, mesh);
    if (!fidelity) {
        throw py::value_error("mesh is '" + mesh + "', must be one of flit, packet, ideal");
    }
    if (threads < 1 || threads > 256) throw py::value_error("threads must be in [1, 256]");
    settings.mesh = *fidelity;
    settings.threads = threads;
    settings.seed = seed;
    settings.learning = learning;
    return settings;
}

py::dict columns_of(const std::vector<std::string>& names,
                    const std::vector<Column<std::uint64_t>>& columns) {
    py::dict dict;
    for (std::size_t i = 0; i < names.size(); ++i) dict[names[i].c_str()] = columns[i].view();
    return dict;
}

py::dict energy_of(const Driver& driver) {
    const Driver::Hold hold{driver};
    const emu::EnergyReport energy = driver.simulation_.energy();
    py::dict dict;
    dict["total"] = session::joules(energy.total());
    dict["dynamic"] = session::joules(energy.total_dynamic());
    dict["stepping"] = session::joules(energy.stepping);
    dict["idle"] = session::joules(energy.idle);
    for (const emu::Component& component : emu::components()) {
        Picojoules sum{};
        for (const isa::Event event : component.events) sum += energy.of(event);
        dict[std::string{component.name}.c_str()] = session::joules(sum);
    }
    return dict;
}

py::dict totals_of(const Driver& driver) {
    using namespace py::literals;
    const Driver::Hold hold{driver};
    const session::RunResult result = driver.simulation_.result();
    py::dict dict{"steps"_a = result.run.steps,
                  "input_spikes"_a = result.run.input_spikes,
                  "spikes"_a = result.run.spikes,
                  "spike_hash"_a = fmt::format("{:016x}", result.spike_hash),
                  "packets"_a = result.run.packets,
                  "hops"_a = result.run.hops(),
                  "synaptic_events"_a = result.run.synaptic_events,
                  "max_link_flits"_a = result.totals.max_link_flits,
                  "wide_packets"_a = result.totals.wide_packets,
                  "modelled_time_s"_a = session::seconds(result.totals.time),
                  "contention_s"_a = session::seconds(result.totals.contention),
                  "samples"_a = result.sample_count,
                  "seed"_a = result.plan.seed};
    for (const session::CoreCounterInfo& row : session::kCoreCounters) {
        if (!row.summary.empty()) {
            dict[std::string{row.summary}.c_str()] = result.run.cores[row.counter];
        }
    }
    if (result.has_accuracy) {
        dict["correct"] = result.correct;
        dict["accuracy"] = double{static_cast<double>(result.correct)} / result.sample_count;
    }
    py::dict parts;
    for (std::size_t i = 0; i < emu::kCauses; ++i) {
        parts[std::string{emu::name_of(static_cast<emu::Cause>(i))}.c_str()] =
            session::seconds(Picoseconds{result.time_parts[i]});
    }
    dict["time_parts_s"] = parts;
    return dict;
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

py::list traces_of(const Driver& driver) {
    using namespace py::literals;
    const Driver::Hold hold{driver};
    py::list list;
    for (const Recording::Trace& trace : driver.recording_.traces) {
        list.append(py::dict{"population"_a = trace.population, "variable"_a = trace.variable,
                             "neurons"_a = array_of(trace.neurons), "every"_a = trace.every,
                             "step"_a = trace.step.view(), "value"_a = trace.value.view()});
    }
    return list;
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
        .def_readonly("energy_j", &Step::energy_j)
        .def_property_readonly("time_s",
                               [](const Step& step) { return session::seconds(step.tally.time); })
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

void bind_results(py::class_<Driver, std::shared_ptr<Driver>>& type) {
    type.def("spike_columns",
             [](const Driver& driver) {
                 const Driver::Hold hold{driver};
                 const Recording& r = driver.recording_;
                 return py::make_tuple(r.spike_step.view(), r.spike_neuron.view(),
                                       r.spike_payload.view());
             })
        .def("step_columns",
             [](const Driver& driver) {
                 const Driver::Hold hold{driver};
                 py::dict dict = columns_of(Recording::step_columns(), driver.recording_.steps);
                 dict["energy_j"] = driver.recording_.energy_j.view();
                 return dict;
             })
        .def("core_columns",
             [](const Driver& driver) {
                 const Driver::Hold hold{driver};
                 py::dict dict;
                 dict["step"] = driver.recording_.cores_step.view();
                 for (std::size_t i = 0; i < session::kCoreCounters.size(); ++i) {
                     dict[std::string{session::kCoreCounters[i].column}.c_str()] =
                         driver.recording_.cores[i].view();
                 }
                 return dict;
             })
        .def("link_columns",
             [](const Driver& driver) {
                 const Driver::Hold hold{driver};
                 py::dict dict = columns_of(Recording::link_columns(), driver.recording_.links);
                 dict["step"] = driver.recording_.link_step.view();
                 return dict;
             })
        .def("traces", &traces_of)
        .def("energy", &energy_of)
        .def("totals", &totals_of);
}

void bind_driver(py::module_& module) {
    py::class_<Driver, std::shared_ptr<Driver>> type(module, "Driver");
    type.def(py::init([](std::shared_ptr<Image> image, const std::string& mesh,
                         std::uint32_t threads, std::optional<std::uint64_t> seed, bool learning,
                         bool spikes, bool steps, bool traces, bool cores, bool links) {
            const session::RunSettings settings = settings_of(mesh, threads, seed, learning);
            const RecordWhat what{spikes, steps, traces, cores, links};
            const py::gil_scoped_release release;
            return std::make_shared<Driver>(std::move(image), settings, what);
        }))
        .def_property_readonly("steps_done",
                               [](const Driver& driver) {
                                   const Driver::Hold hold{driver};
                                   return driver.simulation_.steps_done();
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
