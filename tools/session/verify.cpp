#include "tools/session/verify.hpp"

#include "compiler/frontend/frontend.hpp"
#include "isa/image/image.hpp"
#include "tools/base/config_library.hpp"
#include "tools/base/files.hpp"
#include "tools/session/settings.hpp"

namespace seamount::session {
namespace {

compiler::Network read_network(const std::filesystem::path& path, const Settings& assigned,
                               Listener& listener) {
    Diagnostics found;
    compiler::Network network =
        compiler::read_network(path, assigned, tools::find_config_dir() / "neurons", found);
    found.throw_if_errors();
    for (const Diagnostic& warning : found.all()) listener.warning(warning);
    return network;
}

}  // namespace

Verified verify(const VerifySettings& settings, Listener& listener) {
    tools::require_file(settings.network);
    tools::require_file(settings.image);
    const Settings assigned = settings_of(settings.assignments);
    const isa::Image image = isa::load_image(settings.image);
    const std::string name = settings.image.string();
    const isa::ChipSpec chip = settings.chip.empty()
                                   ? isa::ChipSpec::parse_resolved(image.chip, name + "(chip)")
                                   : load_chip(settings.chip, assigned);
    const compiler::Network network = read_network(settings.network, assigned, listener);
    reject_unused(assigned);
    return {compiler::verify_image(network, image, chip, name), chip.name};
}

}  // namespace seamount::session
