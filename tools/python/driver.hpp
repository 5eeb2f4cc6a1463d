#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tools/python/recording.hpp"
#include "tools/session/drive/simulation.hpp"

namespace seamount::python {

using Image = session::Loaded;

/// How long a run goes on before it looks for Ctrl-C and tells of its progress.
inline constexpr std::chrono::milliseconds kLook{50};

template <class T>
using Numbers = pybind11::array_t<T, pybind11::array::c_style | pybind11::array::forcecast>;

template <class T>
std::span<const T> span_of(const Numbers<T>& numbers) {
    return {numbers.data(), static_cast<std::size_t>(numbers.size())};
}

/// Whole numbers that fit T; anything else is a TypeError or ValueError, never a silent wrap.
template <class T>
std::vector<T> whole_numbers(const pybind11::handle& given) {
    const auto array = pybind11::array::ensure(given);
    if (!array) {
        PyErr_Clear();
        throw pybind11::type_error("numbers are needed");
    }
    const char kind = array.dtype().kind();
    if (array.size() == 0) return {};
    if (kind != 'i' && kind != 'u' && kind != 'b')
        throw pybind11::type_error("whole numbers are needed");
    const Numbers<std::int64_t> wide{array};
    std::vector<T> values;
    values.reserve(static_cast<std::size_t>(wide.size()));
    for (const std::int64_t value : span_of(wide)) {
        if (!std::in_range<T>(value)) {
            throw pybind11::value_error(std::to_string(value) + " does not fit 32 bits");
        }
        values.push_back(static_cast<T>(value));
    }
    return values;
}

template <class T>
pybind11::array array_of(const std::vector<T>& values) {
    return pybind11::array_t<T>(static_cast<pybind11::ssize_t>(values.size()), values.data());
}

/// What happened in a step.
struct Step {
    std::uint64_t index = 0;
    session::Tally tally;
    std::optional<double> time_s;    ///< none: untimed
    std::optional<double> energy_j;  ///< likewise
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
          untimed_{settings.untimed},
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
            const pybind11::gil_scoped_release release;
            tally = &simulation_.step();
        }
        Step step{simulation_.steps_done() - 1, *tally, {}, {}, recording_.last, image_};
        if (untimed_) return step;
        step.time_s = session::seconds(tally->time);
        step.energy_j = session::joules(
            emu::price(tally->counts, tally->time, image_->chip, recording_.powered()).total());
        return step;
    }

    /// Up to `steps` steps, and to before step `end` of the dataset, if that is given. `before` is
    /// called with `self` before each step, `progress` now and then with (done, all); both may be
    /// None.
    void run(std::uint64_t steps, std::optional<std::uint64_t> end,
             const pybind11::object& progress, const pybind11::object& before,
             const pybind11::object& self) {
        if (!before.is_none()) return run_with_callback(steps, end, progress, before, self);
        const Hold hold{*this};
        const pybind11::gil_scoped_release release;
        std::chrono::steady_clock::time_point looked = std::chrono::steady_clock::now();
        for (std::uint64_t i = 0; i < steps && !is_at(end); ++i) {
            (void)simulation_.step();
            if (std::chrono::steady_clock::now() - looked < kLook) continue;
            const pybind11::gil_scoped_acquire acquire;
            look(progress, i + 1, steps);
            looked = std::chrono::steady_clock::now();
        }
    }

    std::shared_ptr<const Image> image_;
    bool untimed_;  ///< there are neither times nor energies
    Recording recording_;
    session::Simulation simulation_;

private:
    friend class Hold;
    static void look(const pybind11::object& progress, std::uint64_t done, std::uint64_t all) {
        if (PyErr_CheckSignals() != 0) throw pybind11::error_already_set();
        if (!progress.is_none()) progress(done, all);
    }
    [[nodiscard]] bool is_at(std::optional<std::uint64_t> end) const {
        return end && simulation_.dataset_step() >= *end;
    }
    /// The callback may use the simulation, so it is held only for the step itself.
    void run_with_callback(std::uint64_t steps, std::optional<std::uint64_t> end,
                           const pybind11::object& progress, const pybind11::object& before,
                           const pybind11::object& self) {
        std::chrono::steady_clock::time_point looked = std::chrono::steady_clock::now();
        for (std::uint64_t i = 0; i < steps && !is_at(end); ++i) {
            before(self);
            {
                const Hold hold{*this};
                const pybind11::gil_scoped_release release;
                (void)simulation_.step();
            }
            if (std::chrono::steady_clock::now() - looked < kLook) continue;
            look(progress, i + 1, steps);
            looked = std::chrono::steady_clock::now();
        }
    }

    mutable std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
};

using DriverClass = pybind11::class_<Driver, std::shared_ptr<Driver>>;
/// Adds what a simulation recorded and summed up.
void bind_results(DriverClass& type);

}  // namespace seamount::python
