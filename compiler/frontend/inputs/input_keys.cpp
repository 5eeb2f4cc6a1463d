#include <limits>

#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/value_forms.hpp"
#include "compiler/frontend/inputs/current.hpp"
#include "compiler/frontend/inputs/dataset.hpp"
#include "compiler/frontend/inputs/event_dataset.hpp"
#include "compiler/frontend/inputs/inputs.hpp"
#include "compiler/frontend/inputs/reward_input.hpp"
#include "compiler/frontend/inputs/spike_recording.hpp"

namespace seamount::compiler::frontend {

using yaml::Form;

namespace {

Form make_spikes_form() {
    Form form{"spikes", "Spikes of a file."};
    form.keys_of(data_form());
    form.key("dt", yaml::number(kShortestStep, kLongestStep), "of a .h5: how long a step is")
        .in("ms");
    form.key("population", yaml::text(), "of a .h5: whose spikes")
        .by_default("(the input's name, or the only one)");
    return form;
}

Form make_events_form() {
    Form form{"events",
              "Events of an .npz archive or an HDF5 file; several in one step are one spike."};
    form.key("file", yaml::file(),
             "x, y, p, t (or units, t), offsets; .h5: spikes/times, spikes/units")
        .must();
    form.key("time", yaml::choice(kEventUnitNames), "the unit of the times; a step takes `dt`");
    form.key("bin", yaml::number(kLeastBin, kMostBin), "without time: what a step takes of them");
    form.key("origin", yaml::choice(kEventOriginNames),
             "when a sample begins: at 0, or first event")
        .by_default("file");
    form.key("graded", yaml::boolean(), "whether the payload is how many events made the spike")
        .by_default("false");
    form.key("samples", yaml::list({yaml::integer(0, kMaxSize)}, 2, 2), "[first, end): only these")
        .by_default("(all)");
    form.key("t", yaml::text(), "the array of times").by_default("t; .h5: spikes/times");
    form.key("x", yaml::text(), "that of columns").by_default("x");
    form.key("y", yaml::text(), "that of rows").by_default("y");
    form.key("p", yaml::text(), "that of polarities: 0 or 1, or -1 or 1").by_default("(p)");
    form.key("source", yaml::text(), "that of sources, instead of x, y and p")
        .by_default("(units; .h5: spikes/units)");
    form.key("offsets", yaml::text(), "where samples begin, and at last the number of events")
        .by_default("(offsets; else one sample)");
    form.key("labels", yaml::text(), "the class of each sample").by_default("(labels)");
    return form;
}

Form make_dataset_form() {
    static const Form events = make_events_form();
    auto encodings = names(kEncodingNames);
    for (const std::string& name : names(kValueEncodingNames)) encodings.push_back(name);
    Form form{"dataset", "Samples that are presented one after the other."};
    form.key("samples", yaml::map(data_form()), "an array (samples, ...); this or events");
    form.key("events", yaml::map(events), "a file of events with their times");
    form.key("labels", yaml::map(data_form()), "the class of each sample");
    form.key("steps", yaml::integer(1, kMaxSampleSteps), "of one sample")
        .or_else(time_type())
        .in("steps")
        .must();
    form.key("blank", yaml::integer(0, kMaxSampleSteps), "last steps of a sample without input")
        .or_else(time_type())
        .in("steps")
        .by_default("0");
    form.key("reset", yaml::boolean(), "whether states begin anew with each sample")
        .by_default("true");
    form.key("until", yaml::text(),
             "a population, or a part of one: its first spike ends the sample")
        .by_default("(all steps run)");
    form.key("encode", yaml::choice(encodings),
             "how values become spikes; of a bias or reward: value")
        .by_default("rate");
    form.key("max", yaml::number(kLeastFullScale, std::numeric_limits<std::int32_t>::max()),
             "full scale of a value; rate, latency and poisson need it");
    form.key("scale", yaml::number(-kMostPayloadScale, kMostPayloadScale),
             "of graded: what a value of 1 is as payload")
        .by_default("1");
    form.key("phase", yaml::choice(kPhaseNames), "of rate: where the spikes of a source start")
        .by_default("zero");
    form.key("at", yaml::integer(0, kMaxStep), "of a reward: the step of the sample")
        .or_else(time_type())
        .in("step")
        .by_default("(the last)");
    return form;
}

const Form& dataset_form() {
    static const Form form = make_dataset_form();
    return form;
}

Form make_rates_form() {
    Form form{"rates", "A rate for each source."};
    add_given_values(form, {yaml::number(0.0, 1.0), rate_type()});
    add_made_values(form, {yaml::number(0.0, 1.0), rate_type()});
    return form;
}

Form make_bias_form() {
    Form form{"bias", "What the host writes into the neurons of a population."};
    add_given_values(form, {yaml::number()});
    add_made_values(form, {yaml::number()});
    form.key("dataset", yaml::map(dataset_form()), "a value per neuron and sample");
    return form;
}

Form make_current_form() {
    Form form{"current", "An argument of neurons that changes in a run: one of step to file."};
    const auto points =
        yaml::list({yaml::pair({yaml::integer(0, kMaxStep), time_type()}, {yaml::number()})}, 1);
    form.key("step", points, "[step, value], each from there on");
    form.key("ramp", points, "[step, value], straight between them");
    form.key("formula", yaml::text(), "of t, i, n, x, y and pi");
    form.key("uniform", yaml::list({yaml::number()}, 2, 2), "noise: [lowest, highest]");
    form.key("normal", yaml::list({yaml::number()}, 2, 2), "noise: [mean, standard deviation]");
    form.key("values", yaml::list({yaml::number(), yaml::list({yaml::number()}, 1)}, 1),
             "one for all or one for each neuron, at each time");
    form.keys_of(data_form());
    form.key("steps", yaml::integer(1, kMaxCurrentSteps), "of formula and noise: how long")
        .or_else(time_type())
        .in("steps");
    form.key("every", yaml::integer(1, kMaxCurrentSteps), "between two values; not of step")
        .or_else(time_type())
        .in("steps")
        .by_default("1");
    return form;
}

yaml::ValueType pairs(std::int64_t most) {
    return yaml::list(
        {yaml::list({yaml::integer(std::numeric_limits<std::int32_t>::min(), kMaxStep)}, 2, most)});
}

Form make_input_form() {
    static const Form spikes = make_spikes_form();
    static const Form rates = make_rates_form();
    static const Form bias = make_bias_form();
    static const Form current = make_current_form();
    Form form{"input", "What comes from outside the chip: one of spikes to live drives it."};
    add_extent(form);
    form.key("spikes", pairs(3), "[step, source] or [step, source, payload], or a file of these")
        .or_else(yaml::map(spikes));
    form.key("rate", yaml::number(0.0, 1.0), "evenly spaced spikes")
        .or_else(rate_type())
        .or_else(yaml::map(rates))
        .in("spikes per step");
    form.key("phase", yaml::choice(kPhaseNames), "of rate: where the spikes of a source start")
        .by_default("zero");
    form.key("poisson", yaml::number(0.0, 1.0), "independent spikes, with this probability")
        .or_else(rate_type())
        .or_else(yaml::map(rates))
        .in("per step");
    form.key("dataset", yaml::map(dataset_form()), "samples, with labels to score");
    form.key("bias", yaml::number(), "values that the host writes into `target`")
        .or_else(yaml::map(bias));
    form.key("current", yaml::map(current), "values for `target` that change in a run");
    form.key("reward", yaml::choice(kRewardChannelNames), "the channel of rewards that it gives");
    form.key("live", yaml::boolean(), "true: spikes come from outside while it runs");
    form.key("target", yaml::text(), "of bias and current: the population, or a part of one");
    form.key("arg", yaml::text(), "of bias and current: the argument that is written")
        .by_default("bias");
    form.key("values", pairs(2), "of reward: [step, value], or a file of these; values -128..127")
        .or_else(yaml::map(data_form()));
    return form;
}

}  // namespace

const Form& input_form() {
    static const Form form = make_input_form();
    return form;
}

}  // namespace seamount::compiler::frontend
