#include "compiler/frontend/bound_input.hpp"

#include "compiler/frontend/context.hpp"
#include "compiler/frontend/spike_list.hpp"

namespace seamount::compiler {

namespace {

/// As a YAML scalar.
std::string in_quotes(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace

void bind_spikes(const std::filesystem::path& file, const std::string& where,
                 isa::InputImage& input) {
    Diagnostics found;
    const std::string text =
        "spikes: {file: " + in_quotes(std::filesystem::absolute(file).string()) + "}\n";
    const YamlFile yaml = YamlFile::parse(text, where, {}, found);
    frontend::DataStore data{yaml, found};
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
