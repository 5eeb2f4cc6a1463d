#include <exception>

#include "isa/base/diagnostic.hpp"
#include "tools/python/bindings.hpp"

namespace seamount::python {
namespace {

namespace py = pybind11;

/// Raises seamount.errors.Error with all findings.
void raise(const InputError& error) {
    const py::object type = py::module_::import("seamount.errors").attr("Error");
    py::list findings;
    for (const Diagnostic& found : error.diagnostics()) {
        findings.append(py::make_tuple(found.code, found.where.file, found.where.line,
                                       found.where.column, found.message, found.hint,
                                       to_string(found)));
    }
    const py::object raised = type.attr("_of")(findings);
    PyErr_SetObject(type.ptr(), raised.ptr());
}

}  // namespace

void bind_errors(py::module_& module) {
    (void)module;
    py::register_exception_translator([](std::exception_ptr thrown) {
        try {
            if (thrown) std::rethrow_exception(std::move(thrown));
        } catch (const InputError& error) {
            raise(error);
        }
    });
}

}  // namespace seamount::python
