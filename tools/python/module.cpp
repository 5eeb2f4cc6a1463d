// seamount._core: what the Python package is made of; tools/python/seamount/ is what users see.
#include "tools/base/version.hpp"
#include "tools/python/bindings.hpp"

PYBIND11_MODULE(_core, module) {
    module.doc() = "Simulations of Loihi-style chips; use the package seamount.";
    module.attr("version") = seamount::tools::version();
    seamount::python::bind_errors(module);
    seamount::python::bind_image(module);
    seamount::python::bind_simulation(module);
}
