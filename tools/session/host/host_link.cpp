#include "tools/session/host/host_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "isa/base/diagnostic.hpp"
#include "tools/process/line_process.hpp"
#include "tools/session/drive/names.hpp"
#include "tools/session/host/host_answer.hpp"

namespace seamount::session {
namespace {

constexpr const char* kOneLine =
    "it has to answer each line with a line, {} if it has nothing to say";

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
    std::string name;  ///< as JSON
    bool told = false;
    std::string text;
};

template <class Integer>
void append(std::string& to, Integer number) {
    const fmt::format_int digits{number};
    to.append(digits.data(), digits.size());
}

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
    return {json_text(name), population, find_state(image, population, name.substr(dot + 1))};
}

}  // namespace

struct HostLink::Impl {
    Impl(const isa::Image& of, const Params& params)
        : image{of},
          every{std::max(params.every, 1U)},
          name{"--host " + params.command},
          timeout{params.timeout_s} {
        for (const isa::PopulationImage& population : image.populations) {
            spikes.push_back(
                {population.first_neuron, json_text(population.name), params.spikes.empty(), {}});
        }
        for (const std::string& source : params.spikes) {
            spikes[find_population(image, source)].told = true;
        }
        for (const std::string& shown : params.states) states.push_back(shown_of(image, shown));
        program.emplace(std::vector<std::string>{"/bin/sh", "-c", params.command});
        if (timeout.count() != 0) {
            program->give_up_when([this] { return Clock::now() > asked + timeout; });
        }
    }

    using Clock = std::chrono::steady_clock;

    void add_network();
    [[nodiscard]] bool has_turn(std::uint64_t step) const {
        return step % every == 0 || exchanges == 0;
    }
    void write_line(const emu::Machine& machine);
    void add_states(const emu::Machine& machine);
    void keep(std::uint64_t step, NeuronId neuron, std::int32_t payload);
    /// Tells the program what was.
    void tell(const emu::Machine& machine);
    /// Takes its answer to that. Throws InputError (RUN-HOST).
    [[nodiscard]] std::string_view answer(std::uint64_t step);
    void act(emu::Machine& machine);
    /// `what` it did, before which step.
    [[noreturn]] void fail(std::uint64_t step, const std::string& what, std::string hint) const;

    const isa::Image& image;
    std::uint32_t every;
    std::string name;  ///< of the host, in messages
    std::chrono::seconds timeout;
    Clock::time_point asked;
    std::vector<Spikes> spikes;  ///< by population
    std::vector<Shown> states;
    std::optional<tools::LineProcess> program;
    bool told = false;          ///< and not answered yet
    bool said_more = false;     ///< than it was asked
    std::string line;           ///< kept for its memory
    std::vector<HostAct> acts;  ///< that the program gave, by step
    std::size_t next_act = 0;
    std::uint64_t exchanges = 0;
};

/// The first line says what there is.
void HostLink::Impl::add_network() {
    line += fmt::format(",\"network\":{},\"every\":{},\"populations\":{{", json_text(image.network),
                        every);
    for (const isa::PopulationImage& population : image.populations) {
        line += fmt::format("{}{}:{}", &population == image.populations.data() ? "" : ",",
                            json_text(population.name), population.count);
    }
    line += "},\"inputs\":{";
    for (const isa::InputImage& input : image.inputs) {
        line += fmt::format("{}{}:{}", &input == image.inputs.data() ? "" : ",",
                            json_text(input.name), input.size);
    }
    line += '}';
}

void HostLink::Impl::write_line(const emu::Machine& machine) {
    line = "{\"step\":";
    append(line, machine.steps_done());
    if (exchanges == 0) add_network();
    line += ",\"spikes\":{";
    bool first = true;
    for (Spikes& of : spikes) {
        if (of.text.empty()) continue;
        if (!first) line += ',';
        line.append(of.name).append(":[").append(of.text) += ']';
        of.text.clear();
        first = false;
    }
    line += '}';
    if (!states.empty()) add_states(machine);
    line += '}';
}

void HostLink::Impl::add_states(const emu::Machine& machine) {
    line += ",\"states\":{";
    for (const Shown& shown : states) {
        if (&shown != states.data()) line += ',';
        line.append(shown.name).append(":[");
        const isa::PopulationImage& of = image.populations[shown.population];
        for (std::uint32_t i = 0; i < of.count; ++i) {
            if (i != 0) line += ',';
            append(line, machine.state(of.first_neuron + i, shown.word));
        }
        line += ']';
    }
    line += '}';
}

/// A spike, for the next line.
void HostLink::Impl::keep(std::uint64_t step, NeuronId neuron, std::int32_t payload) {
    const auto after = std::upper_bound(
        spikes.begin(), spikes.end(), neuron,
        [](NeuronId id, const Spikes& population) { return id < population.first; });
    Spikes& of = *std::prev(after);
    if (!of.told) return;
    of.text += of.text.empty() ? "[" : ",[";
    append(of.text, step);
    of.text += ',';
    append(of.text, neuron - of.first);
    if (payload != 1) {
        of.text += ',';
        append(of.text, payload);
    }
    of.text += ']';
}

void HostLink::Impl::fail(std::uint64_t step, const std::string& what, std::string hint) const {
    bad_input("RUN-HOST", name, fmt::format("the program {}, before step {}", what, step),
              std::move(hint));
}

void HostLink::Impl::tell(const emu::Machine& machine) {
    // One that says two lines for a line is seen at the second, or a few exchanges later.
    constexpr std::uint64_t kLook = 16;
    if (exchanges < kLook || exchanges % kLook == 0) said_more = program->has_more();
    told = true;
    if (said_more) return;
    write_line(machine);
    asked = Clock::now();
    program->write(line);
    ++exchanges;
}

std::string_view HostLink::Impl::answer(std::uint64_t step) {
    using Silence = tools::LineProcess::Silence;
    told = false;
    if (said_more) fail(step, "said more than was asked", kOneLine);
    if (const std::optional<std::string_view> said = program->read()) return *said;
    if (program->silence() == Silence::kGivenUp) {
        fail(step, fmt::format("gave no answer for {} s", timeout.count()),
             std::string{kOneLine} + "; --host-timeout S waits longer, 0 for ever");
    }
    if (program->silence() == Silence::kTooLong) {
        fail(step, "said 64 MiB without an end of line", kOneLine);
    }
    const std::string how = program->how_it_ended();
    fail(step, how.empty() ? "has closed its output" : fmt::format("has ended ({})", how),
         kOneLine);
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
            case HostAct::Kind::kClearTags:
                machine.clear_tags(one.of);
                break;
            case HostAct::Kind::kClearTraces:
                machine.clear_traces(one.of);
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
    if (self.told || self.has_turn(step)) {
        if (!self.told) self.tell(machine);
        const std::uint64_t end = step - step % self.every + self.every;
        read_answer(self.answer(step), self.image, self.name, {step, end}, self.acts);
        self.next_act = 0;
    }
    self.act(machine);
}

void HostLink::on_computed(const emu::Machine& machine, const emu::StepActivity& activity,
                           bool last) {
    Impl& self = *impl_;
    for (std::size_t c = 0; c < activity.cores.size(); ++c) {
        for (const emu::EmittedSpike& spike : activity.cores[c].spikes) {
            const NeuronId neuron = self.image.cores[c].neurons[spike.compartment];
            self.keep(activity.step, neuron, spike.payload);
        }
    }
    if (!last && self.has_turn(machine.steps_done())) self.tell(machine);
}

std::uint64_t HostLink::exchanges() const noexcept {
    return impl_->exchanges;
}

}  // namespace seamount::session
