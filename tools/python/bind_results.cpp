// What a simulation recorded and summed up, as Python takes it.
#include <fmt/format.h>
#include <pybind11/stl.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tools/python/driver.hpp"

namespace seamount::python {
namespace {

namespace py = pybind11;

py::dict columns_of(const std::vector<std::string>& names,
                    const std::vector<Column<std::uint64_t>>& columns) {
    py::dict dict;
    for (std::size_t i = 0; i < names.size(); ++i) dict[names[i].c_str()] = columns[i].view();
    return dict;
}

/// The columns of the steps that are of what an untimed simulation does not model.
constexpr std::array<std::string_view, 3> kTimedColumns{"started_ps", "time_ps", "hops"};

/// An empty object stands for what was not modelled.
py::object energy_of(const Driver& driver) {
    if (driver.untimed_) return py::none();
    const Driver::Hold hold{driver};
    const emu::EnergyReport energy = driver.simulation_.energy();
    py::dict dict;
    dict["total"] = session::joules(energy.total());
    dict["dynamic"] = session::joules(energy.total_dynamic());
    dict["stepping"] = session::joules(energy.stepping);
    dict["host_power"] = session::joules(energy.host);
    dict["idle"] = session::joules(energy.idle);
    for (const emu::Component& component : emu::components()) {
        Picojoules sum{};
        for (const isa::Event event : component.events) sum += energy.of(event);
        dict[std::string{component.name}.c_str()] = session::joules(sum);
    }
    return dict;
}

py::dict dict_of(const session::Confusion& matrix) {
    using namespace py::literals;
    return py::dict{"labels"_a = matrix.labels, "classes"_a = matrix.classes,
                    "counts"_a = matrix.counts, "unanswered"_a = matrix.unanswered};
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
                  "synaptic_events"_a = result.run.synaptic_events,
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
        dict["unanswered"] = result.unanswered;
        dict["confusion"] = dict_of(session::confusion_of(result.answers));
    }
    if (const auto answered = static_cast<double>(result.clearness.samples); answered != 0.0) {
        dict["margin"] = result.clearness.margin / answered;
        dict["confidence"] = result.clearness.confidence / answered;
    }
    if (driver.untimed_) {
        dict["untimed"] = true;
        return dict;
    }
    dict["hops"] = result.run.hops();
    dict["max_link_flits"] = result.totals.max_link_flits;
    dict["wide_packets"] = result.totals.wide_packets;
    dict["modelled_time_s"] = session::seconds(result.totals.time);
    dict["contention_s"] = session::seconds(result.totals.contention);
    py::dict parts;
    for (std::size_t i = 0; i < emu::kCauses; ++i) {
        parts[std::string{emu::name_of(static_cast<emu::Cause>(i))}.c_str()] =
            session::seconds(Picoseconds{result.time_parts[i]});
    }
    dict["time_parts_s"] = parts;
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

}  // namespace

void bind_results(DriverClass& type) {
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
                 if (driver.untimed_) {
                     for (const std::string_view column : kTimedColumns) {
                         PyDict_DelItemString(dict.ptr(), std::string{column}.c_str());
                     }
                     return dict;
                 }
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

}  // namespace seamount::python
