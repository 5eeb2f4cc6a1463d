#include <algorithm>
#include <optional>
#include <string_view>

#include "compiler/verify/parts.hpp"
#include "isa/microcode/expression.hpp"

namespace seamount::compiler::verifier {
namespace {

/// The value that a parameter or state word of a program starts with, from the arguments of the
/// population.
class WordValue {
public:
    WordValue(const Population& population, const isa::WordDecl& word)
        : population_{population}, word_{word} {
        for (const std::string& name : word.initial.names()) varies_ = varies_ || !uniform(name);
        if (!varies_) shared_ = compute(0);
    }

    /// Nothing if the expression has no 32-bit value, which the compiler would have refused.
    [[nodiscard]] std::optional<std::int64_t> at(std::uint32_t neuron) const {
        return varies_ ? compute(neuron) : shared_;
    }

private:
    [[nodiscard]] const Values<std::int64_t>* given(const std::string& name) const {
        const auto found = population_.args.find(name);
        return found == population_.args.end() || !found->second.given() ? nullptr : &found->second;
    }
    [[nodiscard]] bool uniform(const std::string& name) const {
        const auto* const values = given(name);
        return values == nullptr || values->uniform();
    }
    [[nodiscard]] std::optional<std::int64_t> compute(std::uint32_t neuron) const {
        bool missing = false;
        const auto argument = [&](std::string_view text) -> std::int64_t {
            const std::string name{text};
            if (const auto* const values = given(name)) return values->at(neuron);
            const isa::ArgDecl* const declared = population_.program->find_arg(name);
            if (declared != nullptr && declared->initial) return *declared->initial;
            missing = true;
            return 0;
        };
        try {
            const std::int64_t value = word_.initial.evaluate(argument);
            if (!missing) return value;
        } catch (const isa::ExpressionError&) {
            return std::nullopt;
        }
        return std::nullopt;
    }

    const Population& population_;
    const isa::WordDecl& word_;
    bool varies_ = false;
    std::optional<std::int64_t> shared_;
};

/// Notes where every neuron lives; each must have one compartment.
void find_places(Subject& subject) {
    subject.places.assign(subject.network.neuron_count(), {});
    for (std::uint32_t c = 0; c < subject.image.cores.size(); ++c) {
        const isa::CoreImage& core = subject.image.cores[c];
        for (std::uint32_t k = 0; k < core.neurons.size(); ++k) {
            const NeuronId neuron = core.neurons[k];
            if (neuron.index() >= subject.places.size()) {
                subject.findings.add("VFY-NEURON", "core {}: compartment {} holds neuron {} of {}",
                                     core.core, k, neuron, subject.places.size());
                continue;
            }
            Place& place = subject.places[neuron];
            if (!place.exists()) {
                place = {CoreSlot{c}, k};
                continue;
            }
            subject.findings.add("VFY-NEURON", "neuron {} is on core {} and again on core {}",
                                 subject.name_of(neuron), subject.core_at(place.slot).core,
                                 core.core);
        }
    }
    for (const NeuronId neuron : subject.places.ids()) {
        if (subject.places[neuron].exists()) continue;
        subject.findings.add("VFY-NEURON", "neuron {} is on no core", subject.name_of(neuron));
    }
}

class PopulationCheck {
public:
    PopulationCheck(Subject& subject, const Population& population)
        : subject_{subject}, population_{population}, program_{*population_.program} {
        for (const isa::WordDecl& word : program_.params) params_.emplace_back(population_, word);
        for (const isa::WordDecl& word : program_.states) states_.emplace_back(population_, word);
    }

    void check(const isa::CoreImage& core, const isa::NeuronGroup& group) {
        if (group.state.size() != states_.size()) {
            subject_.findings.add("VFY-STATE",
                                  "core {}: {} state words for population '{}', not {}", core.core,
                                  group.state.size(), population_.name, states_.size());
            return;
        }
        for (std::size_t p = params_.size(); p < group.params.size(); ++p) {
            if (group.params[p] == 0) continue;
            subject_.findings.add(
                "VFY-PARAMETER",
                "core {}: parameter {} of population '{}' is {}; its program has {}", core.core, p,
                population_.name, group.params[p], params_.size());
        }
        for (std::uint32_t k = 0; k < group.count; ++k) {
            const NeuronId neuron = core.neurons[group.first + k];
            const std::uint32_t index = neuron - population_.first_neuron;
            if (index >= population_.size) {
                subject_.findings.add("VFY-NEURON",
                                      "core {}: neuron {} is in a group of population '{}'",
                                      core.core, subject_.name_of(neuron), population_.name);
                continue;
            }
            check_words(core, group, k, index);
            ++subject_.result.neurons;
        }
    }

private:
    void check_words(const isa::CoreImage& core, const isa::NeuronGroup& group, std::uint32_t k,
                     std::uint32_t index) {
        for (std::size_t p = 0; p < params_.size(); ++p) {
            compare("VFY-PARAMETER", "parameter", program_.params[p].name, core, index,
                    group.params[p], params_[p].at(index));
        }
        for (std::size_t s = 0; s < states_.size(); ++s) {
            const std::vector<std::int32_t>& words = group.state[s];
            const bool to_parent = population_.parent && program_.states[s].name == kParentWord;
            const auto given = population_.initial.find(program_.states[s].name);
            const auto in_network = given != population_.initial.end()
                                        ? std::optional{std::int64_t{given->second.at(index)}}
                                        : states_[s].at(index);
            compare("VFY-STATE", "initial", program_.states[s].name, core, index,
                    words.size() == 1 ? words.front() : words[k],
                    to_parent ? distance_to_parent(core, group.first + k, index) : in_network);
        }
    }

    /// How many compartments behind compartment `at` the parent of neuron `index` stands; nothing
    /// if it is on another core.
    [[nodiscard]] std::optional<std::int64_t> distance_to_parent(const isa::CoreImage& core,
                                                                 std::uint32_t at,
                                                                 std::uint32_t index) const {
        const Population& parent = subject_.network.populations[*population_.parent];
        const Place& place = subject_.places[parent.first_neuron + index];
        if (!place.exists() || &subject_.core_at(place.slot) != &core) {
            return std::nullopt;
        }
        return std::int64_t{place.compartment} - at;
    }

    void compare(const char* code, const char* kind, const std::string& name,
                 const isa::CoreImage& core, std::uint32_t index, std::int64_t in_image,
                 std::optional<std::int64_t> in_network) {
        if (in_network && *in_network == in_image) return;
        subject_.findings.add_at(
            population_.where, code,
            fmt::format("neuron '{}' {} on core {}: {} '{}' is {}, the network says {}",
                        population_.name, index, core.core, kind, name, in_image,
                        in_network ? std::to_string(*in_network) : "nothing"));
    }

    Subject& subject_;
    const Population& population_;
    const isa::Program& program_;
    std::vector<WordValue> params_;
    std::vector<WordValue> states_;
};

}  // namespace

void check_neurons(Subject& subject) {
    find_places(subject);
    for (std::uint32_t p = 0; p < subject.network.populations.size(); ++p) {
        PopulationCheck population{subject, subject.network.populations[p]};
        for (const isa::CoreImage& core : subject.image.cores) {
            for (const isa::NeuronGroup& group : core.groups) {
                if (group.population == p) population.check(core, group);
            }
        }
    }
}

}  // namespace seamount::compiler::verifier
