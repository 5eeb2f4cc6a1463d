#include "tools/export/nir/nir_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "compiler/verify/expected.hpp"
#include "compiler/verify/stored_weight.hpp"
#include "isa/base/diagnostic.hpp"
#include "isa/base/text.hpp"
#include "isa/image/weights.hpp"
#include "tools/export/nir/levels.hpp"
#include "tools/export/nir/neuron_node.hpp"
#include "tools/export/nir/nir_file.hpp"

namespace seamount::exporter {
namespace {

using compiler::Convolution;
using compiler::Network;
using compiler::Population;
using compiler::Projection;
using compiler::RawSynapse;

constexpr std::uint64_t kMostWeights = std::uint64_t{1} << 26U;  ///< of a matrix

class Exporter {
public:
    Exporter(const Network& network, double dt) : network_{network}, dt_{dt} {}
    [[nodiscard]] NirExport run();

private:
    void refuse(const SourceLocation& where, std::string message, std::string hint = {}) {
        found_.error("OUT-NIR", where, std::move(message), std::move(hint));
    }
    void check();
    void check(const Projection& projection);
    [[nodiscard]] NirFile::Shape shape_of(compiler::SourceRef ref) const;
    void add_inputs();
    void add_populations();
    void add_outputs();
    void add_projection(std::size_t index);
    /// The node behind `from` that delays by so many steps.
    [[nodiscard]] std::string delayed(const Projection& projection, std::uint32_t steps,
                                      std::string from);
    [[nodiscard]] std::string matrix(const Projection& projection, std::string from);
    [[nodiscard]] std::string kernel(const Projection& projection);
    /// Weight of a synapse in units of the file.
    [[nodiscard]] double weight(const Projection& projection, double asked,
                                const compiler::verifier::WeightRule& rule) const;
    [[nodiscard]] bool is_map(const Projection& projection) const;

