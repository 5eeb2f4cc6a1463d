#include "tools/session/host/host_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include "isa/base/diagnostic.hpp"
#include "tools/process/line_process.hpp"
#include "tools/session/drive/names.hpp"
#include "tools/session/host/host_answer.hpp"

namespace seamount::session {
namespace {

/// A state word that the program is told.
struct Shown {
    std::string name;
    std::uint32_t population = 0;
    std::uint32_t word = 0;
};

/// The spikes of a population since the last exchange, as text: "[step,neuron]" or, with a payload
/// that is not 1, "[step,neuron,payload]", separated by commas.
struct Spikes {
    NeuronId first;
    std::uint32_t count = 0;
    bool told = false;
    std::string text;
};

std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

Shown shown_of(const isa::Image& image, const std::string& name) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) {
        bad_value(image, fmt::format("'{}' is not POPULATION.STATE", name), "for example out.v");
    }
    const std::uint32_t population = find_population(image, name.substr(0, dot));
    return {name, population, find_state(image, population, name.substr(dot + 1))};
}

}  // namespace

struct HostLink::Impl {
    Impl(const isa::Image& of, const Params& params)
        : image{of},
          every{std::max(params.every, 1U)},
          command{params.command},
          timeout{params.timeout_s} {
        for (const isa::PopulationImage& population : image.populations) {
            spikes.push_back(
                {population.first_neuron, population.count, params.spikes.empty(), {}});
        }
        for (const std::string& name : params.spikes) {
            spikes[find_population(image, name)].told = true;
        }
        for (const std::string& name : params.states) states.push_back(shown_of(image, name));
        program.emplace(std::vector<std::string>{"/bin/sh", "-c", params.command});
        if (timeout.count() != 0) {
            program->give_up_when([this] { return Clock::now() > asked + timeout; });
        }
    }

    using Clock = std::chrono::steady_clock;

    void add_network(std::string& line) const;
    [[nodiscard]] std::string line_of(const emu::Machine& machine);
    /// Tells the program what was, and takes its answer. Throws InputError (RUN-HOST).
    [[nodiscard]] std::string exchange(const emu::Machine& machine);
    void act(emu::Machine& machine);
    /// `what` it did, before which step.
    [[noreturn]] void fail(std::uint64_t step, const std::string& what, std::string hint) const;

    const isa::Image& image;
    std::uint32_t every;
    std::string command;
    std::chrono::seconds timeout;
    Clock::time_point asked;
    std::vector<Spikes> spikes;  ///< by population
    std::vector<Shown> states;
    std::optional<tools::LineProcess> program;
    std::vector<HostAct> acts;  ///< that the program gave, by step
    std::size_t next_act = 0;
    std::uint64_t exchanges = 0;
};

/// The first line says what there is.
void HostLink::Impl::add_network(std::string& line) const {
    const auto out = std::back_inserter(line);
    fmt::format_to(out, ",\"network\":{},\"every\":{},\"populations\":{{", json_text(image.network),
                   every);
    for (const isa::PopulationImage& population : image.populations) {
        fmt::format_to(out, "{}{}:{}", &population == image.populations.data() ? "" : ",",
                       json_text(population.name), population.count);
    }
    line += "},\"inputs\":{";
    for (const isa::InputImage& input : image.inputs) {
        fmt::format_to(out, "{}{}:{}", &input == image.inputs.data() ? "" : ",",
                       json_text(input.name), input.size);
    }
    line += '}';
}

std::string HostLink::Impl::line_of(const emu::Machine& machine) {
    std::string line = fmt::format("{{\"step\":{}", machine.steps_done());
    const auto out = std::back_inserter(line);
    if (exchanges == 0) add_network(line);
    line += ",\"spikes\":{";
    bool first = true;
    for (std::size_t p = 0; p < spikes.size(); ++p) {
        if (spikes[p].text.empty()) continue;
        fmt::format_to(out, "{}{}:[{}]", first ? "" : ",", json_text(image.populations[p].name),
                       spikes[p].text);
        spikes[p].text.clear();
        first = false;
    }
    line += '}';
    if (states.empty()) return line + '}';
    line += ",\"states\":{";
    for (const Shown& shown : states) {
        fmt::format_to(out, "{}{}:[", &shown == states.data() ? "" : ",", json_text(shown.name));
        const isa::PopulationImage& of = image.populations[shown.population];
        for (std::uint32_t i = 0; i < of.count; ++i) {
            fmt::format_to(out, "{}{}", i == 0 ? "" : ",",
                           machine.state(of.first_neuron + i, shown.word));
        }
        line += ']';
    }
    return line + "}}";
}

