#include "tools/session/probe/probe_reader.hpp"

#include <algorithm>

#include "isa/base/diagnostic.hpp"
#include "isa/probe/text/probe_text.hpp"

namespace seamount::session {

std::vector<Diagnostic> bind_probes(const std::vector<std::string>& texts, isa::Image& image) {
    Diagnostics found;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto place = [i](std::size_t offset) {
            return SourceLocation{"--probe", static_cast<std::uint32_t>(i + 1),
                                  static_cast<std::uint32_t>(offset + 1)};
        };
        try {
            for (const isa::ProbeTextWarning& warning : isa::add_probe(image, texts[i])) {
                found.warning("CLI-PROBE", place(warning.offset), warning.message);
            }
        } catch (const isa::ProbeTextError& error) {
            found.error("CLI-PROBE", place(error.offset), error.what(), error.hint);
        }
    }
    found.throw_if_errors();
    return found.all();
}

bool has_fired(const isa::ProbeWindow& window, const isa::Image& image,
               const emu::StepActivity& activity) {
    const auto wanted = [&window](std::uint32_t member) {
        return window.members.empty() || std::ranges::binary_search(window.members, member);
    };
    switch (window.when) {
        case isa::ProbeWindow::When::kAlways:
            return true;
        case isa::ProbeWindow::When::kInput:
            return std::ranges::any_of(activity.host, [&](const emu::HostEmission& spike) {
                return spike.input == window.index && wanted(spike.source);
            });
        case isa::ProbeWindow::When::kPopulation:
            break;
    }
    const isa::PopulationImage& population = image.populations[window.index];
    for (std::size_t c = 0; c < activity.cores.size(); ++c) {
        for (const emu::EmittedSpike& spike : activity.cores[c].spikes) {
            const std::uint32_t member =
                image.cores[c].neurons[spike.compartment] - population.first_neuron;
            if (member < population.count && wanted(member)) return true;
        }
    }
    return false;
}

emu::StateReader probe_reader(const emu::Machine& machine, const isa::Image& image,
                              const emu::StepActivity& activity) {
    return {[&machine](NeuronId n, std::uint32_t i) { return machine.state(n, i); },
            [&machine](NeuronId n, std::uint32_t i) { return machine.parameter(n, i); },
            [&machine](NeuronId n, std::uint32_t i) { return machine.due(n, i); },
            [&machine](NeuronId n, std::uint32_t i) { return machine.trace(n, i); },
            [&image, &activity](const isa::ProbeWindow& window) {
                return has_fired(window, image, activity);
            }};
}

}  // namespace seamount::session
