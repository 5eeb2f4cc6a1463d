#include "compiler/frontend/inputs/bound_input.hpp"

#include <fmt/format.h>

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/context/quoted_file.hpp"
#include "compiler/frontend/hdf5/recorded_spikes.hpp"
#include "compiler/frontend/inputs/spike_list.hpp"

namespace seamount::compiler {

std::vector<Diagnostic> bind_spikes(const std::filesystem::path& file, const std::string& where,
                                    std::optional<double> dt_ms, isa::InputImage& input,
                                    std::uint64_t max_input) {
    Diagnostics found;
    std::string more;
    if (frontend::is_hdf5_name(file)) {
        if (!dt_ms) {
            throw InputError{
                Diagnostic{"CLI-INPUT",
                           {where, 0, 0},
                           "times in milliseconds, and how long a step is is not known",
                           "say it with --input-dt MS"}};
        }
        more = fmt::format(", dt: {}", *dt_ms);
    }
    const YamlFile yaml = frontend::naming_file("spikes", file, where, found, more);
    frontend::DataStore data{yaml, found, max_input};
    frontend::ProgramLibrary programs{yaml, {}, found};
    Network network;
    frontend::Context context{yaml, found, data, programs, network};
    isa::InputImage bound = input;
    bound.kind = isa::InputKind::kSpikes;
    bound.rates.clear();
    bound.spike_steps.clear();
    bound.spike_sources.clear();
    bound.spike_payloads.clear();
    frontend::read_spikes(context, yaml.root()["spikes"], bound);
    found.throw_if_errors();
    input = std::move(bound);
    return found.all();
}

}  // namespace seamount::compiler
