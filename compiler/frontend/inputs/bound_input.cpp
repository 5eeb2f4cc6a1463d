#include "compiler/frontend/inputs/bound_input.hpp"

#include "compiler/frontend/context/context.hpp"
#include "compiler/frontend/context/quoted_file.hpp"
#include "compiler/frontend/inputs/spike_list.hpp"

namespace seamount::compiler {

void bind_spikes(const std::filesystem::path& file, const std::string& where,
                 isa::InputImage& input, std::uint64_t max_input) {
    Diagnostics found;
    const YamlFile yaml = frontend::naming_file("spikes", file, where, found);
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
}

}  // namespace seamount::compiler
