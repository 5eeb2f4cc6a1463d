#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/verify/parts.hpp"

namespace seamount::compiler::verifier {
namespace {

template <class T>
bool same(Findings& findings, const char* code, const std::string& what, const T& in_image,
          const T& in_network) {
    if (in_image == in_network) return true;
    if constexpr (fmt::is_formattable<T>::value) {
        findings.add(code, "{} is {}, the network says {}", what, in_image, in_network);
    } else {
        findings.add(code, "{} differs from the network's", what);
    }
    return false;
}

bool check_populations(Subject& subject) {
    const auto& in_image = subject.image.populations;
    const auto& in_network = subject.network.populations;
    if (!same(subject.findings, "VFY-NETWORK", "the number of populations", in_image.size(),
              in_network.size())) {
        return false;
    }
    bool all = true;
    for (std::size_t p = 0; p < in_image.size(); ++p) {
        const std::string who = fmt::format("population {}: its ", p);
        const auto check = [&](const char* what, const auto& a, const auto& b) {
            all = same(subject.findings, "VFY-NETWORK", who + what, a, b) && all;
        };
        check("name", in_image[p].name, in_network[p].name);
        check("size", in_image[p].count, in_network[p].size);
        check("first neuron", in_image[p].first_neuron, in_network[p].first_neuron);
        check("shape", in_image[p].shape, in_network[p].shape);
    }
    return all;
}

/// The schedule and data of an input, without what the compiler adds.
bool check_input(Subject& subject, const isa::InputImage& in_image,
                 const isa::InputImage& in_network) {
    const std::string who = fmt::format("input '{}': its ", in_network.name);
    bool all = true;
    const auto check = [&](const char* what, const auto& a, const auto& b) {
        all = same(subject.findings, "VFY-INPUT", who + what, a, b) && all;
    };
    check("name", in_image.name, in_network.name);
    check("kind", static_cast<int>(in_image.kind), static_cast<int>(in_network.kind));
    check("size", in_image.size, in_network.size);
    const bool comparable = all;
    check("shape", in_image.shape, in_network.shape);
    if (in_image.spike_steps != in_network.spike_steps ||
        in_image.spike_sources != in_network.spike_sources ||
        in_image.spike_payloads != in_network.spike_payloads) {
        subject.findings.add("VFY-INPUT", "{}list of spikes differs from the network's", who);
    }
    if (in_image.events != in_network.events) {
        subject.findings.add("VFY-INPUT", "{}bin or coding of events differs from the network's",
                             who);
    }
    if (in_image.rates != in_network.rates) {
        subject.findings.add("VFY-INPUT", "{}rates differ from the network's", who);
    }
    if (in_image.samples != in_network.samples || in_image.full_scale != in_network.full_scale) {
        subject.findings.add("VFY-INPUT", "{}samples differ from the network's", who);
    }
    if (in_image.writes != in_network.writes) {
        subject.findings.add("VFY-INPUT", "{}places to write differ from the network's", who);
    }
    return comparable;
}

void check_program(Subject& subject, const Population& population, const isa::ProgramImage& held) {
    const isa::Program& program = *population.program;
    const auto bad = [&](const std::string& what) {
        subject.findings.add_at(
            population.where, "VFY-PROGRAM",
            fmt::format("program '{}' of population '{}' {}", program.name, population.name, what));
    };
    const std::size_t words = std::min(program.words.size(), held.words.size());
    const auto differ =
        std::mismatch(held.words.begin(), held.words.begin() + static_cast<std::ptrdiff_t>(words),
                      program.words.begin());
    if (held.words.size() != program.words.size()) {
        bad(fmt::format("has {} words in the image, {} in its source", held.words.size(),
                        program.words.size()));
    } else if (differ.first != held.words.end()) {
        bad(fmt::format("has word {} = {:#010x} in the image, {:#010x} in its source",
                        differ.first - held.words.begin(), *differ.first, *differ.second));
    }
    const auto names = [](const std::vector<isa::WordDecl>& words_of) {
        std::vector<std::string> list;
        for (const isa::WordDecl& word : words_of) list.push_back(word.name);
        return list;
    };
    if (held.params != names(program.params)) bad("has other names of parameters in the image");
    if (held.states != names(program.states)) bad("has other names of state words in the image");
    if (held.accumulators != program.accumulators) bad("has other accumulators in the image");
    if (held.combine != program.combine)
        bad("has other combine rules of accumulators in the image");
    const bool same_views =
        std::equal(held.views.begin(), held.views.end(), program.views.begin(), program.views.end(),
                   [](const auto& a, const isa::ViewDecl& b) {
                       return a.name == b.name && a.expression == b.value.text();
                   });
    if (!same_views) bad("has other views in the image");
}

/// The programs that the groups of each population run.
void check_programs(Subject& subject) {
    std::vector<std::vector<std::uint32_t>> used(subject.network.populations.size());
    for (const isa::CoreImage& core : subject.image.cores) {
        for (const isa::NeuronGroup& group : core.groups) {
            auto& list = used[group.population];
            if (std::find(list.begin(), list.end(), group.program) == list.end()) {
                list.push_back(group.program);
            }
        }
    }
    for (std::size_t p = 0; p < used.size(); ++p) {
        for (const std::uint32_t program : used[p]) {
            check_program(subject, subject.network.populations[p], subject.image.programs[program]);
        }
    }
}

void check_projections(Subject& subject) {
    const auto& in_image = subject.image.projections;
    const auto& in_network = subject.network.projections;
    if (!same(subject.findings, "VFY-NETWORK", "the number of projections", in_image.size(),
              in_network.size())) {
        return;
    }
    for (std::size_t p = 0; p < in_image.size(); ++p) {
        const std::string who = fmt::format("projection {}: its ", p);
        same(subject.findings, "VFY-NETWORK", who + "name", in_image[p].name, in_network[p].name);
        same(subject.findings, "VFY-NETWORK", who + "source", in_image[p].from,
             subject.network.source_name(in_network[p].from));
        same(subject.findings, "VFY-NETWORK", who + "target population", in_image[p].to,
             in_network[p].to);
    }
}

/// Rules, schedule, rewards, recorded weights and the projections that learn.
void check_learning(Subject& subject) {
    isa::LearningImage in_image = subject.image.learning;
    isa::LearningImage in_network = subject.network.learning;
    for (std::uint32_t p = 0; p < subject.network.projections.size(); ++p) {
        const Projection& projection = subject.network.projections[p];
        if (!projection.learning_rule) continue;
        in_network.projections.push_back(
            {p, *projection.learning_rule, subject.network.source_size(projection.from)});
    }
    in_network.ties = subject.network.ties();
    for (isa::LearningImage* const learning : {&in_image, &in_network}) {
        for (isa::LearningRuleImage& rule : learning->rules) rule.where = {};
    }
    if (!(in_image == in_network)) {
        subject.findings.add("VFY-LEARNING",
                             "learning rules, their projections, ties, rewards or schedule differ "
                             "from the network's");
    }
    for (const isa::CoreImage& core : subject.image.cores) {
        for (const auto* const tags : {&core.plastic.tags, &core.plastic.second_tags}) {
            if (std::all_of(tags->begin(), tags->end(), [](auto tag) { return tag == 0; }))
                continue;
            subject.findings.add("VFY-LEARNING", "core {}: a tag does not start at 0", core.core);
        }
    }
}

void check_probes(Subject& subject) {
    const auto& in_image = subject.image.probes;
    const auto& in_network = subject.network.probes;
    const bool equal = std::equal(in_image.begin(), in_image.end(), in_network.begin(),
                                  in_network.end(), [](const auto& a, const auto& b) {
                                      return a.population == b.population &&
                                             a.variable == b.variable && a.neurons == b.neurons &&
                                             a.every == b.every && a.window == b.window;
                                  });
    const bool others_equal = subject.image.core_probes == subject.network.core_probes &&
                              subject.image.weight_windows == subject.network.weight_windows;
    if (!equal || !others_equal)
        subject.findings.add("VFY-PROBE", "the probes differ from the network's");
    if (!(subject.image.readout == subject.network.readout)) {
        subject.findings.add("VFY-PROBE", "the readout differs from the network's");
    }
}

}  // namespace

bool check_tables(Subject& subject) {
    const Network& network = subject.network;
    Findings& findings = subject.findings;
    same(findings, "VFY-NETWORK", "the name", subject.image.network, network.name);
    same(findings, "VFY-NETWORK", "the seed", subject.image.seed, network.seed);
    bool comparable = check_populations(subject);
    if (!same(findings, "VFY-INPUT", "the number of inputs", subject.image.inputs.size(),
              network.inputs.size())) {
        return false;
    }
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
        comparable =
            check_input(subject, subject.image.inputs[i], network.inputs[i].image) && comparable;
    }
    if (!(subject.image.dataset == network.dataset)) {
        findings.add("VFY-INPUT", "the dataset's schedule or labels differ from the network's");
    }
    if (!comparable) return false;
    check_programs(subject);
    check_projections(subject);
    check_learning(subject);
    check_probes(subject);
    return true;
}

}  // namespace seamount::compiler::verifier