void HostLink::Impl::fail(std::uint64_t step, const std::string& what, std::string hint) const {
    bad_input("RUN-HOST", "--host " + command,
              fmt::format("the program {}, before step {}", what, step), std::move(hint));
}

std::string HostLink::Impl::exchange(const emu::Machine& machine) {
    using Silence = tools::LineProcess::Silence;
    const std::uint64_t step = machine.steps_done();
    const std::string one_line =
        "it has to answer each line with a line, {} if it has nothing to say";
    if (program->has_more()) fail(step, "said more than was asked", one_line);
    asked = Clock::now();
    program->write(line_of(machine));
    ++exchanges;
    if (std::optional<std::string> answer = program->read()) return std::move(*answer);
    if (program->silence() == Silence::kGivenUp) {
        fail(step, fmt::format("gave no answer for {} s", timeout.count()),
             one_line + "; --host-timeout S waits longer, 0 for ever");
    }
    if (program->silence() == Silence::kTooLong) {
        fail(step, "said 64 MiB without an end of line", one_line);
    }
    const std::string how = program->how_it_ended();
    fail(step, how.empty() ? "has closed its output" : fmt::format("has ended ({})", how),
         one_line);
}

/// What was given for the step that comes.
void HostLink::Impl::act(emu::Machine& machine) {
    for (; next_act < acts.size() && acts[next_act].step <= machine.steps_done(); ++next_act) {
        const HostAct& one = acts[next_act];
        const std::uint32_t source[] = {one.index};
        const std::int32_t value[] = {one.value};
        switch (one.kind) {
            case HostAct::Kind::kSpike:
                machine.inject(one.of, source, value);
                break;
            case HostAct::Kind::kWrite:
                machine.write_state(NeuronId{one.index}, one.of, one.value);
                break;
            case HostAct::Kind::kReward:
                machine.reward(one.of, one.value);
                break;
            case HostAct::Kind::kLearning:
                machine.set_learning(one.value != 0);
                break;
        }
    }
}

HostLink::HostLink(const isa::Image& image, const Params& params)
    : impl_{std::make_unique<Impl>(image, params)} {}
HostLink::~HostLink() = default;

void HostLink::before_step(emu::Machine& machine) {
    Impl& self = *impl_;
    const std::uint64_t step = machine.steps_done();
    if (step % self.every == 0 || self.exchanges == 0) {
        const std::string answer = self.exchange(machine);
        const std::uint64_t end = step - step % self.every + self.every;
        self.acts = read_answer(answer, self.image, "--host " + self.command, step, end);
        self.next_act = 0;
    }
    self.act(machine);
}

void HostLink::on_step(const emu::StepReport& report, const Tally& /*tally*/) {
    Impl& self = *impl_;
    for (std::size_t c = 0; c < report.activity.cores.size(); ++c) {
        for (const emu::EmittedSpike& spike : report.activity.cores[c].spikes) {
            const NeuronId neuron = self.image.cores[c].neurons[spike.compartment];
            const auto after = std::upper_bound(
                self.spikes.begin(), self.spikes.end(), neuron,
                [](NeuronId id, const Spikes& population) { return id < population.first; });
            Spikes& of = *std::prev(after);
            if (!of.told) continue;
            const auto out = std::back_inserter(of.text);
            fmt::format_to(out, "{}[{},{}", of.text.empty() ? "" : ",", report.activity.step,
                           neuron - of.first);
            if (spike.payload != 1) fmt::format_to(out, ",{}", spike.payload);
            of.text += ']';
        }
    }
}

std::uint64_t HostLink::exchanges() const noexcept {
    return impl_->exchanges;
}

}  // namespace seamount::session
