#include "tools/session/drive/names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
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

constexpr const char* kTagHint = "a rule has tags if it changes t: 'dt: 2^-2*x1*y0 - 2^-3*u0*t'";

bool tagged(const isa::Image& image, std::uint32_t entry) {
    return has_tags(image.learning.rules[image.learning.projections[entry].rule]);
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

std::uint32_t find_plastic(const isa::Image& image, std::string_view name) {
    const std::uint32_t projection = find_projection(image, name);
    const std::vector<isa::PlasticImage>& entries = image.learning.projections;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].projection == projection) return static_cast<std::uint32_t>(i);
    }
    bad_value(image, fmt::format("projection '{}' does not learn", name),
              "it needs 'learning', a rule of 'learning: rules:'");
}

std::uint32_t find_tagged(const isa::Image& image, std::string_view name) {
    const std::uint32_t entry = find_plastic(image, name);
    if (tagged(image, entry)) return entry;
    bad_value(image, fmt::format("the synapses of projection '{}' have no tags", name), kTagHint);
}

std::vector<std::uint32_t> all_plastic(const isa::Image& image) {
    std::vector<std::uint32_t> all(image.learning.projections.size());
    std::iota(all.begin(), all.end(), 0U);
    if (all.empty()) {
        bad_value(image, "no projection learns",
                  "it needs 'learning', a rule of 'learning: rules:'");
    }
    return all;
}

std::vector<std::uint32_t> all_tagged(const isa::Image& image) {
    std::vector<std::uint32_t> all = all_plastic(image);
    std::erase_if(all, [&image](std::uint32_t entry) { return !tagged(image, entry); });
    if (all.empty()) bad_value(image, "no projection has synapses with tags", kTagHint);
    return all;
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
