// An answer to look at.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tools/base/html/static_page.hpp"
#include "tools/explain/answer/answer.hpp"
#include "tools/explain/answer/wording.hpp"

namespace seamount::explain {
namespace {

constexpr std::size_t kMostEffects = 40;  ///< tables on a page
constexpr std::size_t kMostCauses = 100;  ///< rows of a table
constexpr double kCell = 24.0;            ///< pixels
constexpr double kMostPixels = 720.0;     ///< of a picture's width

/// Rows and columns of an input of two dimensions, or of several such planes.
struct Plane {
    std::uint32_t planes = 1;
    std::uint32_t rows = 0;
    std::uint32_t columns = 0;
};

std::optional<Plane> plane_of(const isa::InputImage& input) {
    const std::vector<std::uint32_t>& shape = input.shape;
    if (shape.size() == 2) return Plane{1, shape[0], shape[1]};
    if (shape.size() == 3) return Plane{shape[0], shape[1], shape[2]};
    return std::nullopt;
}

/// A square for each source: filled by the magnitude of its score, with a cross where it speaks
/// against what happened, so that it reads in grey too.
std::string heat_map(const Plane& plane, std::uint32_t at, const std::vector<double>& scores,
                     std::string_view says) {
    double most = 0.0;
    for (const double score : scores) most = std::max(most, std::abs(score));
    if (most == 0.0) most = 1.0;
    const double cell = std::min(kCell, kMostPixels / std::max(1U, plane.columns));
    std::string svg = fmt::format(
        R"(<svg class="map" width="{0:.0f}" height="{1:.0f}" role="img" aria-label="{2}"><title>{2}</title>)",
        cell * plane.columns, cell * plane.rows, tools::html_escaped(says));
    for (std::uint32_t row = 0; row < plane.rows; ++row) {
        for (std::uint32_t column = 0; column < plane.columns; ++column) {
            const std::uint32_t source = (at * plane.rows + row) * plane.columns + column;
            const double score = scores[source];
            const double x = cell * column;
            const double y = cell * row;
            svg += fmt::format(
                R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="room"/>)", x,
                y, cell - 1, cell - 1);
            if (score == 0.0) continue;
            svg += fmt::format(
                R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}" fill-opacity="{:.3f}"><title>{} {:+.4g}</title></rect>)",
                x, y, cell - 1, cell - 1, score > 0.0 ? "part" : "bad", std::abs(score) / most,
                source, score);
            if (score > 0.0) continue;
            svg += fmt::format(
                R"(<path class="cross" d="M{:.1f} {:.1f}l{:.1f} {:.1f}m0 {:.1f}l{:.1f} {:.1f}"/>)",
                x + cell / 3, y + cell / 3, cell / 3, cell / 3, -cell / 3, -cell / 3, cell / 3);
        }
    }
    return svg + "</svg>";
}

void add_maps(const isa::Image& image, const Explanation& explanation, tools::StaticPage& page) {
    for (std::uint32_t i = 0; i < image.inputs.size(); ++i) {
        const isa::InputImage& input = image.inputs[i];
        const auto plane = plane_of(input);
        if (!plane) continue;
        std::vector<double> scores(input.size);
        bool any = false;
        for (const InputPart& part : explanation.inputs) {
            if (part.origin.input != i) continue;
            scores[part.origin.index] += part.score;
            any = true;
        }
        if (!any) continue;
        for (std::uint32_t p = 0; p < plane->planes; ++p) {
            const std::string name =
                plane->planes == 1 ? input.name : fmt::format("{}, plane {}", input.name, p);
            page.figure(
                fmt::format("{}: the darker, the larger the part in what happened; a cross: "
                            "it speaks against it. The numbers are in the table of input "
                            "spikes.",
                            name),
                heat_map(*plane, p, scores,
                         fmt::format("heat map of the scores over input {}", name)));
        }
    }
}

void add_inputs(const isa::Image& image, const Explanation& explanation, tools::StaticPage& page) {
    const double whole = whole_score(explanation);
    std::vector<std::vector<tools::HtmlCell>> rows;
    for (const InputPart& part : explanation.inputs) {
        const double share = part.score / whole;
        rows.push_back({{name_of(image, part.origin)},
                        {std::to_string(part.spike.step)},
                        {fmt::format("{:+.2f} %", 100.0 * share), std::abs(share) * 4.0,
                         "its part, four times as long", share < 0.0}});
    }
    page.table("input spikes, those that spoke for it first",
               {{"source", true}, {"step"}, {"part of all scores"}}, rows);
}

