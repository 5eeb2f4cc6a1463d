#include "tools/import/nir/fold/neurons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seamount::importer::nir {
namespace {

/// A tau that is dt but for the rounding of its file.
constexpr double kTauSlack = 1e-6;

class NeuronReader {
public:
    NeuronReader(const Hdf5File& file, const Node& node, const NirOptions& options,
                 Diagnostics& found)
        : file_{file}, node_{node}, options_{options}, found_{found} {}

    [[nodiscard]] Population read(const std::vector<double>& steady);

private:
    void error(const std::string& key, std::string message, std::string hint = {}) {
        found_.error("IMP-VALUE", file_.at(node_.object + "/" + key), std::move(message),
                     std::move(hint));
    }
    /// The share that decays in a step.
    [[nodiscard]] std::vector<double> decay_of(const char* key);
    void read_threshold(Population& result);

    const Hdf5File& file_;
    const Node& node_;
    const NirOptions& options_;
    Diagnostics& found_;
};

std::vector<double> NeuronReader::decay_of(const char* key) {
    std::vector<double> values = node_.parameter(key);
    if (!options_.dt) return values;  // reported already
    const double dt = *options_.dt;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double tau = values[i];
        if (options_.discretisation == NirDiscretisation::kExact) {
            values[i] = -std::expm1(-dt / tau);
            continue;
        }
        if (tau < dt * (1 - kTauSlack)) {
            error(key,
                  fmt::format("element {} is {:.6g} s, which is below the dt of {:.6g} s: forward "
                              "Euler is unstable",
                              i, tau, dt),
                  fmt::format("use --dt {:.1g} or --discretise exact", tau / 4));
            break;
        }
        values[i] = std::min(1.0, dt / tau);
    }
    return values;
}

void NeuronReader::read_threshold(Population& result) {
    const std::vector<double> reset = node_.kind == Kind::kThreshold
                                          ? std::vector<double>(result.size())
                                          : node_.parameter("v_reset");
    for (std::size_t i = 0; i < result.size(); ++i) {
        if (result.subtracts) {
            if (result.threshold[i] > 0) continue;
            return error("v_threshold",
                         fmt::format("element {} is {}, must be above 0 to be subtracted", i,
                                     result.threshold[i]));
        }
        if (node_.kind != Kind::kThreshold && result.threshold[i] <= reset[i]) {
            return error("v_threshold",
                         fmt::format("element {} is {}, must be above v_reset, which is {}", i,
                                     result.threshold[i], reset[i]));
        }
        if (result.threshold[i] < 0) {
            return error("threshold", fmt::format("element {} is {}, must be 0 or above", i,
                                                  result.threshold[i]));
        }
        result.threshold[i] -= reset[i];
        result.v_start[i] -= reset[i];
        result.bias[i] -= result.v_decay[i] * reset[i];
    }
}

Population NeuronReader::read(const std::vector<double>& steady) {
    Population result;
    result.node = node_.name;
    result.object = node_.object;
    result.kind = node_.kind;
    result.shape = *node_.out;
    const std::uint64_t size = elements(result.shape);
    const std::vector<double> zero(size);
    const std::vector<double> one(size, 1.0);
    const bool has_current = node_.kind == Kind::kCubaLI || node_.kind == Kind::kCubaLIF;
    const bool has_leak = has_current || node_.kind == Kind::kLI || node_.kind == Kind::kLIF;
    result.output = sends_values(node_.kind) ? Output::kSilent : Output::kSpikes;
    result.subtracts = result.output == Output::kSpikes && node_.kind != Kind::kThreshold &&
                       options_.reset == NirReset::kSubtract;
    result.gain = node_.kind == Kind::kThreshold ? one : node_.parameter("r");
    result.u_decay = has_current ? decay_of("tau_syn") : one;
    result.v_decay = has_leak                         ? decay_of(has_current ? "tau_mem" : "tau")
                     : node_.kind == Kind::kThreshold ? one
                                                      : zero;
    result.v_start = zero;
    result.bias = zero;
    result.steady_u = zero;
    const std::vector<double> leak = has_leak ? node_.parameter("v_leak") : zero;
    const std::vector<double> w_in = has_current ? node_.parameter("w_in") : one;
    for (std::size_t i = 0; i < size; ++i) {
        if (has_leak) result.gain[i] *= result.v_decay[i];
        if (has_current) result.gain[i] *= w_in[i] * result.u_decay[i];
        result.bias[i] = has_leak ? result.v_decay[i] * leak[i] : 0;
        (has_current ? result.steady_u : result.bias)[i] += result.gain[i] * steady[i];
    }
    result.threshold = zero;
    if (result.output == Output::kSpikes) {
        result.threshold =
            node_.parameter(node_.kind == Kind::kThreshold ? "threshold" : "v_threshold");
        read_threshold(result);
    }
    return result;
}

}  // namespace

Population neurons_of(const Hdf5File& file, const Node& node, const std::vector<double>& steady,
                      const NirOptions& options, Diagnostics& found) {
    return NeuronReader{file, node, options, found}.read(steady);
}

Population relay_of(const Node& output, const std::vector<double>& steady) {
    Population result;
    result.node = output.name;
    result.object = output.object;
    result.kind = Kind::kOutput;
    result.output = Output::kSilent;
    result.shape = *output.out;
    const std::uint64_t size = elements(result.shape);
    result.u_decay = result.v_decay = result.gain = std::vector<double>(size, 1.0);
    result.threshold = result.v_start = result.steady_u = std::vector<double>(size);
    result.bias = steady;
    return result;
}

}  // namespace seamount::importer::nir
