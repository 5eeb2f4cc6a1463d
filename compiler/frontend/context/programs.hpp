#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "isa/microcode/program.hpp"
#include "isa/yaml/yaml.hpp"

namespace seamount::compiler::frontend {

/// Finds and assembles neuron programs, each file once.
class ProgramLibrary {
public:
    /// `folder` holds the programs that are named without a path. The references must outlive it.
    ProgramLibrary(const YamlFile& yaml, std::filesystem::path folder, Diagnostics& diagnostics)
        : yaml_{yaml}, folder_{std::move(folder)}, diagnostics_{diagnostics} {}

    /// The program that `neuron:` names: one of the folder, or a path ending in .asm. Reports
    /// NET-NEURON or the assembler's findings (once per file) and returns nothing.
    [[nodiscard]] std::shared_ptr<const isa::Program> find(const YamlNode& neuron);

    /// The files that were read so far.
    [[nodiscard]] std::set<std::filesystem::path> files() const;

private:
    /// Names of the folder's programs, sorted; read at the first call.
    const std::vector<std::string>& known();

    const YamlFile& yaml_;
    std::filesystem::path folder_;
    Diagnostics& diagnostics_;
    std::optional<std::vector<std::string>> known_;
    std::map<std::string, std::shared_ptr<const isa::Program>> programs_;
};

}  // namespace seamount::compiler::frontend
