#include "compiler/frontend/projections/learned_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/data/npz.hpp"
#include "isa/base/text.hpp"
#include "isa/image/image.hpp"
#include "isa/image/weights.hpp"

namespace seamount::compiler::frontend {
namespace {

/// Values by synapse, in the order of the rows.
class LearnedValues final : public EdgeValues {
public:
    LearnedValues(DataArray values, std::vector<std::uint64_t> first)
        : values_{std::move(values)}, first_{std::move(first)} {}
    void values(std::uint32_t source, std::span<const RawSynapse> row,
                std::span<double> out) const override {
        for (std::size_t k = 0; k < row.size(); ++k) out[k] = values_.number(first_[source] + k);
    }

private:
    DataArray values_;
    std::vector<std::uint64_t> first_;  ///< synapse of each source
};

/// The sources of a part in the order of the whole.
std::vector<std::uint32_t> in_order(const SharedPart& part, std::uint32_t sources) {
    std::vector<std::uint32_t> order(sources);
    std::iota(order.begin(), order.end(), 0U);
    if (!part) return order;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return part->indices[a] < part->indices[b];
    });
    return order;
}

/// The arrays of a projection in an archive.
class Archive {
public:
    Archive(const RuleRequest& request, const YamlNode& node, std::string projection)
        : request_{request}, file_{node["learned"]}, name_{std::move(projection)} {
        node.read("projection", name_);
        node.finish();
    }

    /// One of one value per synapse.
    [[nodiscard]] std::optional<DataArray> read(const char* column) const {
        auto data = request_.context.data.read_file(file_, name_ + "." + column);
        if (data && data->shape().size() != 1) {
            file_.error("NET-SHAPE",
                        fmt::format("'{}.{}' has shape {}, must be (synapses,)", name_, column,
                                    data->shape_text()),
                        "such files are written by run --save-weights FILE.npz");
            return std::nullopt;
        }
        return data;
    }

    /// How its weights were stored; archives need not say so.
    [[nodiscard]] std::optional<std::uint8_t> sign_mode() const {
        try {
            const DataArray sign = read_npz(request_.context.yaml.resolve(file_.text()),
                                            name_ + ".sign", request_.context.data.max_input());
            const auto mode = sign.count() == 1 ? sign.integer(0) : std::nullopt;
            if (!mode || *mode < isa::kMixed || *mode > isa::kInhibitory) return std::nullopt;
            return static_cast<std::uint8_t>(*mode);
        } catch (const DataError&) {
            return std::nullopt;
        }
    }

    /// The synapse of each source with which its row begins, if the archive has these synapses.
    [[nodiscard]] std::optional<std::vector<std::uint64_t>> rows(const Topology& topology,
                                                                 std::uint64_t synapses) const {
        const auto sources = read("source");
        const auto targets = read("target");
        if (!sources || !targets) return std::nullopt;
        std::vector<std::uint64_t> first(request_.ends.sources);
        std::vector<RawSynapse> row;
        std::uint64_t at = 0;
        const std::uint64_t known = std::min({synapses, sources->count(), targets->count()});
        // The archive counts in the wholes, whatever order the parts have.
        const SharedPart& from = request_.ends.source_part;
        const SharedPart& to = request_.ends.target_part;
        for (const std::uint32_t i : in_order(from, request_.ends.sources)) {
            first[i] = at;
            topology.targets(i, row);
            for (const RawSynapse& synapse : row) {
                const std::uint64_t s = at++;
                if (s >= known) continue;
                const std::uint32_t source = from ? from->indices[i] : i;
                const std::uint32_t target = to ? to->indices.at(synapse.target) : synapse.target;
                if (sources->integer(s) == std::int64_t{source} &&
                    targets->integer(s) == std::int64_t{target}) {
                    continue;
                }
                report_ends(s, {sources->number(s), targets->number(s)}, {source, target});
                return std::nullopt;
            }
        }
        if (at == synapses && at == known) return first;
        file_.error("NET-SHAPE",
                    fmt::format("'{}' has {} synapses of '{}', the projection has {}", file_.text(),
                                grouped(synapses), name_, grouped(at)),
                    kSame);
        return std::nullopt;
    }

private:
    static constexpr const char* kSame =
        "the sizes, the rule and the seed must be those of the network that learned";

    void report_ends(std::uint64_t synapse, std::pair<double, double> got,
                     std::pair<std::uint32_t, std::uint32_t> want) const {
        file_.error("NET-LEARNED",
                    fmt::format("synapse {} of '{}' in '{}' goes from {} to {}, here from {} to {}",
                                synapse, name_, file_.text(), got.first, got.second, want.first,
                                want.second),
                    kSame);
    }

    const RuleRequest& request_;
    YamlNode file_;
    std::string name_;
};

/// What weights of a mode can be after learning; of none: anything.
std::pair<double, double> limits_of(const std::optional<std::uint8_t>& mode) {
    return {mode == isa::kExcitatory ? 0.0 : -256.0, mode == isa::kInhibitory ? 0.0 : 255.0};
}

std::shared_ptr<const EdgeValues> read_column(const Archive& archive, const YamlNode& node,
                                              const RuleSpec& rule, const char* column,
                                              const ValueRange& range) {
    if (!rule.topology) return nullptr;
    auto values = archive.read(column);
    if (!values) return nullptr;
    auto first = archive.rows(*rule.topology, values->count());
    if (!first || !check_values(*values, node["learned"], range, true)) return nullptr;
    return std::make_shared<LearnedValues>(std::move(*values), std::move(*first));
}

}  // namespace

bool says_learned(const YamlNode& values) {
    return values && values.is_map() && values["learned"];
}

std::shared_ptr<const EdgeValues> read_learned_weights(const RuleRequest& request,
                                                       const RuleSpec& rule,
                                                       Projection& projection) {
    const YamlNode node = request.projection["weights"];
    if (const YamlNode scale = request.projection["scale"]) {
        scale.error("NET-RULE", "'scale' has no meaning with weights that were learned",
                    "they are mantissas already; leave it out");
    }
    const Archive archive{request, node, projection.name};
    projection.learned = true;
    projection.sign_mode = archive.sign_mode();
    if (const YamlNode sign = request.projection["sign"]) {
        const auto given = seamount::parse(isa::kSignModeNames, sign.text());
        if (given) projection.sign_mode = *given;
    }
    const auto [least, most] = limits_of(projection.sign_mode);
    return read_column(archive, node, rule, "weight", {"weights", "synapse", 0, least, most});
}

std::shared_ptr<const EdgeValues> read_learned_delays(const RuleRequest& request,
                                                      const RuleSpec& rule,
                                                      const Projection& projection) {
    const YamlNode node = request.projection["delay"];
    const Archive archive{request, node, projection.name};
    return read_column(archive, node, rule, "delay",
                       {"delay", "synapse", 0, 0.0, static_cast<double>(isa::kMaxDelay)});
}

}  // namespace seamount::compiler::frontend
