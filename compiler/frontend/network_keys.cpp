#include "compiler/frontend/network_keys.hpp"

#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/inputs/inputs.hpp"
#include "compiler/frontend/outputs.hpp"
#include "compiler/frontend/populations/populations.hpp"
#include "compiler/frontend/projections/learning.hpp"
#include "compiler/frontend/projections/projections.hpp"
#include "compiler/frontend/readout.hpp"

namespace seamount::compiler {

using yaml::Form;

namespace {

Form make_probe_form() {
    using namespace frontend;
    Form form{"probe", "What is recorded: states of a population, or weights that are learned."};
    form.key("population", yaml::text(), "whose neurons");
    form.key(
            "record", yaml::text(),
            "state words, views, accumulators and traces y0..y3; of cores: packets, queue, spikes, "
            "synaptic_events, updates")
        .or_else(yaml::list({yaml::text()}, 1));
    form.key("neurons", yaml::list({yaml::integer(0, kMaxSize)}, 1), "which of them")
        .by_default("(all)");
    form.key("weights", yaml::text(), "instead of population: a projection that learns");
    form.key("histogram", yaml::integer(1, isa::kMaxWeightBins),
             "of weights: how many are in each of so many bins, instead of all");
    form.key("every", yaml::integer(1, kMaxEvery), "between two records")
        .or_else(time_type())
        .in("steps")
        .by_default("1");
    form.key("cores", yaml::list({yaml::integer(0, kMaxProbedCore)}, 1),
             "instead of population: these")
        .or_else(yaml::choice({"all"}));
    form.key("from", yaml::count(), "the first step").or_else(time_type()).by_default("0");
    form.key("to", yaml::count(), "behind the last step").or_else(time_type()).by_default("(none)");
    form.key("when", yaml::text(),
             "only steps in which some of these spiked: `spike NAME`, `any spike in NAME[0:8]`");
    return form;
}

Form make_view_form() {
    using namespace frontend;
    Form form{"view", "A part of a population or an input."};
    form.key("of", yaml::text(), "whose part, or a part of it: `hidden[0:64]`").must();
    form.key("slice", yaml::text(), "as Python's, one for each dimension")
        .or_else(yaml::list({yaml::text()}, 1));
    form.key("neurons", yaml::list({yaml::integer(0, kMaxSize)}, 1), "instead of slice: these");
    return form;
}

/// Maps of names that the user chooses.
Form named(std::string_view name, std::string_view meaning, std::vector<yaml::ValueType> values) {
    Form form{name, meaning};
    form.others = std::move(values);
    return form;
}

Form make_network_form() {
    using namespace frontend;
    static const Form vars = named("vars", "Variables by name: their defaults.", {yaml::text()});
    static const Form populations =
        named("populations", "Populations by name, in the order of the neurons' ids.",
              {yaml::map(population_form())});
    static const Form inputs = named("inputs", "Inputs by name.", {yaml::map(input_form())});
    static const Form view = make_view_form();
    static const Form views = named("views", "Parts by name.", {yaml::map(view)});
    static const Form probe = make_probe_form();
    static const Form parameters =
        named("parameters", "Parameters by name: their defaults.", {yaml::anything()});
    static const Form one_template = [] {
        Form form{"template", "A part of a network that is used more than once."};
        form.key("parameters", yaml::map(parameters), "what differs: ${name} in the rest");
        form.key("populations", yaml::map(populations), "become USE.NAME");
        form.key("inputs", yaml::map(inputs), "become USE.NAME");
        form.key("views", yaml::map(views), "become USE.NAME");
        form.key("projections", yaml::list({yaml::map(projection_form())}),
                 "between these, or others of the file");
        form.key("probes", yaml::list({yaml::map(probe)}), "what is recorded of them");
        return form;
    }();
    static const Form templates =
        named("templates", "Templates by name.", {yaml::map(one_template)});
    static const Form one_use = [] {
        Form form{"use", "A use of a template, with values of its parameters."};
        form.key("name", yaml::text(), "with which its names begin").must();
        form.others = {yaml::anything()};
        return form;
    }();
    static const Form uses = named("uses", "Uses by the name of their template.",
                                   {yaml::list({yaml::text(), yaml::map(one_use)})});
    Form form{"network", "A network of spiking neurons."};
    form.key("network", yaml::text(), "its name, for reports").by_default("(that of the file)");
    form.key("seed", yaml::count(), "of all that is random").by_default("1");
    form.key("dt", time_type(), "how long a step is, for numbers with units")
        .by_default("(none: numbers have no units)");
    form.key("vars", yaml::map(vars), "defaults of ${name}; --set name=value overrides");
    form.key("include", yaml::file(), "files of further sections, which stand before these")
        .or_else(yaml::list({yaml::file()}));
    form.key("templates", yaml::map(templates), "parts that are used more than once");
    form.key("use", yaml::map(uses), "uses of templates");
    form.key("populations", yaml::map(populations),
             "its neurons; at least one, here, included, or by a use");
    form.key("inputs", yaml::map(inputs), "what comes from outside the chip");
    form.key("views", yaml::map(views), "parts of populations and inputs");
    form.key("projections", yaml::list({yaml::map(projection_form())}), "its synapses");
    form.key("learning", yaml::map(learning_form()), "how synapses change");
    form.key("probes", yaml::list({yaml::map(probe)}), "what is recorded");
    form.key("readout", yaml::map(readout_form()), "how the run of a dataset is scored");
    return form;
}

}  // namespace

const Form& network_form() {
    static const Form form = make_network_form();
    return form;
}

}  // namespace seamount::compiler
