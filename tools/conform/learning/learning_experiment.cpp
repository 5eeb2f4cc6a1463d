#include "tools/conform/learning/learning_experiment.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "emulator/machine/machine.hpp"
#include "isa/assembly/assembler.hpp"
#include "isa/base/json.hpp"
#include "isa/learning/rule_parser.hpp"
#include "tools/conform/vectors/network_parts.hpp"
#include "tools/conform/vectors/vector.hpp"

namespace seamount::conform {
namespace {

/// A neuron that spikes when the host says so, hands over its post traces, and keeps its input. The
/// lowest bit of `control` is the spike, the rest is y3.
constexpr const char* kTarget = R"(
.acc input
.acc control
.acc y1
.acc y2
.state a
        rdc   a, input
        rdc   r0, control
        rdc   r1, y1
        trc   r1, 1
        rdc   r1, y2
        trc   r1, 2
        shr   r1, r0, 1
        trc   r1, 3
        and   r0, r0, #1
        cmp.ne r0, #0
        spk?f #1
        end
)";

constexpr const char* kInputRow = "a_out";  ///< what the targets received

/// Synapses in the order in which the compiler numbers them: by source, then as given.
std::vector<std::uint32_t> by_id(const LearningExperiment& e) {
    std::vector<std::uint32_t> order(e.synapses.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&e](std::uint32_t a, std::uint32_t b) {
        return e.synapses[a].pre < e.synapses[b].pre;
    });
    return order;
}

compiler::Network network_of(const LearningExperiment& e, const Json& vector,
                             const Context& context) {
    compiler::Network network = named_network(vector);
    const std::uint32_t target = add_population(network, context, "graded_vec", e.targets);
    network.populations[target].program =
        std::make_shared<isa::Program>(isa::assemble(kTarget, "learning_target.asm"));
    Trace control = e.post;
    for (std::size_t step = 0; step < control.size() && !e.y[2].empty(); ++step) {
        for (std::size_t i = 0; i < e.targets; ++i) control[step][i] += 2 * e.y[2][step].at(i);
    }
    feed(network, target, 1, control);
    if (!e.y[0].empty()) feed(network, target, 2, e.y[0]);
    if (!e.y[1].empty()) feed(network, target, 3, e.y[1]);

    compiler::Input input;
    input.image.name = "pre";
    input.image.size = e.sources;
    input.image.shape = {e.sources};
    for (std::size_t step = 0; step < e.pre.size(); ++step) {
        for (std::uint32_t i = 0; i < e.sources; ++i) {
            if (e.pre[step].at(i) == 0) continue;
            input.image.spike_steps.push_back(step);
            input.image.spike_sources.push_back(i);
            input.image.spike_payloads.push_back(e.pre[step][i]);
        }
    }
    auto rows = std::make_shared<ListedRows>(e.sources);
    for (const LearningExperiment::Synapse& synapse : e.synapses) {
        rows->add(synapse.pre,
                  {.target = synapse.post, .weight = static_cast<double>(synapse.weight)});
    }
    compiler::Projection projection;
    projection.name = "plastic";
    projection.from = {true, static_cast<std::uint32_t>(network.inputs.size())};
    projection.to = target;
    projection.rows = std::move(rows);
    projection.sign_mode = e.sign_mode;
    projection.bits = static_cast<std::uint32_t>(e.weight_bits);
    projection.graded = e.graded;
    projection.learning_rule = 0;
    network.inputs.push_back(std::move(input));
    network.projections.push_back(std::move(projection));
    network.learning.rules.push_back(e.rule);
    return network;
}

/// Puts the initial tags into an image.
void set_tags(const LearningExperiment& e, isa::Image& image) {
    const std::vector<std::uint32_t> order = by_id(e);
    for (isa::CoreImage& core : image.cores) {
        isa::PlasticMemory& plastic = core.plastic;
        plastic.tags.resize(plastic.ids.size());
        plastic.second_tags.resize(plastic.ids.size());
        for (std::size_t i = 0; i < plastic.ids.size(); ++i) {
            const LearningExperiment::Synapse& synapse = e.synapses[order[plastic.ids[i]]];
            plastic.tags[i] = static_cast<std::int16_t>(synapse.tag);
            plastic.second_tags[i] = static_cast<std::int16_t>(synapse.second_tag);
        }
    }
    const std::vector<std::string> faults = isa::check_image(image);
    require(faults.empty(), faults.empty() ? "" : faults.front());
}

