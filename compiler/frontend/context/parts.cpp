#include "compiler/frontend/context/parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>
#include <string_view>

#include "isa/base/content_hash.hpp"
#include "isa/base/text_rows.hpp"

namespace seamount::compiler::frontend {
namespace {

constexpr const char* kSliceHint =
    "as in Python: [start:stop], [start:stop:step] or [number]; one for all elements in their "
    "order, or one for each dimension";

std::uint32_t size_of(const Context& context, SourceRef source) {
    return source.is_input ? context.network.inputs[source.index].image.size
                           : context.network.populations[source.index].size;
}

const std::vector<std::uint32_t>& shape_of(const Context& context, SourceRef source) {
    return source.is_input ? context.network.inputs[source.index].image.shape
                           : context.network.populations[source.index].shape;
}

/// What a slice takes of `extent` elements.
class SliceReader {
public:
    SliceReader(const YamlNode& node, std::string_view text, std::uint32_t extent)
        : node_{node}, text_{trimmed(text)}, extent_{extent} {}

    /// Empty, with a message, if it cannot be.
    [[nodiscard]] std::vector<std::uint32_t> read() const {
        std::vector<std::optional<std::int64_t>> numbers;
        std::size_t from = 0;
        for (;;) {
            const std::size_t colon = std::min(text_.find(':', from), text_.size());
            const auto number = trimmed(text_.substr(from, colon - from));
            std::optional<std::int64_t> value;
            if (!number.empty()) {
                std::int64_t parsed = 0;
                const auto [end, fault] =
                    std::from_chars(number.data(), number.data() + number.size(), parsed);
                if (fault != std::errc{} || end != number.data() + number.size()) return bad();
                value = std::clamp(parsed, -kMost, kMost);
            }
            numbers.push_back(value);
            if (colon == text_.size()) break;
            from = colon + 1;
        }
        if (numbers.size() == 1) return numbers[0] ? one(*numbers[0]) : bad();
        if (numbers.size() > 3) return bad();
        numbers.resize(3);
        return range(numbers[0], numbers[1], numbers[2].value_or(1));
    }

private:
    static constexpr std::int64_t kMost = std::int64_t{1} << 40U;

    [[nodiscard]] std::vector<std::uint32_t> bad() const {
        node_.error("NET-VIEW", fmt::format("'{}' is no slice", text_), kSliceHint);
        return {};
    }

    [[nodiscard]] std::vector<std::uint32_t> one(std::int64_t index) const {
        const std::int64_t place = index < 0 ? index + extent_ : index;
        if (place >= 0 && place < extent_) return {static_cast<std::uint32_t>(place)};
        node_.error("NET-VIEW", fmt::format("index {} is not in [{}, {}]", index,
                                            -std::int64_t{extent_}, std::int64_t{extent_} - 1));
        return {};
    }

    [[nodiscard]] std::vector<std::uint32_t> range(std::optional<std::int64_t> start,
                                                   std::optional<std::int64_t> stop,
                                                   std::int64_t step) const {
        if (step == 0) {
            node_.error("NET-VIEW", fmt::format("the step of slice '{}' is 0", text_), kSliceHint);
            return {};
        }
        const std::int64_t extent = extent_;
        const std::int64_t low = step > 0 ? 0 : -1;
        const std::int64_t high = step > 0 ? extent : extent - 1;
        const auto place = [&](std::optional<std::int64_t> given, std::int64_t otherwise) {
            if (!given) return otherwise;
            return std::clamp(*given < 0 ? *given + extent : *given, low, high);
        };
        std::vector<std::uint32_t> indices;
        const std::int64_t last = place(stop, step > 0 ? high : low);
        for (std::int64_t i = place(start, step > 0 ? low : high); step > 0 ? i < last : i > last;
             i += step) {
            indices.push_back(static_cast<std::uint32_t>(i));
        }
        if (indices.empty()) {
            node_.error("NET-VIEW",
                        fmt::format("slice '{}' has none of {} elements", text_, extent_),
                        kSliceHint);
        } else if (stop.value_or(0) > extent || start.value_or(0) > extent ||
                   start.value_or(0) < -extent || stop.value_or(0) < -extent - 1) {
            node_.warning("NET-VIEW",
                          fmt::format("slice '{}' goes beyond the {} elements: it has {}", text_,
                                      extent_, indices.size()));
        }
        return indices;
    }

