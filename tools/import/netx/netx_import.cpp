#include "tools/import/netx/netx_import.hpp"

#include <fmt/format.h>

#include "tools/import/netx/netx_builder.hpp"
#include "tools/import/netx/netx_layer.hpp"

namespace seamount::importer {

std::vector<std::string> given(const NetxOptions& options) {
    std::vector<std::string> names;
    if (options.reset_every) names.emplace_back("--reset-every");
    if (options.reset_offset != 0) names.emplace_back("--reset-offset");
    if (!options.bias.empty()) names.emplace_back("--bias");
    return names;
}

Imported import_netx(const Hdf5File& file, const std::string& data, const NetxOptions& options) {
    Diagnostics found;
    const std::vector<NetxLayer> layers = read_netx_layers(file, found);
    Names names;
    Imported result{NetworkText{names.unique(file.path().stem().string()),
                                data,
                                {fmt::format("Imported from {} (netx) by seamount import.",
                                             file.path().filename().string())}}};
    result.layers = layers.size();
    NetxBuilder builder{file, options, result, found};
    for (const NetxLayer& layer : layers) builder.add(layer);
    builder.finish();
    found.throw_if_errors();
    return result;
}

}  // namespace seamount::importer