/// Everything that an experiment may compare, after one step.
class Snapshot {
public:
    Snapshot(const LearningExperiment& e, const isa::Image& image, const emu::Machine& machine)
        : order_{by_id(e)} {
        for (const char* name : {"w", "t", "d"}) rows_[name].resize(e.synapses.size());
        for (const char* name : {"x1", "x2"}) rows_[name].resize(e.sources);
        for (const char* name : {"y1", "y2", "y3", kInputRow}) rows_[name].resize(e.targets);
        for (std::uint32_t i = 0; i < e.targets; ++i)
            rows_[kInputRow][i] = machine.state(NeuronId{i}, 0);
        for (std::uint32_t c = 0; c < image.cores.size(); ++c) {
            const emu::CoreLearning* const learning = machine.learning(CoreSlot{c});
            if (learning == nullptr) continue;
            for (const emu::PlasticProjection& part : learning->projections()) {
                read(part, image.cores[c].neurons);
            }
        }
    }
    [[nodiscard]] const std::vector<std::int32_t>& row(const std::string& name) const {
        return rows_.at(name);
    }

private:
    void read(const emu::PlasticProjection& part, const std::vector<NeuronId>& neurons) {
        part.for_each([this](const emu::PlasticSynapse& synapse) {
            const std::uint32_t at = order_[synapse.id];
            rows_["w"][at] = synapse.weight;
            rows_["t"][at] = synapse.tag;
            rows_["d"][at] = synapse.second_tag;
        });
        for (std::uint32_t b = 0; b < part.blocks().size(); ++b) {
            const std::uint32_t source = part.blocks()[b].source;
            rows_["x1"][source] = part.pre().stored(0, b);
            rows_["x2"][source] = part.pre().stored(1, b);
        }
        for (std::uint32_t i = 0; i < part.post_count(); ++i) {
            const std::size_t target = neurons[part.first_post() + i].index();
            rows_["y1"][target] = part.post().stored(0, i);
            rows_["y2"][target] = part.post().stored(1, i);
            rows_["y3"][target] = part.post().stored(2, i);
        }
    }

    std::vector<std::uint32_t> order_;
    std::map<std::string, std::vector<std::int32_t>> rows_;
};

}  // namespace

void set_products(LearningExperiment& experiment, const std::string& dw, const std::string& dd,
                  const std::string& dt) {
    isa::LearningRuleImage& rule = experiment.rule;
    const bool wide =
        rule.mode == isa::LearnMode::kExact || rule.mode == isa::LearnMode::kBrian2Loihi;
    rule.text = {dw, dd, dt};
    std::vector<isa::LearnProduct> all;
    for (int t = 0; t < isa::kLearnTargets; ++t) {
        const std::string& text = rule.text[static_cast<std::size_t>(t)];
        if (text.empty()) continue;
        isa::RuleProblem problem;
        const auto products =
            isa::parse_learning_rule(text, static_cast<isa::LearnTarget>(t),
                                     wide ? isa::kWideLimits : isa::kChipLimits, problem);
        require(products.has_value(),
                fmt::format("rule '{}', column {}: {}", text, problem.column + 1, problem.message));
        all.insert(all.end(), products->begin(), products->end());
    }
    require(!all.empty(), "the vector has no learning rule");
    rule.words = isa::encode(all);
}

Outcome run_experiment(const LearningExperiment& experiment, const Json& vector,
                       const Context& context) {
    isa::Image image = build_image(network_of(experiment, vector, context), context);
    set_tags(experiment, image);
    emu::Machine machine{image, {}};
    std::map<std::string, Trace> got;
    for (std::size_t step = 0; step < experiment.pre.size(); ++step) {
        machine.step();
        const Snapshot now{experiment, image, machine};
        for (const auto& [name, trace] : experiment.expected) got[name].push_back(now.row(name));
    }
    for (const auto& [name, trace] : experiment.expected) {
        Trace& mine = got[name];
        if (name == kInputRow && !mine.empty()) {
            mine.insert(mine.begin(), std::vector<std::int32_t>(experiment.targets, 0));
            mine.pop_back();
        }
        const std::string difference = compare_trace(name, mine, trace);
        if (!difference.empty()) return Outcome::failed(difference);
    }
    return Outcome::passed();
}

}  // namespace seamount::conform
