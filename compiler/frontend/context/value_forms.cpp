#include "compiler/frontend/context/value_forms.hpp"

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/context/units.hpp"

namespace seamount::compiler::frontend {

using yaml::Form;

namespace {

Form make_ids_form() {
    Form form{"ids", "Identifiers of neurons, in the order of a table."};
    form.key("file", yaml::file(), "a .csv or .csv.gz").must();
    form.key("column", yaml::text(), "the column with one identifier per neuron, by name or number")
        .by_default("0");
    form.key("columns", yaml::list({yaml::text()}),
             "columns whose distinct identifiers are the neurons, as of an edge list");
    form.key("header", yaml::boolean(), "whether the first line names the columns")
        .by_default("(if no field of it is a number)");
    return form;
}

const Form& ids_form() {
    static const Form form = make_ids_form();
    return form;
}

Form make_size_form() {
    Form form{"size", "A size that follows from data."};
    form.keys_of(data_form());
    form.key("edges", yaml::file(), "an edge list: the largest index + 1");
    form.key("ids", yaml::map(ids_form()), "a table of identifiers: one neuron each");
    return form;
}

const Form& size_form() {
    static const Form form = make_size_form();
    return form;
}

Form make_data_form() {
    Form form{"data", "An array of a file."};
    form.key("file", yaml::file(), "a .npy, .npz, .csv or .csv.gz, relative to the YAML file");
    form.key("array", yaml::text(), "the member of an .npz").by_default("(its only one)");
    form.key("column", yaml::text(), "a column of a table, by name or by number from 0");
    return form;
}

Form make_argument_form() {
    Form form{"argument", "Values of one argument of a population's program."};
    add_given_values(form, {yaml::number(), time_type()});
    add_made_values(form, {yaml::number(), time_type()});
    return form;
}

}  // namespace

const Form& data_form() {
    static const Form form = make_data_form();
    return form;
}

void add_made_values(Form& form, std::vector<yaml::ValueType> items) {
    form.key("formula", yaml::text(), "of i, n, x, y and pi");
    form.key("uniform", yaml::list(std::move(items), 2, 2), "[lowest, highest], both included");
    form.key("normal", yaml::list({yaml::number()}, 2, 2), "[mean, standard deviation]");
}

void add_given_values(Form& form, std::vector<yaml::ValueType> items) {
    form.key("values", yaml::list(std::move(items)), "one each, in order");
    form.keys_of(data_form());
}

const Form& argument_form() {
    static const Form form = make_argument_form();
    return form;
}

void add_extent(Form& form) {
    form.key("size", yaml::integer(1, kMaxSize), "how many there are, or the data that says it")
        .or_else(yaml::map(size_form()))
        .by_default("(that of shape)");
    form.key("shape", yaml::list({yaml::integer(1, kMaxSize)}, 1, kMaxDimensions),
             "instead of size: how they lie, [height, width] or [channels, height, width]");
}

}  // namespace seamount::compiler::frontend
