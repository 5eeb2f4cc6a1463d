#include "tools/session/drive/names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "isa/base/diagnostic.hpp"

namespace seamount::session {
namespace {

[[noreturn]] void refuse(const isa::Image& image, std::string_view what, std::string_view name,
                         const std::vector<std::string>& names) {
    bad_input("RUN-NAME", image.network, fmt::format("there is no {} '{}'", what, name),
              names.empty() ? "there are none" : did_you_mean(name, names));
}

/// Looked up in every step of a closed loop: makes nothing unless the name is missing.
template <class T>
std::uint32_t index_of(const isa::Image& image, std::string_view what, std::string_view name,
                       const std::vector<T>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].name == name) return static_cast<std::uint32_t>(i);
    }
    std::vector<std::string> names;
    for (const T& item : items) names.push_back(item.name);
    refuse(image, what, name, names);
}

}  // namespace

std::uint32_t find_population(const isa::Image& image, std::string_view name) {
    return index_of(image, "population", name, image.populations);
}

std::uint32_t find_input(const isa::Image& image, std::string_view name) {
    return index_of(image, "input", name, image.inputs);
}

std::uint32_t find_spiking_input(const isa::Image& image, std::string_view name) {
    const std::uint32_t input = find_input(image, name);
    const isa::InputKind kind = image.inputs[input].kind;
    if (kind == isa::InputKind::kWrite || kind == isa::InputKind::kReward) {
        bad_input("RUN-NAME", image.network, fmt::format("input '{}' does not spike", name),
                  kind == isa::InputKind::kWrite ? "it writes states: use write()"
                                                 : "it gives rewards: use reward()");
    }
    return input;
}

std::uint32_t find_projection(const isa::Image& image, std::string_view name) {
    return index_of(image, "projection", name, image.projections);
}

std::uint32_t find_state(const isa::Image& image, std::uint32_t population, std::string_view name) {
    const isa::ProgramImage* const program = isa::program_of(image, population);
    if (program != nullptr) {
        const auto found = std::find(program->states.begin(), program->states.end(), name);
        if (found != program->states.end()) {
            return static_cast<std::uint32_t>(found - program->states.begin());
        }
    }
    refuse(image, fmt::format("state of '{}',", image.populations[population].name), name,
           program == nullptr ? std::vector<std::string>{} : program->states);
}

void bad_value(const isa::Image& image, const std::string& message, const std::string& hint) {
    bad_input("RUN-VALUE", image.network, message, hint);
}

}  // namespace seamount::session