void add_effect(const isa::Image& image, const Effect& effect, tools::StaticPage& page) {
    std::vector<std::vector<tools::HtmlCell>> rows;
    const double most =
        effect.causes.empty()
            ? 1.0
            : std::max(1.0, std::abs(static_cast<double>(effect.causes.front().contribution)));
    for (const Cause& cause : effect.causes) {
        if (rows.size() == kMostCauses) break;
        rows.push_back({{event_words(image, cause.event)},
                        {signed_number(cause.contribution),
                         std::abs(static_cast<double>(cause.contribution)) / most,
                         "its contribution", cause.contribution < 0},
                        {without_words(effect, cause)}});
    }
    std::int64_t rest = 0;
    for (std::size_t i = kMostCauses; i < effect.causes.size(); ++i) {
        rest += effect.causes[i].contribution;
    }
    if (rest != 0) rows.push_back({{"further events"}, {signed_number(rest)}});
    for (std::size_t e = 0; e < kEntries; ++e) {
        if (effect.entries[e] == 0) continue;
        rows.push_back({{entry_words(static_cast<Entry>(e))}, {signed_number(effect.entries[e])}});
    }
    rows.push_back({{"in all"}, {signed_number(effect.value)}});
    std::string caption = headline(image, effect);
    if (effect.is_re_executed) {
        caption += "; the program is not linear here: differences to executions without the event";
    }
    page.table(caption, {{"event", true}, {"contribution"}, {"without it", true}}, rows);
}

void add_effects(const isa::Image& image, const Explanation& explanation, tools::StaticPage& page) {
    std::vector<const Effect*> order;
    for (const Effect& effect : explanation.effects) order.push_back(&effect);
    std::ranges::stable_sort(order, [](const Effect* a, const Effect* b) {
        if (a->is_root != b->is_root) return a->is_root;
        return !a->is_root && std::abs(a->score) > std::abs(b->score);
    });
    for (std::size_t i = 0; i < std::min(order.size(), kMostEffects); ++i) {
        add_effect(image, *order[i], page);
    }
    if (order.size() > kMostEffects) {
        page.paragraph(fmt::format("{} further spikes have smaller parts; --json has them all.",
                                   order.size() - kMostEffects));
    }
}

void add_learned(const isa::Image& image, const WeightHistories& learned, tools::StaticPage& page) {
    std::vector<std::vector<tools::HtmlCell>> rows;
    for (const auto& [key, history] : learned) {
        if (history.changes != 0) rows.push_back({{history_words(image, history)}});
    }
    if (rows.empty()) return;
    page.heading("What was learned, and when");
    page.table("synapses that learned and have a part in it", {{"synapse", true}}, rows);
}

void add_proof(const Proof& proof, tools::StaticPage& page) {
    page.heading("Put to the test");
    page.paragraph(fmt::format(
        "Played again without the {} input spikes of the highest scores, of {}: it {}. Without as "
        "many random ones it changes in {} of {} draws.",
        proof.removed, proof.input_spikes, proof.top_changes ? "changes" : "stays the same",
        proof.changed, proof.draws));
}

void add_many(const Answer& answer, tools::StaticPage& page) {
    if (answer.ratio) {
        page.paragraph(fmt::format(
            "Removing the input spikes of the highest scores changes {:.1f} % of the answers, "
            "random ones {:.1f} %: {:.2f} times as often (95 % interval {:.2f} to {:.2f}).",
            100.0 * answer.ratio->top, 100.0 * answer.ratio->random, answer.ratio->ratio,
            answer.ratio->low, answer.ratio->high));
    }
    std::vector<std::vector<tools::HtmlCell>> rows;
    for (const Account& account : answer.accounts) {
        std::vector<tools::HtmlCell> row{{std::to_string(account.decision->sample)},
                                         {std::to_string(account.decision->winner)},
                                         {std::to_string(account.decision->runner_up)}};
        if (account.proof) {
            row.push_back({account.proof->top_changes ? "changes" : "stays"});
            row.push_back({fmt::format("{} of {}", account.proof->changed, account.proof->draws)});
        }
        rows.push_back(std::move(row));
    }
    page.table("decisions",
               {{"sample"},
                {"answer"},
                {"next best"},
                {"without the top"},
                {"without random ones, changes"}},
               rows);
}

}  // namespace

std::string page_of(const Answer& answer) {
    const isa::Image& image = answer.loaded.image;
    if (answer.samples > 1) {
        tools::StaticPage page{fmt::format("Decisions of {}", image.network), "seamount explain"};
        add_many(answer, page);
        return page.text();
    }
    const Account& account = answer.accounts.front();
    tools::StaticPage page{title_of(image, account), "seamount explain"};
    page.heading("Back to the inputs");
    add_maps(image, account.explanation, page);
    add_inputs(image, account.explanation, page);
    page.heading("Why, from the last step back");
    page.paragraph(
        "Contributions are integers in the unit of the value that they add up to; what rounding "
        "and clipping changed stands beside them.");
    add_effects(image, account.explanation, page);
    add_learned(image, account.learned, page);
    if (account.proof) add_proof(*account.proof, page);
    return page.text();
}

}  // namespace seamount::explain