    const Network& network_;
    const double dt_;
    Diagnostics found_;
    std::vector<NeuronNode> nodes_;
    std::vector<std::uint32_t> delays_;     ///< of the projections, in steps
    std::vector<std::uint32_t> lags_;       ///< of the projections
    std::vector<std::string> inputs_;       ///< names in the file
    std::vector<std::string> populations_;  ///< names in the file
    std::vector<bool> has_bias_;            ///< whose own bias has a place
    NirFile file_;
    std::vector<std::string> notes_;
};

/// Channels first, as NIR has them, at both ends and everywhere of the same delay.
bool Exporter::is_map(const Projection& p) const {
    return p.convolution && !p.convolution->in.channels_last && !p.convolution->out.channels_last;
}

NirFile::Shape Exporter::shape_of(compiler::SourceRef ref) const {
    const auto& shape = ref.is_input ? network_.inputs[ref.index].image.shape
                                     : network_.populations[ref.index].shape;
    const std::uint64_t size = network_.source_size(ref);
    const auto touches = [&](const Projection& p) {
        return is_map(p) && (p.from == ref || (!ref.is_input && p.to == ref.index));
    };
    const bool is_feature_map =
        shape.size() == 3 &&
        std::any_of(network_.projections.begin(), network_.projections.end(), touches);
    return is_feature_map ? NirFile::Shape{shape.begin(), shape.end()} : NirFile::Shape{size};
}

void Exporter::check(const Projection& p) {
    std::optional<std::uint32_t> delay;
    std::vector<RawSynapse> row;
    bool varied = false;
    for (std::uint32_t s = 0; s < network_.source_size(p.from); ++s) {
        p.rows->row(s, row);
        for (const RawSynapse& one : row) {
            varied = varied || (delay && *delay != one.delay);
            delay = one.delay;
        }
    }
    delays_.push_back(delay.value_or(0));
    if (varied) {
        refuse(p.where, fmt::format("projection '{}' has synapses of different delays", p.name),
               "NIR delays what a neuron sends: make a projection of each delay");
    }
    if (p.graded) {
        refuse(p.where, fmt::format("projection '{}' multiplies weights by payloads", p.name),
               "a spike of NIR is 1");
    }
    if (p.accumulator != 0 || p.channel != 0) {
        refuse(p.where,
               fmt::format("projection '{}' leads to accumulator {} on channel {}", p.name,
                           p.accumulator, p.channel),
               "neurons of NIR have one input, and one kind of spike");
    }
    if (p.learning_rule) {
        notes_.push_back(
            fmt::format("{}: NIR has no learning; its weights are those it starts "
                        "with",
                        p.name));
    }
}

void Exporter::check() {
    for (const compiler::Input& input : network_.inputs) {
        const isa::InputKind kind = input.image.kind;
        if (kind != isa::InputKind::kWrite && kind != isa::InputKind::kReward) continue;
        refuse(input.image.where,
               fmt::format("input '{}' writes values into neurons, which NIR cannot say",
                           input.image.name),
               "give the neurons a bias");
    }
    bool zero = false;
    bool subtract = false;
    for (const Population& population : network_.populations) {
        std::string problem;
        nodes_.push_back(node_of(population, dt_, problem));
        if (population.parent) problem = "has compartments of a dendrite";
        if (!problem.empty()) {
            refuse(population.where, fmt::format("population '{}' {}", population.name, problem));
        }
        const NeuronNode& node = nodes_.back();
        zero = zero || (node.spikes && !node.subtracts);
        subtract = subtract || node.subtracts;
    }
    if (zero && subtract) {
        refuse({network_.file, 0, 0},
               "some neurons set the voltage to zero at a spike, others subtract the threshold",
               "a NIR file says neither, and --reset of its import is for all");
    } else if (subtract) {
        notes_.emplace_back("a spike subtracts the threshold: import with --reset subtract");
    }
    for (const Projection& projection : network_.projections) check(projection);
    found_.throw_if_errors();
    lags_ = lags_of(network_);
    for (std::size_t i = 0; i < lags_.size(); ++i) {
        if (delays_[i] >= lags_[i]) continue;
        const Projection& p = network_.projections[i];
        refuse(p.where,
               fmt::format("projection '{}' is {} steps faster than the layers that it skips",
                           p.name, lags_[i] - delays_[i]),
               fmt::format("in NIR all ways meet in the same step; a delay of {} does", lags_[i]));
    }
    found_.throw_if_errors();
}

void Exporter::add_inputs() {
    for (std::uint32_t i = 0; i < network_.inputs.size(); ++i) {
        const std::string name = file_.node(network_.inputs[i].image.name, "Input");
        const NirFile::Shape shape = shape_of({true, i});
        file_.field(name, "shape", std::vector<std::int64_t>{shape.begin(), shape.end()});
        inputs_.push_back(name);
    }
}

void Exporter::add_populations() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        const std::string name = file_.node(network_.populations[i].name, nodes_[i].type);
        for (const auto& [key, values] : nodes_[i].fields) {
            file_.field(name, key, shape_of({false, i}), values);
        }
        populations_.push_back(name);
        has_bias_.push_back(nodes_[i].own_bias.empty());
    }
}

void Exporter::add_outputs() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
        const bool leads_on = std::any_of(
            network_.projections.begin(), network_.projections.end(), [i](const Projection& p) {
                return p.from == compiler::SourceRef{false, i} && p.to != i;
            });
        if (leads_on) continue;
        const std::string name = file_.node(populations_[i] + "_output", "Output");
        const NirFile::Shape shape = shape_of({false, i});
        file_.field(name, "shape", std::vector<std::int64_t>{shape.begin(), shape.end()});
        file_.edge(populations_[i], name);
    }
}

std::string Exporter::delayed(const Projection& p, std::uint32_t steps, std::string from) {
    if (steps == 0) return from;
    const std::string name = file_.node(p.name + "_delay", "Delay");
    const NirFile::Shape shape = shape_of(p.from);
    file_.field(name, "delay", shape,
                std::vector<double>(network_.source_size(p.from), steps * dt_));
    file_.edge(from, name);
    return name;
}

double Exporter::weight(const Projection& p, double asked,
                        const compiler::verifier::WeightRule& rule) const {
    const std::int32_t mantissa = compiler::verifier::stored_weight(asked, rule);
    // In units of u: 2^6 for a mantissa of 1.
    const double effective = isa::effective_weight(mantissa, p.exponent);
    return effective / 64 * nodes_[p.to].input_unit / kUnit;
}

