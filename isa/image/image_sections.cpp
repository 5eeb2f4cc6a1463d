#include "isa/image/image_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "isa/base/content_hash.hpp"
#include "isa/dataset/dataset_visit.hpp"
#include "isa/image/section_archive.hpp"

namespace seamount::isa {
namespace {

template <class A, class T>
void visit_program(A& a, T& p) {
    const auto text = [&](auto& s) { a.text(s); };
    a.text(p.name);
    a.array(p.words);
    a.list(p.params, text);
    a.list(p.states, text);
    a.list(p.accumulators, text);
    a.list(p.views, [&](auto& view) {
        a.text(view.name);
        a.text(view.expression);
    });
}

template <class A, class T>
void visit_population(A& a, T& p) {
    a.text(p.name);
    a.number(p.first_neuron);
    a.number(p.count);
    a.array(p.shape);
}

template <class A, class T>
void visit_input(A& a, T& in) {
    a.text(in.name);
    a.number(in.kind);
    a.number(in.size);
    a.array(in.shape);
    a.array(in.spike_steps);
    a.array(in.spike_sources);
    a.narrow(in.spike_payloads);
    a.array(in.rates);
    a.narrow(in.samples);
    a.number(in.full_scale);
    a.array(in.writes);
    a.fan_out(in.output_first, in.outputs);
}

template <class A, class T>
void visit_probe(A& a, T& p) {
    a.number(p.population);
    a.text(p.variable);
    a.array(p.neurons);
    a.number(p.every);
}

template <class A, class T>
void visit_core(A& a, T& c) {
    a.number(c.core);
    a.list(c.groups, [&](auto& group) {
        a.number(group.program);
        a.number(group.population);
        a.number(group.first);
        a.number(group.count);
        a.number(group.params);
        a.list(group.state, [&](auto& values) { a.repeating(values); });
    });
    a.ids(c.neurons);
    a.array(c.formats);
    a.axons(c.input_axons);
    a.array(c.visits);
    a.number(c.padding);
    a.number(c.pool);
    a.growing(c.rows);
    a.array(c.synapses);
    a.fan_out(c.output_first, c.outputs);
    a.array(c.plastic.blocks);
    a.array(c.plastic.ids);
    a.array(c.plastic.tags);
    a.array(c.plastic.second_tags);
}

template <class A, class T>
void visit_location(A& a, T& where) {
    a.text(where.file);
    a.number(where.line);
    a.number(where.column);
}

template <class A, class T>
void visit_learning_rule(A& a, T& rule) {
    a.text(rule.name);
    for (auto& text : rule.text) a.text(text);
    a.number(rule.mode);
    a.number(rule.rounding);
    a.number(rule.graded);
    a.number(rule.epoch);
    a.flag(rule.post_from_program);
    a.flag(rule.moves_delay);
    a.number(rule.max_delay);
    a.flag(rule.own_seed);
    a.number(rule.threshold);
    a.number(rule.seed);
    for (auto& trace : rule.traces) {
        a.number(trace.impulse);
        a.number(trace.impulse_fraction);
        a.number(trace.whole);
        a.number(trace.fraction);
    }
    a.array(rule.words);
    visit_location(a, rule.where);
}

template <class A, class T>
void visit_learning(A& a, T& learning) {
    a.flag(learning.enabled);
    a.array(learning.switches);
    a.list(learning.rules, [&](auto& rule) { visit_learning_rule(a, rule); });
    a.array(learning.projections);
    a.array(learning.rewards);
    a.array(learning.probes);
}

template <class A, class T>
void visit_window(A& a, T& window) {
    a.number(window.first);
    a.number(window.end);
    a.number(window.when);
    a.number(window.index);
    a.array(window.members);
}

/// Windows of the probes, whose number is that of the other sections, and probes of cores.
template <class A, class T>
void visit_windows(A& a, T& image) {
    for (auto& probe : image.probes) visit_window(a, probe.window);
    a.list(image.weight_windows, [&](auto& window) { visit_window(a, window); });
    a.list(image.core_probes, [&](auto& probe) {
        a.text(probe.variable);
        a.array(probe.cores);
        a.number(probe.every);
        visit_window(a, probe.window);
    });
}

bool has_windows(const Image& image) {
    return !image.core_probes.empty() || !image.weight_windows.empty() ||
           std::any_of(image.probes.begin(), image.probes.end(),
                       [](const ProbeImage& probe) { return probe.window != ProbeWindow{}; });
}

/// One entry for each program, population, input and probe; their number is that of the other
/// sections. The projections stand here only.
template <class A, class T>
void visit_source_map(A& a, T& image) {
    for (auto& program : image.programs) {
        a.text(program.file);
        a.array(program.lines);
    }
    for (auto& population : image.populations) visit_location(a, population.where);
    for (auto& input : image.inputs) visit_location(a, input.where);
    for (auto& probe : image.probes) visit_location(a, probe.where);
    a.list(image.projections, [&](auto& projection) {
        a.text(projection.name);
        a.text(projection.from);
        a.number(projection.to);
        a.number(projection.synapses);
        visit_location(a, projection.where);
    });
}

/// A kind of section: how many of them an image has, and how each is written and read. `read` finds
/// in the image what the sections before it in the table said.
struct SectionKind {
    SectionTag tag{};
    bool repeats = false;
    std::size_t (*number)(const Image&) = nullptr;
    void (*write)(WriteArchive&, const Image&, std::size_t index) = nullptr;
    void (*read)(ReadArchive&, Image&) = nullptr;
};

/// A section that every image has once; `Visit` is a stateless callable (archive, image).
template <class Visit>
constexpr SectionKind once(const char (&name)[5], Visit) {
    return {section_tag(name), false, [](const Image&) { return std::size_t{1}; },
            [](WriteArchive& a, const Image& image, std::size_t) { Visit{}(a, image); },
            [](ReadArchive& a, Image& image) { Visit{}(a, image); }};
}

/// A section of the images that `Uses` it, once; both are stateless callables.
template <class Uses, class Visit>
constexpr SectionKind some(const char (&name)[5], Uses, Visit) {
    return {section_tag(name), false,
            [](const Image& image) { return Uses{}(image) ? std::size_t{1} : std::size_t{0}; },
            [](WriteArchive& a, const Image& image, std::size_t) { Visit{}(a, image); },
            [](ReadArchive& a, Image& image) { Visit{}(a, image); }};
}

/// One section for each core; `Visit` is a stateless callable (archive, core).
template <class Visit>
constexpr SectionKind per_core(const char (&name)[5], Visit) {
    return {section_tag(name), true, [](const Image& image) { return image.cores.size(); },
            [](WriteArchive& a, const Image& image, std::size_t i) { Visit{}(a, image.cores[i]); },
            [](ReadArchive& a, Image& image) { Visit{}(a, image.cores.emplace_back()); }};
}

/// The strings that the other sections reference by offset; they write and read it.
constexpr SectionTag kStrings = section_tag("STRS");

/// All sections, in file order. A new section is one entry more; see container.hpp for its tag.
constexpr auto kSections = std::to_array<SectionKind>({
    once("META",
         [](auto& a, auto& image) {
             a.text(image.network);
             a.text(image.chip);
             a.number(image.seed);
         }),
    once("STRS", [](auto&, auto&) {}),
    once("PROG",
         [](auto& a, auto& image) {
             a.list(image.programs, [&](auto& p) { visit_program(a, p); });
         }),
    once("POPS",
         [](auto& a, auto& image) {
             a.list(image.populations, [&](auto& p) { visit_population(a, p); });
         }),
    once("INPT",
         [](auto& a, auto& image) { a.list(image.inputs, [&](auto& in) { visit_input(a, in); }); }),
    // Written only where an input is a file of events.
    some(
        "EVNT",
        [](const Image& image) {
            return std::any_of(image.inputs.begin(), image.inputs.end(),
                               [](const auto& in) { return in.kind == InputKind::kTimedEvents; });
        },
        [](auto& a, auto& image) {
            for (auto& in : image.inputs) {
                if (in.kind != InputKind::kTimedEvents) continue;
                a.real(in.events.bin);
                a.flag(in.events.counts);
                a.flag(in.events.from_first);
            }
        }),
    once("DATA", [](auto& a, auto& image) { visit_dataset(a, image.dataset); }),
    once("ROUT", [](auto& a, auto& image) { visit_readout(a, image.readout); }),
    once("PROB",
         [](auto& a, auto& image) { a.list(image.probes, [&](auto& p) { visit_probe(a, p); }); }),
    once("SMAP", [](auto& a, auto& image) { visit_source_map(a, image); }),
    // Written only where some probe has a window, or is of cores.
    some(
        "PRWx", [](const Image& image) { return has_windows(image); },
        [](auto& a, auto& image) { visit_windows(a, image); }),
    once("LRNG", [](auto& a, auto& image) { visit_learning(a, image.learning); }),
    // Written only where not all accumulators are sums.
    some(
        "COMB",
        [](const Image& image) {
            return std::any_of(image.programs.begin(), image.programs.end(),
                               [](const auto& p) { return p.combine != AccumulateRules{}; });
        },
        [](auto& a, auto& image) {
            for (auto& program : image.programs) a.number(program.combine);
        }),
    // Written only where a reset leaves something.
    some(
        "KEEP", [](const Image& image) { return !image.dataset.kept.empty(); },
        [](auto& a, auto& image) { a.array(image.dataset.kept); }),
    // Written only where samples end early.
    some(
        "UNTL", [](const Image& image) { return image.dataset.ends_early(); },
        [](auto& a, auto& image) { visit_early_end(a, image.dataset); }),
    // Written only where a rule normalises weights.
    some(
        "LNRM",
        [](const Image& image) {
            return std::any_of(
                image.learning.rules.begin(), image.learning.rules.end(),
                [](const auto& rule) { return rule.normal_sum != 0 || rule.normal_every != 1; });
        },
        [](auto& a, auto& image) {
            for (auto& rule : image.learning.rules) {
                a.number(rule.normal_sum);
                a.number(rule.normal_every);
            }
        }),
    // Written only where spikes switch a rule or clear tags.
    some(
        "LSPK", [](const Image& image) { return !image.learning.rule_spikes.empty(); },
        [](auto& a, auto& image) { a.array(image.learning.rule_spikes); }),
    // Written only where a projection has the weights of another one.
    some(
        "LTIE", [](const Image& image) { return !image.learning.ties.empty(); },
        [](auto& a, auto& image) { a.array(image.learning.ties); }),
    // Written only where classes have other cells than one each, or not all of its spikes count.
    some(
        "VOTE", [](const Image& image) { return has_votes(image.readout); },
        [](auto& a, auto& image) { visit_votes(a, image.readout); }),
    per_core("CORE", [](auto& a, auto& core) { visit_core(a, core); }),
});

/// The entry of a tag, or none.
std::optional<std::size_t> kind_of(SectionTag tag) {
    for (std::size_t k = 0; k < kSections.size(); ++k) {
        if (kSections[k].tag == tag) return k;
    }
    return std::nullopt;
}

/// Finds the sections of each kind and refuses what does not belong: `found[k]` are the indices of
/// those of kSections[k]; optional sections that this build does not know are left out.
std::vector<std::vector<std::size_t>> sort_sections(std::span<const SectionEntry> sections) {
    std::vector<std::vector<std::size_t>> found(kSections.size());
    std::size_t last = 0;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const SectionTag tag = sections[i].tag;
        const std::optional<std::size_t> kind = kind_of(tag);
        if (!kind) {
            if (!must_be_known(tag)) continue;
            throw UnknownSection{fmt::format("has a section {} ({}) that this build does not know",
                                             i, name_of(tag))};
        }
        if (*kind < last) {
            throw std::runtime_error{fmt::format("section {} ({}) stands after section {}", i,
                                                 name_of(tag), name_of(kSections[last].tag))};
        }
        last = *kind;
        found[last].push_back(i);
    }
    return found;
}

/// What even an empty image has must be there; what does not repeat, once.
void check_numbers(const std::vector<std::vector<std::size_t>>& found) {
    const Image empty;
    for (std::size_t k = 0; k < kSections.size(); ++k) {
        const std::string name = name_of(kSections[k].tag);
        if (found[k].empty() && kSections[k].number(empty) != 0) {
            throw std::runtime_error{fmt::format("section {} is missing", name)};
        }
        if (found[k].size() > 1 && !kSections[k].repeats) {
            throw std::runtime_error{fmt::format("section {} stands twice", name)};
        }
    }
}

}  // namespace

