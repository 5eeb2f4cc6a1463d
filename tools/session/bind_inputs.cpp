#include "tools/session/bind_inputs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/frontend/inputs/bound_input.hpp"
#include "isa/base/diagnostic.hpp"
#include "tools/session/settings.hpp"

namespace seamount::session {
namespace {

/// The input that an assignment names, or null with a message.
isa::InputImage* find_input(const std::string& name, isa::Image& image, Diagnostics& found) {
    const auto input = std::find_if(image.inputs.begin(), image.inputs.end(),
                                    [&name](const auto& i) { return i.name == name; });
    const SourceLocation where{"--input", 0, 0};
    if (input == image.inputs.end()) {
        std::vector<std::string> names;
        for (const isa::InputImage& known : image.inputs) names.push_back(known.name);
        const std::string near = closest(name, names);
        found.error("CLI-INPUT", where, fmt::format("the network has no input '{}'", name),
                    !near.empty()   ? fmt::format("did you mean '{}'?", near)
                    : names.empty() ? "it has no inputs"
                                    : fmt::format("its inputs: {}", fmt::join(names, ", ")));
        return nullptr;
    }
    if (input->kind != isa::InputKind::kWrite && input->samples.empty()) return &*input;
    found.error("CLI-INPUT", where,
                fmt::format("input '{}' is driven by {}", name,
                            input->samples.empty() || input->kind == isa::InputKind::kWrite
                                ? "values that are written into states"
                                : "a dataset"),
                "only inputs of spikes, rates and poisson spikes can be given a file");
    return nullptr;
}

}  // namespace

std::vector<Diagnostic> bind_inputs(const std::vector<std::string>& assignments, Loaded& loaded,
                                    std::optional<double> dt_ms, const std::string& max_input) {
    const std::uint64_t most =
        max_input.empty() ? compiler::frontend::kMaxInput : bytes_of(max_input, "--max-input");
    Diagnostics found;
    std::vector<Diagnostic> warnings;
    for (const std::string& assignment : assignments) {
        const std::size_t equals = assignment.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == assignment.size()) {
            found.error("CLI-INPUT", {"--input", 0, 0},
                        fmt::format("'{}' is not NAME=FILE", assignment),
                        "for example --input clicks=clicks.csv");
            continue;
        }
        isa::InputImage* const input =
            find_input(assignment.substr(0, equals), loaded.image, found);
        if (input == nullptr) continue;
        try {
            const std::string file = assignment.substr(equals + 1);
            for (const Diagnostic& warning :
                 compiler::bind_spikes(file, "--input " + assignment, dt_ms, *input, most)) {
                warnings.push_back(warning);
            }
            loaded.files_read.emplace_back(file);
        } catch (const InputError& error) {
            found.add(error);
        }
    }
    found.throw_if_errors();
    note_files(loaded);
    return warnings;
}

}  // namespace seamount::session
