#include "compiler/frontend/context/programs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "isa/assembly/assembler.hpp"
#include "isa/base/diagnostic.hpp"

namespace seamount::compiler::frontend {

namespace {

std::vector<std::string> programs_of(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
        if (entry.path().extension() == ".asm") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

const std::vector<std::string>& ProgramLibrary::known() {
    if (!known_) known_ = programs_of(folder_);
    return *known_;
}

std::shared_ptr<const isa::Program> ProgramLibrary::find(const YamlNode& neuron) {
    const std::string name = neuron.text();
    if (name.empty() && diagnostics_.has_errors()) return nullptr;
    std::filesystem::path path;
    if (name.ends_with(".asm")) {
        path = yaml_.resolve(name);
        std::error_code error;
        if (!std::filesystem::is_regular_file(path, error)) {
            neuron.error("NET-NEURON", fmt::format("there is no microcode file '{}'", name),
                         std::filesystem::path{name}.is_relative()
                             ? "paths are relative to the YAML file"
                             : "");
            return nullptr;
        }
    } else {
        if (!std::binary_search(known().begin(), known().end(), name)) {
            const std::string suggestion = closest(name, known());
            std::string hint =
                fmt::format("known: {}; or give a path ending in .asm", fmt::join(known(), ", "));
            if (!suggestion.empty()) hint = fmt::format("did you mean '{}'?", suggestion);
            neuron.error("NET-NEURON", fmt::format("there is no neuron '{}'", name), hint);
            return nullptr;
        }
        path = folder_ / (name + ".asm");
    }
    const auto [entry, fresh] = programs_.try_emplace(path.lexically_normal().string());
    if (fresh) {
        try {
            entry->second = std::make_shared<const isa::Program>(isa::assemble_file(path));
        } catch (const InputError& error) {
            diagnostics_.add(error);
        }
    }
    return entry->second;
}

std::set<std::filesystem::path> ProgramLibrary::files() const {
    std::set<std::filesystem::path> files;
    for (const auto& [path, program] : programs_) files.insert(path);
    return files;
}

}  // namespace seamount::compiler::frontend