void write_image(const Image& image, const TakeBytes& take) {
    StringTable strings;
    std::vector<SectionEntry> entries;
    const auto visit_all = [&](const auto& visit) {
        for (const SectionKind& kind : kSections) {
            for (std::size_t i = 0; i < kind.number(image); ++i) {
                WriteArchive archive{strings};
                kind.write(archive, image, i);
                visit(kind.tag, kind.tag == kStrings ? strings.bytes() : archive.take());
            }
        }
    };
    visit_all([&entries](SectionTag tag, const std::vector<std::byte>& bytes) {
        entries.push_back({tag, crc32_of(bytes), 0, bytes.size()});
    });
    *std::ranges::find(entries, kStrings, &SectionEntry::tag) = {
        kStrings, crc32_of(strings.bytes()), 0, strings.bytes().size()};  // complete only now
    take(container_head(entries));
    visit_all([&take](SectionTag, const std::vector<std::byte>& bytes) { take(bytes); });
}

Image read_sections(std::span<const SectionEntry> sections,
                    const std::function<std::span<const std::byte>(std::size_t)>& read) {
    const std::vector<std::vector<std::size_t>> found = sort_sections(sections);
    check_numbers(found);
    std::uint64_t budget = std::uint64_t{1} << 20U;
    for (const SectionEntry& section : sections) budget += std::uint64_t{64} * section.size;
    const std::span<const std::byte> table = read(found[*kind_of(kStrings)].front());
    const std::vector<std::byte> strings(table.begin(), table.end());
    Image image;
    for (std::size_t k = 0; k < kSections.size(); ++k) {
        if (kSections[k].tag == kStrings) continue;
        for (const std::size_t i : found[k]) {
            const std::span<const std::byte> bytes = read(i);
            try {
                ReadArchive archive{bytes, strings, budget};
                kSections[k].read(archive, image);
                archive.finish();
            } catch (const std::runtime_error& e) {
                throw std::runtime_error{
                    fmt::format("section {} ({}): {}", i, name_of(kSections[k].tag), e.what())};
            }
        }
    }
    return image;
}

}  // namespace seamount::isa
