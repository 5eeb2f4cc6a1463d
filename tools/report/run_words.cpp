#include "tools/report/run_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "isa/base/text.hpp"

namespace seamount::report {
namespace {

struct CauseWords {
    std::string_view cause;
    std::string_view words;
    std::string_view remedy;
};
/// Causes of emu::Cause, as people say them.
constexpr std::array kCauses{
    CauseWords{"update", "updating the neurons of the busiest core", "put fewer neurons on a core"},
    CauseWords{"spike_out", "passing on spikes from the busiest core",
               "spread the neurons that spike most over more cores"},
    CauseWords{"axon_out", "making packets, one for each core that a spike goes to",
               "place targets of a neuron on fewer cores"},
    CauseWords{"axon_in", "looking up the packets that came to one core",
               "spread the targets over more cores"},
    CauseWords{"synapse_fetch", "reading synapse memory",
               "use weights of fewer bits, or spread the synapses over more cores"},
    CauseWords{"accumulate", "adding up synaptic events in one core",
               "spread the synapses over more cores"},
    CauseWords{"learning", "learning", "let synapses learn less often, or fewer on a core"},
    CauseWords{"mesh", "the way of packets over free links", "place what talks nearer together"},
    CauseWords{"mesh_wait", "packets that waited for each other on the mesh",
               "place what talks nearer together, or spread senders"},
    CauseWords{"host", "the host port, through which all input spikes come",
               "send fewer input spikes"},
    CauseWords{"barrier", "the barrier that ends each step", "use fewer tiles"},
    CauseWords{"host_step", "what the host does after each step", ""}};

double number(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? found->get<double>() : 0.0;
}

std::string text(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string count(double value) {
    return grouped(static_cast<std::uint64_t>(value));
}

/// The largest parts of an object of numbers, largest first.
std::vector<std::pair<std::string, double>> parts_of(const Json& object) {
    std::vector<std::pair<std::string, double>> parts;
    for (const auto& [name, value] : object.items()) {
        if (value.is_number() && value.get<double>() > 0.0) parts.emplace_back(name, value);
    }
    std::ranges::stable_sort(parts,
                             [](const auto& a, const auto& b) { return a.second > b.second; });
    return parts;
}

void say_time(const Json& summary, std::vector<std::string>& words) {
    if (summary.contains("untimed")) return;
    if (!summary.contains("time_parts_s")) {
        words.emplace_back("The chip has no prices, so that nothing has a time or an energy.");
        return;
    }
    const double time = number(summary, "modelled_time_s");
    const double steps = std::max(1.0, number(summary, "steps"));
    words.push_back(fmt::format("On the modelled chip it took {}, {} a step.", si(time, "s"),
                                si(time / steps, "s")));
    const auto parts = parts_of(summary["time_parts_s"]);
    if (parts.empty() || time <= 0.0) return;
    const auto& [cause, largest] = parts.front();
    const auto known = std::ranges::find(kCauses, std::string_view{cause}, &CauseWords::cause);
    std::string limit = fmt::format("What limited it most was {} ({:.0f} % of the time).",
                                    known == kCauses.end() ? cause : std::string{known->words},
                                    100.0 * largest / time);
    if (known != kCauses.end() && !known->remedy.empty()) {
        limit += fmt::format(" To be faster: {}.", known->remedy);
    }
    words.push_back(limit);
}

void say_energy(const Json& summary, std::vector<std::string>& words) {
    const auto energy = summary.find("energy_j");
    if (energy == summary.end()) return;
    const double total = number(*energy, "total");
    const double idle = number(*energy, "idle") + number(*energy, "stepping");
    std::string sentence = fmt::format("It drew {}", si(total, "J"));
    if (total > 0.0 && idle > 0.0) {
        sentence += fmt::format(", of which {:.0f} % whatever the network does (idle and stepping)",
                                100.0 * idle / total);
    }
    const auto parts = energy->contains("components")
                           ? parts_of((*energy)["components"])
                           : std::vector<std::pair<std::string, double>>{};
    if (!parts.empty() && total > 0.0) {
        sentence += fmt::format("; the largest part that events cause is {} ({:.0f} %)",
                                parts.front().first, 100.0 * parts.front().second / total);
    }
    words.push_back(sentence + ".");
}

}  // namespace

std::vector<std::string> words_of(const Json& run) {
    std::vector<std::string> words;
    if (!run["complete"].get<bool>()) {
        words.push_back(fmt::format(
            "The run was interrupted: what it recorded is complete before step {}, and there is no "
            "summary.",
            run["complete_steps"].get<std::uint64_t>()));
        return words;
    }
    const Json& summary = run["summary"];
    words.push_back(fmt::format(
        "{} ({} neurons, {} synapses on {} core{}) ran {} steps on chip {}, {}, seed {}.",
        text(summary, "network"), count(number(summary, "neurons")),
        count(number(summary, "synapses")), count(number(summary, "cores")),
        number(summary, "cores") == 1 ? "" : "s", count(number(summary, "steps")),
        text(summary, "chip"),
        summary.contains("untimed") ? std::string{"without mesh, times and energies"}
                                    : fmt::format("with the prices of {}, mesh model {}",
                                                  text(summary, "prices"), text(summary, "mesh")),
        count(number(summary, "seed"))));
    words.push_back(fmt::format("{} spikes of neurons and {} of inputs caused {} synaptic events.",
                                count(number(summary, "spikes")),
                                count(number(summary, "input_spikes")),
                                count(number(summary, "synaptic_events"))));
    say_time(summary, words);
    say_energy(summary, words);
    if (summary.contains("accuracy")) {
        words.push_back(fmt::format(
            "{} of {} samples were right ({:.1f} %).", count(number(summary, "correct")),
            count(number(summary, "samples")), 100.0 * number(summary, "accuracy")));
    }
    if (summary.contains("wall_s")) {
        const Json& wall = summary["wall_s"];
        words.push_back(fmt::format(
            "Simulating took {} ({} steps a second), before it {} to load and {} to compile.",
            si(number(wall, "run"), "s"), count(number(summary, "steps_per_s")),
            si(number(wall, "load"), "s"), si(number(wall, "compile"), "s")));
    }
    return words;
}

std::vector<std::string> difference_of(const Json& first, const Json& second) {
    struct Quantity {
        const char* key;
        const char* name;
    };
    constexpr std::array kQuantities{Quantity{"spikes", "spikes"},
                                     Quantity{"synaptic_events", "synaptic events"},
                                     Quantity{"packets", "packets"},
                                     Quantity{"hops", "hops"},
                                     Quantity{"modelled_time_s", "modelled time (s)"},
                                     Quantity{"cores", "cores"},
                                     Quantity{"accuracy", "accuracy"}};
    std::vector<std::string> words;
    const Json& a = first["summary"];
    const Json& b = second["summary"];
    const bool is_same = a.contains("spike_hash") && text(a, "spike_hash") == text(b, "spike_hash");
    words.emplace_back(is_same
                           ? std::string_view{"Both runs have the same spikes, to the last bit."}
                           : std::string_view{"The runs have different spikes."});
    for (const Quantity& quantity : kQuantities) {
        if (a.contains(quantity.key) != b.contains(quantity.key)) continue;  // not modelled
        const double before = number(a, quantity.key);
        const double after = number(b, quantity.key);
        if (before == after) continue;
        words.push_back(fmt::format(
            "{}: {:.6g} and {:.6g}{}", quantity.name, before, after,
            before != 0.0 ? fmt::format(" ({:+.1f} %)", 100.0 * (after - before) / before)
                          : std::string{}));
    }
    if (a.contains("energy_j") && b.contains("energy_j")) {
        const double before = number(a["energy_j"], "total");
        const double after = number(b["energy_j"], "total");
        if (before != after && before != 0.0) {
            words.push_back(fmt::format("energy (J): {:.6g} and {:.6g} ({:+.1f} %)", before, after,
                                        100.0 * (after - before) / before));
        }
    }
    return words;
}

}  // namespace seamount::report
