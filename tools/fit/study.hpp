#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compiler/fit/fit.hpp"
#include "isa/chip/chip_spec.hpp"
#include "tools/session/listener.hpp"
#include "tools/session/options.hpp"

namespace seamount::tools {

/// What is to be looked at, and how.
struct FitRequest {
    std::filesystem::path file;  ///< a network, or one of another tool
    session::CompileSettings settings;
    bool exact = false;              ///< map as a compilation does
    std::vector<std::string> rates;  ///< "0.05" of everything, "NAME=0.1" of a population or input
    std::optional<std::uint64_t> steps;  ///< of a short run that measures the rates; none: no run
    std::vector<std::string> inputs;     ///< of that run, NAME=FILE
};

/// What a short run came to, per step.
struct FitRun {
    std::uint64_t steps = 0;
    double step_time_s = 0.0;
    double energy_j = 0.0;
    double spikes = 0.0;
    double packets = 0.0;
    double synaptic_events = 0.0;
};

/// Where the rates of an estimate come from.
enum class RatesFrom : std::uint8_t { kNowhere, kOptions, kRun };

struct FitAnswer {
    std::string network;
    isa::ChipSpec chip;
    compiler::FitReport report;
    RatesFrom rates_from = RatesFrom::kNowhere;  ///< kNowhere: every source spikes in every step
    compiler::SourceRates rates;
    std::optional<compiler::RateEstimate> cost;  ///< at these rates
    std::optional<FitRun> run;
    bool asked_for_run = false;                       ///< there is none of what does not fit
    std::vector<std::filesystem::path> files_read{};  ///< which no output may replace
};

/// Looks at a network; warnings go to the listener. Throws InputError: what session::open_network()
/// throws but that something does not fit, FIT-RATES for rates of what is not there.
[[nodiscard]] FitAnswer study(const FitRequest& request, session::Listener& listener);

}  // namespace seamount::tools