std::string Exporter::matrix(const Projection& p, std::string from) {
    const std::uint64_t sources = network_.source_size(p.from);
    const std::uint64_t targets = network_.populations[p.to].size;
    const NirFile::Shape shape = shape_of(p.from);
    if (shape.size() > 1) {
        const std::string flat = file_.node(p.name + "_flat", "Flatten");
        file_.field(flat, "input_type", std::vector<std::int64_t>{shape.begin(), shape.end()});
        file_.scalar(flat, "start_dim", 0);
        file_.scalar(flat, "end_dim", -1);
        file_.edge(from, flat);
        from = flat;
    }
    const auto rule =
        compiler::verifier::ExpectedSynapses::rule_of(p, static_cast<std::uint32_t>(sources));
    std::vector<double> weights(sources * targets);
    std::vector<RawSynapse> row;
    for (std::uint32_t s = 0; s < sources; ++s) {
        p.rows->row(s, row);
        for (const RawSynapse& one : row) {
            weights[one.target * sources + s] += weight(p, one.weight, rule);
        }
    }
    const bool biased = !has_bias_[p.to];
    const std::string name = file_.node(p.name, biased ? "Affine" : "Linear");
    file_.field(name, "weight", {targets, sources}, weights);
    if (biased) file_.field(name, "bias", {targets}, nodes_[p.to].own_bias);
    has_bias_[p.to] = true;
    file_.edge(from, name);
    return name;
}

std::string Exporter::kernel(const Projection& p) {
    const Convolution& c = *p.convolution;
    const std::uint32_t sources = network_.source_size(p.from);
    const auto rule = compiler::verifier::ExpectedSynapses::rule_of(p, sources);
    std::vector<double> weights(c.weights());
    std::vector<RawSynapse> row;
    for (std::uint32_t s = 0; s < sources; ++s) {
        p.rows->row(s, row);
        std::size_t at = 0;
        c.for_each_target(s, [&](std::uint32_t target, std::uint32_t number) {
            if (at == row.size() || row[at].target != target) return;
            weights[number] = weight(p, row[at++].weight, rule);
        });
    }
    const auto pair = [](const Convolution::Pair& two) {
        return std::vector<std::int64_t>{two.begin(), two.end()};
    };
    const std::string name = file_.node(p.name, "Conv2d");
    file_.field(name, "weight", {c.out.channels, c.inputs_per_group(), c.kernel[0], c.kernel[1]},
                weights);
    file_.field(name, "bias", {c.out.channels}, std::vector<double>(c.out.channels));
    file_.field(name, "stride", pair(c.stride));
    file_.field(name, "padding", pair(c.padding));
    file_.field(name, "dilation", pair(c.dilation));
    file_.scalar(name, "groups", c.groups);
    file_.field(name, "input_shape", std::vector<std::int64_t>{c.in.height, c.in.width});
    return name;
}

void Exporter::add_projection(std::size_t index) {
    const Projection& p = network_.projections[index];
    const std::string& source =
        p.from.is_input ? inputs_[p.from.index] : populations_[p.from.index];
    std::string from = delayed(p, delays_[index] - lags_[index], source);
    const std::uint64_t weights =
        std::uint64_t{network_.source_size(p.from)} * network_.populations[p.to].size;
    if (is_map(p) && has_bias_[p.to]) {
        const std::string name = kernel(p);
        file_.edge(from, name);
        file_.edge(name, populations_[p.to]);
    } else if (weights > kMostWeights) {
        refuse(p.where,
               fmt::format("projection '{}' would be a matrix of {} weights, at most {}", p.name,
                           grouped(weights), grouped(kMostWeights)),
               "NIR has no sparse matrices");
    } else {
        file_.edge(matrix(p, std::move(from)), populations_[p.to]);
    }
}

NirExport Exporter::run() {
    check();
    add_inputs();
    add_populations();
    for (std::size_t i = 0; i < network_.projections.size(); ++i) add_projection(i);
    for (std::size_t i = 0; i < has_bias_.size(); ++i) {
        if (has_bias_[i]) continue;
        const Population& p = network_.populations[i];
        refuse(p.where,
               fmt::format("population '{}' has a bias, and no synapses to carry it", p.name),
               "IF of NIR has none of its own");
    }
    found_.throw_if_errors();
    add_outputs();
    file_.metadata("dt", dt_);
    return {file_.finish(), std::move(notes_)};
}

}  // namespace

NirExport export_nir(const Network& network, double dt) {
    return Exporter{network, dt}.run();
}

}  // namespace seamount::exporter
