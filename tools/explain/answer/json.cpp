// An answer for programs.
#include <cmath>

#include "isa/base/json.hpp"
#include "isa/image/image_hash.hpp"
#include "tools/base/version.hpp"
#include "tools/explain/answer/answer.hpp"

namespace seamount::explain {
namespace {

constexpr auto kKindNames = name_table<Question::Kind>({
    {Question::Kind::kSpike, "spike"},
    {Question::Kind::kPush, "push"},
    {Question::Kind::kWord, "word"},
});

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json json_of(const isa::Image& image, const Cause& cause) {
    const Event& event = cause.event;
    Json json{{"contribution", cause.contribution},
              {"score", cause.score},
              {"source", name_of(image, event.origin)},
              {"step", event.step},
              {"arrival", event.arrival}};
    if (event.is_push) {
        json["pushed"] = event.payload;
    } else {
        json["weight"] = event.weight;
        json["exponent"] = event.exponent;
        json["delay"] = event.delay;
        if (event.graded) json["payload"] = event.payload;
        if (event.id != FanInSynapse::kStatic) {
            json["learned"] = {
                {"projection",
                 image.projections[image.learning.projections[event.entry].projection].name},
                {"synapse", event.id}};
        }
    }
    if (cause.without) {
        json["without"] = {{"value", or_null(cause.without->value)},
                           {"happens", cause.without->happens},
                           {"earlier_spike", or_null(cause.without->earlier)},
                           {"next_spike", or_null(cause.without->next)}};
    }
    return json;
}

Json json_of(const isa::Image& image, const Effect& effect) {
    Json json{{"kind", seamount::name_of(kKindNames, effect.question.kind)},
              {"neuron", name_of(image, {Origin::kNeuron, effect.question.neuron.value()})},
              {"step", effect.question.step},
              {"is_root", effect.is_root},
              {"score", effect.score},
              {"value", effect.value},
              {"threshold", or_null(effect.threshold)},
              {"method", effect.is_re_executed ? "re-execution" : "exact"},
              {"entries", Json::object()},
              {"causes", Json::array()}};
    for (const Entry entry : values(kEntryNames)) {
        json["entries"][std::string{seamount::name_of(kEntryNames, entry)}] =
            effect.entries[static_cast<std::size_t>(entry)];
    }
    for (const Cause& cause : effect.causes) json["causes"].push_back(json_of(image, cause));
    return json;
}

Json json_of(const isa::Image& image, const Explanation& explanation) {
    Json json{{"effects", Json::array()},
              {"inputs", Json::array()},
              {"not_looked_into", explanation.pruned}};
    for (const Effect& effect : explanation.effects) {
        json["effects"].push_back(json_of(image, effect));
    }
    for (const InputPart& part : explanation.inputs) {
        json["inputs"].push_back({{"input", image.inputs[part.origin.input].name},
                                  {"source", part.origin.index},
                                  {"step", part.spike.step},
                                  {"payload", part.spike.payload},
                                  {"score", part.score},
                                  {"tree", part.tree},
                                  {"measured", or_null(part.measured)}});
    }
    return json;
}

Json json_of(const Proof& proof) {
    return {{"input_spikes", proof.input_spikes},
            {"removed", proof.removed},
            {"top_changes", proof.top_changes},
            {"draws", proof.draws},
            {"changed", proof.changed},
            {"input_correlation", or_null(proof.input_correlation)},
            {"tree_correlation", or_null(proof.tree_correlation)},
            {"hidden_correlation", or_null(proof.hidden_correlation)}};
}

Json json_of(const isa::Image& image, const WeightHistories& learned) {
    Json json = Json::array();
    for (const auto& [key, history] : learned) {
        Json changes = Json::array();
        for (const WeightChange& change : history.last) {
            changes.push_back({{"step", change.step},
                               {"before", change.before},
                               {"after", change.after},
                               {"source_spike", or_null(change.pre)},
                               {"target_spike", or_null(change.post)},
                               {"reward", change.reward}});
        }
        json.push_back({{"projection",
                         image.projections[image.learning.projections[key.first].projection].name},
                        {"synapse", key.second},
                        {"source", name_of(image, history.source)},
                        {"target", name_of(image, {Origin::kNeuron, history.target.value()})},
                        {"start", history.start},
                        {"now", history.now},
                        {"changes", history.changes},
                        {"last", std::move(changes)}});
    }
    return json;
}

Json json_of(const isa::Image& image, const Account& account, bool whole) {
    Json json{{"first_step", account.first}, {"last_step", account.end - 1}};
    if (account.decision) {
        const Decision& decision = *account.decision;
        json["sample"] = decision.sample;
        json["label"] = or_null(decision.label);
        json["answer"] = decision.winner;
        json["runner_up"] = decision.runner_up;
        json["scores"] = decision.scores;
    }
    if (account.spike) {
        json["neuron"] = name_of(image, {Origin::kNeuron, account.spike->neuron.value()});
        json["step"] = account.spike->step;
    }
    if (whole) {
        json["explanation"] = json_of(image, account.explanation);
        if (!account.learned.empty()) json["learned"] = json_of(image, account.learned);
    }
    if (account.proof) json["verify"] = json_of(*account.proof);
    return json;
}

}  // namespace

std::string json_of(const Answer& answer) {
    const isa::Image& image = answer.loaded.image;
    Json json{{"version", std::string{tools::version()}},
              {"network", image.network},
              {"image", isa::image_hash(image)},
              {"seed", answer.setting.seed},
              {"accounts", Json::array()}};
    const bool whole = answer.samples <= 1;
    for (const Account& account : answer.accounts) {
        json["accounts"].push_back(json_of(image, account, whole));
    }
    if (answer.samples != 0) {
        json["samples"] = answer.samples;
        json["skipped"] = answer.skipped;
    }
    if (answer.ratio) {
        json["ratio"] = {{"top", answer.ratio->top},
                         {"random", answer.ratio->random},
                         {"ratio", answer.ratio->ratio},
                         {"low", answer.ratio->low},
                         {"high", answer.ratio->high}};
    }
    return json_text(json, 1) + "\n";
}

}  // namespace seamount::explain
