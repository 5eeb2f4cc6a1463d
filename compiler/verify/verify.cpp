#include "compiler/verify/verify.hpp"

#include "compiler/verify/parts.hpp"

namespace seamount::compiler {
namespace verifier {

std::string Subject::name_of(NeuronId neuron) const {
    for (const Population& population : network.populations) {
        if (neuron - population.first_neuron >= population.size) continue;
        return fmt::format("'{}' {}", population.name, neuron - population.first_neuron);
    }
    return fmt::format("neuron {}", neuron);
}

std::string Subject::name_of(SourceRef source, std::uint32_t index) const {
    return fmt::format("{}'{}' {}", source.is_input ? "input " : "", network.source_name(source),
                       index);
}

}  // namespace verifier

VerifyResult verify_image(const Network& network, const isa::Image& image,
                          const isa::ChipSpec& chip, const std::string& image_name) {
    VerifyResult result;
    result.cores = image.cores.size();
    verifier::Findings findings{result, image_name};
    verifier::Subject subject{network, image, chip, findings, result};
    const bool has_pool = chip.limits.has_pool();
    if (!has_pool) verifier::check_limits(subject);
    if (!verifier::check_tables(subject)) return result;
    verifier::check_neurons(subject);
    if (has_pool) {
        // What a core takes of its pool follows from which neurons it has.
        verifier::check_pool(subject);
        verifier::check_limits(subject);
    }
    verifier::check_synapses(subject);
    return result;
}

}  // namespace seamount::compiler
