#include "compiler/frontend/context/units.hpp"
#include "compiler/frontend/context/value_forms.hpp"
#include "compiler/frontend/populations/compartments.hpp"
#include "compiler/frontend/populations/populations.hpp"

namespace seamount::compiler::frontend {

using yaml::Form;

namespace {

Form make_fixed_form() {
    Form form{"cores", "The core of each neuron."};
    add_given_values(form, {yaml::integer(0, kMaxCore)});
    return form;
}

Form make_mapping_form() {
    static const Form fixed = make_fixed_form();
    Form form{"mapping", "Where the neurons of a population go: one of the three."};
    form.key("tiles", yaml::list({yaml::integer(0, kMaxCore)}, 4, 4),
             "[x, y, width, height]: anywhere in a rectangle of tiles");
    form.key("cores", yaml::list({yaml::integer(0, kMaxCore)}, 1), "any of these cores");
    form.key("fixed", yaml::integer(0, kMaxCore), "the core of all, or of each neuron")
        .or_else(yaml::map(fixed));
    return form;
}

Form make_params_form() {
    Form form{"params", "Arguments of a neuron program, as `seamount asm NAME` lists them."};
    form.others = {yaml::number(), time_type(), yaml::map(argument_form())};
    return form;
}

Form make_initial_form() {
    Form form{"initial", "What state words start with, by name."};
    form.others = {yaml::number(), yaml::map(argument_form())};
    return form;
}

/// What a population and a compartment of a cell have.
void add_neuron(Form& form) {
    static const Form params = make_params_form();
    static const Form initial = make_initial_form();
    form.key("neuron", yaml::file(".asm"), "a program of the library, or a file ending in .asm");
    form.key("params", yaml::map(params), "its arguments").by_default("(those of the program)");
    form.key("initial", yaml::map(initial), "what state words start with")
        .by_default("(what the program says)");
    form.key("reset", yaml::boolean(), "whether states start anew with a sample, or which do")
        .or_else(yaml::list({yaml::text()}))
        .by_default("true");
}

Form make_compartment_form() {
    Form form{"compartment", "A compartment of the cells of a population."};
    form.key("name", yaml::text(), "it becomes the population CELL.NAME").must();
    add_neuron(form);
    form.key("parent", yaml::text(), "the compartment that it pushes to, further down the list")
        .by_default("(none: the last, which is the root)");
    form.key("join", yaml::choice(kJoinNames), "what is done with what its children push")
        .by_default("add");
    return form;
}

Form make_population_form() {
    static const Form mapping = make_mapping_form();
    static const Form compartment = make_compartment_form();
    Form form{"population", "Neurons of one kind, or cells of several compartments."};
    add_neuron(form);
    add_extent(form);
    form.key("mapping", yaml::choice({"auto"}), "where its neurons go")
        .or_else(yaml::map(mapping))
        .by_default("auto");
    form.key("compartments", yaml::list({yaml::map(compartment)}, 1),
             "instead of neuron and params: a tree of compartments, children before parents");
    return form;
}

}  // namespace

const Form& population_form() {
    static const Form form = make_population_form();
    return form;
}

}  // namespace seamount::compiler::frontend
