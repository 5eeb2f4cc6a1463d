#include "tools/fit/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

#include "compiler/frontend/frontend.hpp"
#include "compiler/frontend/profile.hpp"
#include "tools/run/population_rates.hpp"
#include "tools/session/bind_inputs.hpp"
#include "tools/session/drive/simulation.hpp"
#include "tools/session/open.hpp"
#include "tools/session/settings.hpp"

namespace seamount::tools {
namespace {

using compiler::FitReport;
using compiler::FitVerdict;
using compiler::SourceRates;

/// Real chips of the library, of which another one may be large enough.
constexpr std::array<std::string_view, 2> kChips{"loihi1", "loihi2"};

std::vector<isa::ChipSpec> chips_beside(const isa::ChipSpec& chip) {
    std::vector<isa::ChipSpec> others;
    for (const std::string_view name : kChips) {
        if (name == chip.name) continue;
        others.push_back(session::load_chip(std::string{name}, Settings{}));
    }
    return others;
}

compiler::MappingMethod method_of(const compiler::CompileOptions& options, std::uint32_t neurons) {
    compiler::MappingMethod method{
        options.partitioner, options.placer, options.effort, options.mapping_seed, {}, {}};
    method.progress = options.progress;
    if (!options.profile.empty()) {
        method.rates.list() = compiler::read_profile(options.profile, "--profile", neurons);
    }
    return method;
}

double rate_in(const std::string& text, const std::string& option, Diagnostics& found) {
    double rate = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
    constexpr double kMostPayloads = 32.0;  // channels on which a neuron may spike in a step
    if (error == std::errc{} && end == text.data() + text.size() && rate >= 0.0 &&
        rate <= kMostPayloads) {
        return rate;
    }
    found.error("FIT-RATES", {"--rates", 0, 0},
                fmt::format("'{}' is not a rate: spikes per neuron and step, 0 to {}", option,
                            kMostPayloads),
                "as 0.05 for all, or NAME=0.05 for a population or an input");
    return 0.0;
}

std::vector<std::string> names_in(const FitReport& report) {
    std::vector<std::string> names;
    for (const compiler::LayerFit& layer : report.layers) names.push_back(layer.population);
    names.insert(names.end(), report.inputs.begin(), report.inputs.end());
    return names;
}

/// What --rates says; what it does not mention spikes at the rate of all, else in every step.
SourceRates rates_of(const std::vector<std::string>& options, const FitReport& report) {
    SourceRates rates{std::vector<double>(report.layers.size(), 1.0),
                      std::vector<double>(report.inputs.size(), 1.0)};
    Diagnostics found;
    const std::vector<std::string> names = names_in(report);
    std::vector<std::pair<std::string, double>> of;
    for (const std::string& option : options) {
        const std::size_t equals = option.rfind('=');
        if (equals == std::string::npos) {
            const double rate = rate_in(option, option, found);
            rates.populations.assign(rates.populations.size(), rate);
            rates.inputs.assign(rates.inputs.size(), rate);
            continue;
        }
        of.emplace_back(option.substr(0, equals),
                        rate_in(option.substr(equals + 1), option, found));
    }
    for (const auto& [name, rate] : of) {
        const auto place = std::find(names.begin(), names.end(), name);
        const auto index = static_cast<std::size_t>(place - names.begin());
        if (place == names.end()) {
            found.error("FIT-RATES", {"--rates", 0, 0},
                        fmt::format("the network has no population or input '{}'", name),
                        did_you_mean(name, names, ""));
        } else if (index < rates.populations.size()) {
            rates.populations[index] = rate;
        } else {
            rates.inputs[index - rates.populations.size()] = rate;
        }
    }
    found.throw_if_errors();
    return rates;
}

/// Runs some steps and notes the rates.
void measure(const FitRequest& request, session::Listener& listener, FitAnswer& answer) {
    session::CompileSettings settings = request.settings;
    if (!request.exact) {
        settings.partitioner = compiler::Partitioner::kGreedy;
        settings.placer = compiler::Placer::kHilbert;
    }
    session::Listener silent;  // it has been said
    auto loaded =
        std::make_shared<session::Loaded>(session::open_network(request.file, settings, silent));
    for (const Diagnostic& warning : session::bind_inputs(request.inputs, *loaded)) {
        listener.warning(warning);
    }
    answer.files_read = loaded->files_read;
    PopulationRates counter{loaded->image};
    const std::uint64_t sources = [&] {
        std::uint64_t all = 0;
        for (const isa::InputImage& input : loaded->image.inputs) all += input.size;
        return std::max<std::uint64_t>(all, 1);
    }();
    session::Simulation simulation{loaded, {}, {&counter}};
    simulation.run(*request.steps);
    const session::Tally run = simulation.result().run;
    const auto steps = static_cast<double>(run.steps);
    answer.rates = {counter.rates(), std::vector<double>(answer.report.inputs.size(),
                                                         static_cast<double>(run.input_spikes) /
                                                             steps / static_cast<double>(sources))};
    answer.rates_from = RatesFrom::kRun;
    answer.run = FitRun{.steps = run.steps,
                        .step_time_s = session::seconds(run.time) / steps,
                        .energy_j = session::joules(simulation.energy().total()) / steps,
                        .spikes = static_cast<double>(run.spikes) / steps,
                        .packets = static_cast<double>(run.packets) / steps,
                        .synaptic_events = static_cast<double>(run.synaptic_events) / steps};
}

}  // namespace

FitAnswer study(const FitRequest& request, session::Listener& listener) {
    FitAnswer answer;
    std::optional<compiler::FitStudy> looked_at;
    const auto look = [&](const std::filesystem::path& file, const isa::ChipSpec& chip,
                          const compiler::CompileOptions& options) {
        compiler::CompileResult result;
        Diagnostics found;
        const compiler::Network network =
            compiler::read_network(file, options.settings, options.neuron_library, found,
                                   options.max_input.value_or(compiler::frontend::kMaxInput));
        found.throw_if_errors();
        compiler::FitOptions how;
        if (request.exact) how.exact = method_of(options, network.neuron_count());
        how.other_chips = [&chip] { return chips_beside(chip); };
        looked_at.emplace(network, chip, how);
        answer.network = network.name;
        result.warnings = found.all();
        const auto& more = looked_at->report().warnings;
        result.warnings.insert(result.warnings.end(), more.begin(), more.end());
        result.files_read = network.files_read;
        return result;
    };
    session::Loaded loaded = session::open_network(request.file, request.settings, listener, look);
    answer.chip = std::move(loaded.chip);
    answer.files_read = std::move(loaded.files_read);
    answer.report = looked_at->report();
    if (!answer.report.too_large) answer.rates = rates_of(request.rates, answer.report);
    answer.rates_from = request.rates.empty() ? RatesFrom::kNowhere : RatesFrom::kOptions;
    answer.asked_for_run = request.steps.has_value();
    const bool fits = answer.report.verdict == FitVerdict::kFits;
    if (fits && answer.asked_for_run) measure(request, listener, answer);
    answer.cost = looked_at->cost(answer.rates);
    return answer;
}

}  // namespace seamount::tools
