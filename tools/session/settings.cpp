#include "tools/session/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/base/config_library.hpp"

namespace seamount::session {

Settings settings_of(const std::vector<std::string>& assignments) {
    Settings settings;
    Diagnostics found;
    for (const std::string& assignment : assignments) {
        try {
            settings.add(assignment);
        } catch (const InputError& error) {
            found.add(error);
        }
    }
    found.throw_if_errors();
    return settings;
}

void reject_unused(const Settings& settings, const std::string& without_variables) {
    Diagnostics found;
    for (const std::string& name : settings.unused()) {
        const auto& declared = settings.declared();
        const std::string near = closest(name, declared);
        std::string hint = Settings::leads_into_network(name)
                               ? "an image holds its network; set the path where it is compiled"
                               : without_variables;
        if (!near.empty()) {
            hint = fmt::format("did you mean '{}'?", near);
        } else if (!declared.empty()) {
            hint = fmt::format("declared under vars: {}", fmt::join(declared, ", "));
        }
        found.error("CLI-SET-UNKNOWN", {"--set", 0, 0},
                    fmt::format("no file of this run declares the variable '{}'", name), hint);
    }
    found.throw_if_errors();
}

isa::ChipSpec load_chip(const std::string& chip, const Settings& settings,
                        std::vector<std::filesystem::path>* files) {
    const std::filesystem::path path =
        tools::resolve_chip(chip.empty() ? tools::kDefaultChip : chip);
    return isa::ChipSpec::load(path, settings, tools::find_config_dir() / "chips", files);
}

}  // namespace seamount::session