    const YamlNode& node_;
    std::string_view text_;
    std::uint32_t extent_;
};

/// The part that the slices between the brackets take.
std::optional<Part> take(const YamlNode& node, std::string_view slices, std::uint32_t size,
                         const std::vector<std::uint32_t>& shape) {
    std::vector<std::string_view> texts;
    for (std::size_t from = 0; from <= slices.size();) {
        const std::size_t comma = std::min(slices.find(',', from), slices.size());
        texts.push_back(slices.substr(from, comma - from));
        from = comma + 1;
    }
    if (texts.size() == 1) {
        auto indices = SliceReader{node, texts.front(), size}.read();
        if (indices.empty()) return std::nullopt;
        const auto count = static_cast<std::uint32_t>(indices.size());
        return Part{std::move(indices), {count}};
    }
    if (texts.size() != shape.size()) {
        node.error("NET-VIEW",
                   fmt::format("there are {} slices for the shape [{}]", texts.size(),
                               fmt::join(shape, ", ")),
                   kSliceHint);
        return std::nullopt;
    }
    Part part{{0}, {}};
    bool good = true;
    for (std::size_t d = 0; d < shape.size(); ++d) {
        const auto along = SliceReader{node, texts[d], shape[d]}.read();
        good = good && !along.empty();
        if (!good) continue;
        std::vector<std::uint32_t> next;
        next.reserve(part.indices.size() * along.size());
        for (const std::uint32_t before : part.indices) {
            for (const std::uint32_t i : along) next.push_back(before * shape[d] + i);
        }
        part.indices = std::move(next);
        part.shape.push_back(static_cast<std::uint32_t>(along.size()));
    }
    return good ? std::optional{std::move(part)} : std::nullopt;
}

/// The part as it is kept; null, with a message at `node` for the first one, if all parts together
/// have more elements than they may.
SharedPart keep(Context& context, const YamlNode& node, Part part) {
    const std::uint64_t before = context.part_elements;
    context.part_elements += part.indices.size();
    if (context.part_elements > kMaxPartElements) {
        if (before > kMaxPartElements) return nullptr;
        node.error("NET-SIZE",
                   fmt::format("up to here, slices and views have {} elements, must be in [1, {}]",
                               context.part_elements, kMaxPartElements),
                   "each is kept as a list of what it has: name fewer, or whole ones");
        return nullptr;
    }
    if (!std::ranges::is_sorted(part.indices)) {
        part.ascending.resize(part.indices.size());
        std::iota(part.ascending.begin(), part.ascending.end(), 0U);
        std::ranges::sort(part.ascending, {}, [&part](std::uint32_t k) { return part.indices[k]; });
    }
    return std::make_shared<const Part>(std::move(part));
}

/// Nothing, with a message, if there is none, or if it is too much.
std::optional<End> kept(Context& context, const YamlNode& node, SourceRef source,
                        std::optional<Part> part) {
    SharedPart shared = part ? keep(context, node, std::move(*part)) : nullptr;
    if (!shared) return std::nullopt;
    return End{source, std::move(shared)};
}

/// A part that has all elements in their order is the whole.
std::optional<End> whole_or_part(Context& context, const YamlNode& node, SourceRef source,
                                 Part part) {
    const bool in_order = part.indices.size() == size_of(context, source) &&
                          std::is_sorted(part.indices.begin(), part.indices.end());
    if (in_order && part.shape == shape_of(context, source)) return End{source, nullptr};
    return kept(context, node, source, std::move(part));
}

/// `hidden[0:64]`; reports what it names under the name before the bracket.
std::optional<End> sliced(Context& context, const YamlNode& node, const std::string& text) {
    const std::size_t open = text.find('[');
    const std::string name{trimmed(std::string_view{text}.substr(0, open))};
    if (context.views.contains(name)) {
        node.error("NET-VIEW", fmt::format("'{}' is a view, of which no part can be taken", name),
                   "name the part of its population");
        return std::nullopt;
    }
    const auto source = find_source(context, node, name, false);
    if (!source) return std::nullopt;
    const std::uint32_t size = size_of(context, *source);
    if (size == 0) return std::nullopt;  // read with errors
    if (context.part_elements > kMaxPartElements) return std::nullopt;
    auto part = take(node, std::string_view{text}.substr(open + 1, text.size() - open - 2), size,
                     shape_of(context, *source));
    if (!part) return std::nullopt;
    return whole_or_part(context, node, *source, std::move(*part));
}

/// `neurons: [1, 5, 7]` of a view.
std::optional<Part> listed(const YamlNode& list, std::uint32_t size) {
    if (!expect_sequence(list, "neurons")) return std::nullopt;
    Part part;
    std::set<std::int64_t> seen;
    bool good = true;
    for (const YamlNode& item : list.items()) {
        const auto index = item.integer("neurons", 0, std::int64_t{size} - 1);
        good = good && index.has_value();
        if (!index) continue;
        if (!seen.insert(*index).second) {
            item.error("NET-VIEW", fmt::format("neuron {} is listed twice", *index));
            good = false;
        }
        part.indices.push_back(static_cast<std::uint32_t>(*index));
    }
    if (part.indices.empty() && good) list.error("NET-VIEW", "'neurons' is empty");
    if (!good || part.indices.empty()) return std::nullopt;
    part.shape = {static_cast<std::uint32_t>(part.indices.size())};
    return part;
}

/// `slice: "0:64"`, `slice: "0, ::2"` or a list of such.
std::string text_of_slice(const YamlNode& slice) {
    if (!slice.is_sequence()) {
        std::string text = slice.text();
        if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
        return text;
    }
    std::string text;
    for (const YamlNode& item : slice.items()) {
        if (!text.empty()) text += ',';
        text += item.text();
    }
    return text;
}

/// find_end(); hints propose views only where they can stand.
std::optional<End> end_of(Context& context, const YamlNode& node, bool or_views) {
    const std::string text = node.text();
    if (text.empty() && context.diagnostics.has_errors()) return std::nullopt;
    if (const auto whole = context.sources.find(text); whole != context.sources.end()) {
        return End{whole->second, nullptr};
    }
    if (const auto view = context.views.find(text); view != context.views.end()) {
        return view->second;
    }
    if (text.ends_with(']') && text.find('[') != std::string::npos) {
        const auto known = context.slices.find(text);
        if (known != context.slices.end()) return known->second;
        auto end = sliced(context, node, text);
        if (end) context.slices.emplace(text, *end);
        return end;
    }
    const auto source = find_source(context, node, text, or_views);
    return source ? std::optional{End{*source, nullptr}} : std::nullopt;
}

std::optional<End> read_view(Context& context, const YamlNode& node) {
    const YamlNode of = node.require("of");
    const YamlNode slice = node["slice"];
    const YamlNode neurons = node["neurons"];
    node.finish();
    if (!of) return std::nullopt;
    if (slice && neurons) {
        neurons.error("NET-VIEW", "give either 'slice' or 'neurons', not both");
        return std::nullopt;
    }
    if (context.views.contains(of.text())) {
        of.error("NET-VIEW",
                 fmt::format("'{}' is a view, of which no other can be made", of.text()),
                 "name its population or input");
        return std::nullopt;
    }
    auto end = end_of(context, of, false);
    if (!end) return std::nullopt;
    if (end->part && (slice || neurons)) {
        of.error("NET-VIEW", "'of' has a slice already", "leave one of them out");
        return std::nullopt;
    }
    const std::uint32_t size = size_of(context, end->source);
    if (size == 0 || context.part_elements > kMaxPartElements) return std::nullopt;
    if (slice) {
        return kept(context, slice, end->source,
                    take(slice, text_of_slice(slice), size, shape_of(context, end->source)));
    }
    return neurons ? kept(context, neurons, end->source, listed(neurons, size)) : end;
}

}  // namespace

Part all_of(std::uint32_t size, const std::vector<std::uint32_t>& shape) {
    Part part{std::vector<std::uint32_t>(size), shape};
    std::iota(part.indices.begin(), part.indices.end(), 0U);
    return part;
}

std::optional<End> find_end(Context& context, const YamlNode& node) {
    return end_of(context, node, true);
}

std::optional<End> find_population_end(Context& context, const YamlNode& node) {
    const std::string text = node.text();
    if (!context.views.contains(text) && !text.ends_with(']')) {
        const auto whole = find_population(context, node, true);
        return whole ? std::optional{End{{false, *whole}, nullptr}} : std::nullopt;
    }
    auto end = find_end(context, node);
    if (!end || !end->source.is_input) return end;
    node.error("NET-NAME", fmt::format("'{}' is a part of an input, not of a population", text));
    return std::nullopt;
}

std::string name_of_whole(const YamlNode& root, const std::string& text) {
    const auto before_slice = [](std::string_view part) {
        return std::string{trimmed(part.substr(0, part.find('[')))};
    };
    if (const YamlNode views = root["views"]; views.is_map() && !text.ends_with(']')) {
        const YamlNode view = views[text];
        if (view.is_map() && view["of"].is_scalar()) return before_slice(view["of"].text());
    }
    return before_slice(text);
}

void read_views(Context& context, const YamlNode& root, SourceKind kind) {
    const YamlNode views = root["views"];
    if (!views || !views.is_map()) {
        if (views && kind == SourceKind::kInput) (void)expect_map(views, "views");
        return;
    }
    for (const auto& [name, node] : views.entries()) {
        if (kind == SourceKind::kPopulation) {
            if (!node.is_map() || !node["of"].is_scalar()) continue;
            const auto source = context.sources.find(name_of_whole(root, name));
            if (source == context.sources.end() || source->second.is_input) continue;
        } else if (context.sources.contains(name)) {
            context.diagnostics.error(
                "NET-DUPLICATE", views.where_key(name),
                fmt::format("there is already a population or input '{}'", name));
        } else if (name.find_first_of("[]") != std::string::npos) {
            context.diagnostics.error("NET-VIEW", views.where_key(name),
                                      fmt::format("'{}' is no name of a view", name),
                                      "names have no brackets");
        } else {
            check_name(context, name, views.where_key(name));
        }
        if (context.views.contains(name)) continue;
        context.views[name] = expect_map(node, name) ? read_view(context, node) : std::nullopt;
    }
}

void add_part(const SharedPart& part, Content& content) {
    if (!part) return;
    ContentHash hash;
    for (const auto* const numbers : {&part->indices, &part->shape}) {
        hash.add(std::uint64_t{numbers->size()});
        for (const std::uint32_t number : *numbers) hash.add(std::uint64_t{number});
    }
    content.text += "part " + hash.digest() + '\n';
}

}  // namespace seamount::compiler::frontend
