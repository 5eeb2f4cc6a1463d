#include <algorithm>

#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/value_forms.hpp"
#include "compiler/frontend/projections/edge_value_reader.hpp"
#include "compiler/frontend/projections/learning.hpp"
#include "compiler/frontend/projections/projections.hpp"
#include "compiler/frontend/projections/rules/rule_table.hpp"
#include "isa/image/weights.hpp"
#include "isa/learning/trace_table.hpp"
#include "isa/microcode/opcode.hpp"

namespace seamount::compiler::frontend {

using yaml::Form;

namespace {

/// Where weights or delays come from; one of the keys but for `column` beside `file`.
void add_edge_values(Form& form, const std::vector<yaml::ValueType>& value,
                     const std::vector<yaml::ValueType>& whole) {
    form.key("formula", yaml::text(), "of i, j, n, m, x, y, u, v, d and pi");
    form.key("uniform", yaml::list(whole, 2, 2), "[lowest, highest], integers, both included");
    form.key("normal", yaml::list(value, 2, 2), "[mean, standard deviation], rounded; of weights");
    std::vector<yaml::ValueType> items = value;
    items.push_back(yaml::list(value, 1));
    form.key("values", yaml::list(std::move(items), 1),
             "a list per target with one value per source, or one per edge");
    form.keys_of(data_form());
    form.key("learned", yaml::file(), "what `run --save-weights FILE.npz` wrote");
    form.key("projection", yaml::text(), "of learned: whose values").by_default("(this one's)");
}

Form make_weights_form() {
    const auto most = static_cast<std::int64_t>(kLargestWeight);
    Form form{"weights", "Weights of the synapses of a projection."};
    add_edge_values(form, {yaml::number(-kLargestWeight, kLargestWeight)},
                    {yaml::integer(-most, most)});
    return form;
}

Form make_delay_form() {
    Form form{"delays", "Delays of the synapses of a projection."};
    const std::vector<yaml::ValueType> steps{yaml::integer(0, isa::kMaxDelay), time_type()};
    add_edge_values(form, steps, steps);
    return form;
}

/// Keys that belong to rules.
void add_rule_keys(Form& form) {
    for (const ProjectionRule& rule : projection_rules()) {
        for (const yaml::Key& key : rule.keys().keys) {
            if (form.find(key.name) == nullptr) {
                yaml::Key& added = form.keys.emplace_back(key);
                added.meaning = owners_of(key.name) + ": " + key.meaning;
                added.required = false;
                continue;
            }
            auto row = std::find_if(form.keys.begin(), form.keys.end(),
                                    [&key](const auto& other) { return other.name == key.name; });
            for (const yaml::ValueType& type : key.types) {
                const bool is_there =
                    std::any_of(row->types.begin(), row->types.end(),
                                [&type](const auto& other) { return other.kind == type.kind; });
                if (!is_there) row->or_else(type);
            }
        }
    }
}

void add_format(Form& form) {
    form.key("scale", yaml::number(-kMaxScale, kMaxScale), "multiplies every weight; auto: chosen")
        .or_else(yaml::choice({std::string{kAuto}}))
        .by_default("1");
    form.key("exponent", yaml::integer(-8, 7), "a weight adds mantissa x 2^(6 + exponent)")
        .by_default("0");
    form.key("bits", yaml::integer(1, 8), "stored width of a weight: 1 to 6 or 8").by_default("8");
    form.key("sign", yaml::choice(isa::kSignModeNames), "how signs are stored")
        .by_default("(what the weights need)");
    form.key("rounding", yaml::choice(kWeightRoundingNames), "to the weight grid")
        .by_default("(nearest if a weight has a fraction, else truncate)");
    form.key("graded", yaml::boolean(), "whether payloads multiply weights").by_default("false");
    form.key("payload_bits", yaml::integer(1, isa::OutputAxon::kMaxPayloadBits),
             "width of these payloads on the mesh")
        .by_default("(mesh.payload_bits of the chip)");
    form.key("share", yaml::boolean(), "whether equal rows of a core are stored once")
        .by_default("(true of conv2d and sum_pool, else false)");
    form.key("channel", yaml::integer(0, isa::kChannels - 1),
             "which spikes of the source's program it carries")
        .by_default("0");
    form.key("accumulator", yaml::integer(0, isa::kAccumulators - 1),
             "which accumulator of the target, by number or name")
        .or_else(yaml::text())
        .by_default("0");
}

Form make_projection_form() {
    static const Form weights = make_weights_form();
    static const Form delays = make_delay_form();
    std::vector<std::string> rules;
    for (const ProjectionRule& rule : projection_rules()) rules.emplace_back(rule.name);
    Form form{"projection", "Synapses from an input or a population to a population."};
    form.key("from", yaml::text(), "an input or a population, a part of one, or several in a row")
        .or_else(yaml::list({yaml::text()}, 1))
        .must();
    form.key("to", yaml::text(), "a population or a part of one").must();
    form.key("name", yaml::text(), "what it is called in reports").by_default("(FROM->TO)");
    form.key("rule", yaml::choice(rules), "which pairs are connected; needed without `tied`");
    form.key("weights", yaml::number(-kLargestWeight, kLargestWeight), "of its synapses")
        .or_else(yaml::map(weights))
        .by_default("(with list: the weight column)");
    form.key("delay", yaml::integer(0, isa::kMaxDelay), "of its synapses")
        .or_else(time_type())
        .or_else(yaml::map(delays))
        .in("steps")
        .by_default("0");
    add_format(form);
    form.key("learning", yaml::text(), "the rule of `learning: rules:` by which it learns");
    form.key("tied", yaml::text(),
             "a projection that learns, the other way: it has its connections and weights, "
             "transposed");
    add_rule_keys(form);
    return form;
}

Form make_trace_form() {
    Form form{"trace", "A trace of spikes."};
    form.key("impulse", yaml::number(0.0, isa::kMaxTrace), "what a spike adds").by_default("0");
    form.key("tau", yaml::number(0.0, isa::kMaxTau), "of its decay; 0: gone after the step")
        .or_else(time_type())
        .in("steps")
        .by_default("0");
    return form;
}

Form make_moved_delay_form() {
    Form form{"moved_delay", "d is the delay of the synapse."};
    form.key("max", yaml::integer(1, isa::kMaxDelay), "its largest value")
        .or_else(time_type())
        .in("steps")
        .must();
    return form;
}

Form make_rule_enabled_form() {
    Form form{"rule_enabled", "When a rule acts: from spikes, until spikes."};
    form.key("from", yaml::text(), "a population: with a spike of it the rule begins to act");
    form.key("until", yaml::text(), "a population: with a spike of it the rule stops");
    form.key("start", yaml::boolean(), "whether it acts at step 0")
        .by_default("(false with from, else true)");
    return form;
}

Form make_normalise_form() {
    Form form{"normalise", "Scales the weights of each target to a sum, at ends of epochs."};
    form.key("sum", yaml::integer(1, isa::kMaxNormalSum), "of the magnitudes of its weights")
        .must();
    form.key("every", yaml::integer(1, kMostEpochs), "how often").in("epochs").by_default("1");
    return form;
}

Form make_rule_form() {
    static const Form normalise = make_normalise_form();
    static const Form enabled = make_rule_enabled_form();
    static const Form trace = make_trace_form();
    static const Form moved_delay = make_moved_delay_form();
    std::vector<std::string> roundings;
    for (const isa::LearnRounding choice : kNamedRoundings) {
        roundings.emplace_back(isa::name_of(choice));
    }
    Form form{"learning_rule", "How synapses learn: at least one of dw, dd and dt."};
    for (int target = 0; target < isa::kLearnTargets; ++target) {
        form.key(isa::name_of(static_cast<isa::LearnTarget>(target)), yaml::text(),
                 "sum of products that is added, as 2^-2*x1*y0");
    }
    form.key("epoch", yaml::integer(1, isa::kMaxEpoch), "between two updates")
        .or_else(time_type())
        .in("steps")
        .by_default("1");
    for (std::size_t i = 0; i < isa::LearningRuleImage{}.traces.size(); ++i) {
        form.key(isa::name_of(isa::trace_variable(i)), yaml::map(trace), "a trace")
            .by_default("(none)");
    }
    form.key("mode", yaml::choice(isa::kLearnModeNames), "whose arithmetic").by_default("exact");
    form.key("rounding", yaml::choice(roundings),
             "when fractions round up; a number: above this fraction")
        .or_else(yaml::number(0.0, 1.0))
        .by_default("stochastic");
    form.key("seed", yaml::count(), "of stochastic rounding").by_default("(that of the run)");
    form.key("post", yaml::choice(kPostTracesNames), "what sets the traces of the targets")
        .by_default("spikes");
    form.key("graded", yaml::choice(isa::kGradedTraceNames), "what a payload does to x1")
        .by_default("impulse");
    form.key("delay", yaml::choice({"tag"}), "what d is: a second tag, or the delay")
        .or_else(yaml::map(moved_delay))
        .by_default("tag");
    form.key("normalise", yaml::integer(1, isa::kMaxNormalSum),
             "what the weights of each target are scaled to add up to; of mode exact")
        .or_else(yaml::map(normalise))
        .by_default("(they are not)");
    form.key("enabled", yaml::map(enabled), "which spikes switch the rule on and off")
        .by_default("(always)");
    form.key("clear_tags", yaml::text(), "a population: with a spike of it all tags become 0")
        .by_default("(none)");
    return form;
}

Form make_learning_form() {
    static const Form rule = make_rule_form();
    static const Form rules = [] {
        Form form{"learning_rules", "Rules by name."};
        form.others = {yaml::map(rule)};
        return form;
    }();
    static const Form rewards = [] {
        Form form{"rewards", "Populations whose spikes are rewards, each its payload."};
        for (int channel = 0; channel < isa::kRewards; ++channel) {
            form.key("r" + std::to_string(channel), yaml::text(), "of this channel");
        }
        return form;
    }();
    Form form{"learning", "Rules, when they act, and rewards."};
    form.key("enabled", yaml::boolean(), "whether synapses learn, or [step, on] where that changes")
        .or_else(yaml::list({yaml::list({yaml::count(), yaml::boolean()}, 2, 2)}))
        .by_default("true");
    form.key("rules", yaml::map(rules), "by name");
    form.key("rewards", yaml::map(rewards), "from populations");
    return form;
}

}  // namespace

const Form& projection_form() {
    static const Form form = make_projection_form();
    return form;
}

const Form& learning_form() {
    static const Form form = make_learning_form();
    return form;
}

}  // namespace seamount::compiler::frontend
