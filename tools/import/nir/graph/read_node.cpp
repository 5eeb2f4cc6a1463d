#include "tools/import/nir/graph/read_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seamount::importer::nir {
namespace {

constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 24U;  ///< neurons of a network
constexpr double kMaxExtent = 4096;  ///< of a kernel, a stride, padding or dilation

/// What values a field may have.
enum class Check : std::uint8_t {
    kAny,        ///< finite
    kPositive,   ///< above 0
    kNotBelow0,  ///< 0 or above
    kShape,      ///< whole numbers from 1 on, a list
    kExtent,     ///< whole, 1..4096, one or two
    kPadding,    ///< whole, 0..4096, one or two, or a word
    kAxis,       ///< a whole number
};

/// What `padding` of a convolution may say instead of numbers.
enum class PaddingWord : std::uint8_t {
    kSame,   ///< as much as keeps the extent
    kValid,  ///< none
};
constexpr auto kPaddingWords = name_table<PaddingWord>({
    {PaddingWord::kSame, "same"},
    {PaddingWord::kValid, "valid"},
});

/// A field of a class of nodes.
struct Field {
    Kind kind;
    const char* key;
    Check check = Check::kAny;
    /// Of one that may be absent.
    std::optional<double> otherwise = std::nullopt;
};

const std::vector<Field>& all_fields() {
    static const std::vector<Field> fields{
        {Kind::kInput, "shape", Check::kShape},
        {Kind::kOutput, "shape", Check::kShape},
        {Kind::kAffine, "weight"},
        {Kind::kAffine, "bias"},
        {Kind::kLinear, "weight"},
        {Kind::kConv1d, "weight"},
        {Kind::kConv1d, "bias"},
        {Kind::kConv1d, "stride", Check::kExtent},
        {Kind::kConv1d, "padding", Check::kPadding},
        {Kind::kConv1d, "dilation", Check::kExtent},
        {Kind::kConv1d, "groups", Check::kExtent},
        {Kind::kConv2d, "weight"},
        {Kind::kConv2d, "bias"},
        {Kind::kConv2d, "stride", Check::kExtent},
        {Kind::kConv2d, "padding", Check::kPadding},
        {Kind::kConv2d, "dilation", Check::kExtent},
        {Kind::kConv2d, "groups", Check::kExtent},
        {Kind::kScale, "scale"},
        {Kind::kSumPool2d, "kernel_size", Check::kExtent},
        {Kind::kSumPool2d, "stride", Check::kExtent},
        {Kind::kSumPool2d, "padding", Check::kPadding},
        {Kind::kAvgPool2d, "kernel_size", Check::kExtent},
        {Kind::kAvgPool2d, "stride", Check::kExtent},
        {Kind::kAvgPool2d, "padding", Check::kPadding},
        {Kind::kFlatten, "start_dim", Check::kAxis},
        {Kind::kFlatten, "end_dim", Check::kAxis},
        {Kind::kFlatten, "input_type", Check::kShape},
        {Kind::kDelay, "delay", Check::kNotBelow0},
        {Kind::kThreshold, "threshold"},
        {Kind::kI, "r"},
        {Kind::kIF, "r"},
        {Kind::kIF, "v_threshold"},
        {Kind::kIF, "v_reset", Check::kAny, 0},
        {Kind::kLI, "tau", Check::kPositive},
        {Kind::kLI, "r"},
        {Kind::kLI, "v_leak"},
        {Kind::kLIF, "tau", Check::kPositive},
        {Kind::kLIF, "r"},
        {Kind::kLIF, "v_leak"},
        {Kind::kLIF, "v_threshold"},
        {Kind::kLIF, "v_reset", Check::kAny, 0},
        {Kind::kCubaLI, "tau_syn", Check::kPositive},
        {Kind::kCubaLI, "tau_mem", Check::kPositive},
        {Kind::kCubaLI, "r"},
        {Kind::kCubaLI, "v_leak"},
        {Kind::kCubaLI, "w_in", Check::kAny, 1},
        {Kind::kCubaLIF, "tau_syn", Check::kPositive},
        {Kind::kCubaLIF, "tau_mem", Check::kPositive},
        {Kind::kCubaLIF, "r"},
        {Kind::kCubaLIF, "v_leak"},
        {Kind::kCubaLIF, "w_in", Check::kAny, 1},
        {Kind::kCubaLIF, "v_threshold"},
        {Kind::kCubaLIF, "v_reset", Check::kAny, 0},
    };
    return fields;
}

bool is_conv(Kind kind) {
    return kind == Kind::kConv1d || kind == Kind::kConv2d;
}

/// Reads the fields of one node.
class FieldReader {
public:
    FieldReader(const Hdf5File& file, Node& node, Diagnostics& found)
        : file_{file}, node_{node}, found_{found} {}

    void read(const Field& field);
    void read_input_shape();
    void check_weight();
    void read_window();

private:
    [[nodiscard]] std::string path(const std::string& key) const {
        return node_.object + "/" + key;
    }
    void error(const std::string& key, std::string message, std::string hint = {}) {
        found_.error("IMP-VALUE", file_.at(path(key)), std::move(message), std::move(hint));
    }
    void check(const Field& field, const NumberArray& array);
    void check_value(const Field& field, double value, std::uint64_t place);
    bool read_padding_word(const std::string& key);
    [[nodiscard]] Window::Pair pair(const std::string& key, std::uint64_t other) const;

    const Hdf5File& file_;
    Node& node_;
    Diagnostics& found_;
};

void FieldReader::read(const Field& field) {
    const std::string key = field.key;
    if (field.otherwise && !file_.has(path(key))) {
        node_.fields[key] = {{}, {*field.otherwise}, false};
        return;
    }
    try {
        if (field.check == Check::kPadding && is_conv(node_.kind) && read_padding_word(key)) return;
        NumberArray array = file_.numbers(path(key));
        check(field, array);
        node_.fields[key] = std::move(array);
    } catch (const InputError& problem) {
        found_.add(problem);
    }
}

/// "valid" is no padding, "same" is found out later. False: there are numbers.
bool FieldReader::read_padding_word(const std::string& key) {
    std::string word;
    try {
        const std::vector<std::string> words = file_.texts(path(key));
        if (words.size() == 1) word = words.front();
    } catch (const InputError&) {
        return false;  // numbers(), or numbers() says what is wrong
    }
    const std::optional<PaddingWord> known = parse(kPaddingWords, word);
    node_.is_padded_same = known == PaddingWord::kSame;
    if (!known) {
        error(key, fmt::format("is '{}', must be numbers, \"same\" or \"valid\"", word));
    }
    node_.fields[key] = {{}, {0}, true};
    return true;
}

void FieldReader::check(const Field& field, const NumberArray& array) {
    const bool is_pair = field.check == Check::kExtent || field.check == Check::kPadding;
    const std::uint64_t most = node_.kind == Kind::kConv1d ? 1 : 2;
    if (is_pair && (array.values.empty() || array.values.size() > most)) {
        error(field.key, fmt::format("has {} values, must have {}", array.values.size(),
                                     most == 1 ? "one" : "one or two (y, x)"));
        return;
    }
    if (field.check == Check::kAxis && array.values.size() != 1) {
        error(field.key, fmt::format("has {} values, must have one", array.values.size()));
        return;
    }
    if (field.check == Check::kShape && array.shape.size() > 1) {
        error(field.key, fmt::format("has shape {}, must be a list", shape_text(array.shape)));
        return;
    }
    if (field.check != Check::kShape && array.values.empty()) {
        error(field.key, "is empty");
        return;
    }
    const std::size_t before = found_.all().size();
    double product = 1;
    for (std::uint64_t i = 0; i < array.values.size(); ++i) {
        check_value(field, array.values[i], i);
        if (found_.all().size() != before) return;  // one says it all
        product *= array.values[i];
    }
    if (field.check == Check::kShape && product > static_cast<double>(kMaxElements)) {
        error(field.key,
              fmt::format("is {}, must have at most {} elements in all",
                          shape_text({array.values.begin(), array.values.end()}), kMaxElements));
    }
}

void FieldReader::check_value(const Field& field, double value, std::uint64_t place) {
    const auto bad = [&](const char* range) {
        error(field.key, fmt::format("element {} is {}, must be {}", place, value, range));
    };
    const bool is_whole = std::floor(value) == value;
    if (!std::isfinite(value)) return bad("finite");
    switch (field.check) {
        case Check::kAny:
            return;
        case Check::kPositive:
            return value > 0 ? void() : bad("above 0");
        case Check::kNotBelow0:
            return value >= 0 ? void() : bad("0 or above");
        case Check::kShape:
            if (is_whole && value >= 1 && value <= static_cast<double>(kMaxElements)) return;
            return bad("a whole number in [1, 16777216]");
        case Check::kExtent:
            return is_whole && value >= 1 && value <= kMaxExtent
                       ? void()
                       : bad("a whole number in [1, 4096]");
        case Check::kPadding:
            return is_whole && value >= 0 && value <= kMaxExtent
                       ? void()
                       : bad("a whole number in [0, 4096]");
        case Check::kAxis:
            return is_whole && std::abs(value) <= 32 ? void() : bad("a whole number in [-32, 32]");
    }
}

/// Height and width that a convolution was exported for; written only if they were known.
void FieldReader::read_input_shape() {
    if (!is_conv(node_.kind) || !file_.has(path("input_shape"))) return;
    read({node_.kind, "input_shape", Check::kShape});
    const auto found = node_.fields.find("input_shape");
    if (found == node_.fields.end()) return;
    const std::size_t axes = node_.kind == Kind::kConv1d ? 1 : 2;
    if (found->second.values.size() != axes) {
        error("input_shape", fmt::format("has {} extents, must have {}, without channels",
                                         found->second.values.size(), axes));
        node_.fields.erase(found);
    }
}

void FieldReader::check_weight() {
    const auto found = node_.fields.find("weight");
    if (found == node_.fields.end()) return;
    const std::size_t axes = node_.kind == Kind::kConv2d ? 4 : node_.kind == Kind::kConv1d ? 3 : 2;
    const Shape& shape = found->second.shape;
    if (shape.size() != axes) {
        error("weight",
              fmt::format("has shape {}, must have {} axes: {}", shape_text(shape), axes,
                          axes == 2   ? "(outputs, inputs)"
                          : axes == 3 ? "(outputs, inputs / groups, x)"
                                      : "(outputs, inputs / groups, y, x)"),
              axes == 2 ? "a batch of matrices has no counterpart; write a node for each" : "");
        return;
    }
    if (elements(shape) == 0) return error("weight", "has no elements");
    if (std::any_of(shape.begin() + 1, shape.end(),
                    [](std::uint64_t extent) { return extent > kMaxElements; })) {
        return error("weight", fmt::format("has shape {}, which is too large", shape_text(shape)));
    }
    const auto bias = node_.fields.find("bias");
    if (bias == node_.fields.end()) return;
    const std::uint64_t values = bias->second.values.size();
    if (values != 1 && values != shape[0]) {
        error("bias",
              fmt::format("has {} values, must have 1 or {}, one per output", values, shape[0]));
    }
}

Window::Pair FieldReader::pair(const std::string& key, std::uint64_t other) const {
    const auto found = node_.fields.find(key);
    if (found == node_.fields.end()) return {other, other};
    const std::vector<double>& values = found->second.values;
    const auto whole = [](double value) { return static_cast<std::uint64_t>(value); };
    if (node_.kind == Kind::kConv1d) return {other, whole(values.front())};
    return {whole(values.front()), whole(values.back())};
}

void FieldReader::read_window() {
    Window& window = node_.window;
    const bool is_pool = node_.kind == Kind::kSumPool2d || node_.kind == Kind::kAvgPool2d;
    if (!is_conv(node_.kind) && !is_pool) return;
    window.stride = pair("stride", 1);
    window.padding = pair("padding", 0);
    window.dilation = pair("dilation", 1);
    if (is_pool) {
        window.kernel = pair("kernel_size", 1);
        return;
    }
    const Shape& shape = node_.field("weight").shape;
    window.kernel = {node_.kind == Kind::kConv1d ? 1 : shape[2], shape.back()};
    if (node_.field("groups").values.size() != 1) {
        return error("groups", "has two values, must have one");
    }
    window.groups = static_cast<std::uint64_t>(node_.field("groups").values.front());
    if (shape[0] % window.groups != 0) {
        return error("groups", fmt::format("is {}, must divide the {} output channels",
                                           window.groups, shape[0]));
    }
    if (!node_.is_padded_same) return;
    if (window.stride != Window::Pair{1, 1}) {
        return error("padding", "is \"same\" with a stride: what that means differs between tools",
                     "give the padding as numbers");
    }
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::uint64_t reach = window.dilation.at(axis) * (window.kernel.at(axis) - 1);
        if (reach % 2 != 0) {
            return error("padding", "is \"same\" for a kernel that reaches further on one side",
                         "use an odd kernel, or give the padding as numbers");
        }
        window.padding.at(axis) = reach / 2;
    }
}

}  // namespace

Shape shape_of(const NumberArray& array) {
    Shape shape;
    for (const double value : array.values) shape.push_back(static_cast<std::uint64_t>(value));
    return shape;
}

bool read_fields(const Hdf5File& file, Node& node, Diagnostics& found,
                 std::vector<std::string>& notes) {
    Diagnostics own;
    FieldReader reader{file, node, own};
    std::vector<std::string> known{"type", "metadata", "input_shape"};
    for (const Field& field : all_fields()) {
        if (field.kind != node.kind) continue;
        reader.read(field);
        known.emplace_back(field.key);
    }
    reader.read_input_shape();
    if (!own.has_errors()) reader.check_weight();
    if (!own.has_errors()) reader.read_window();
    for (const std::string& member : file.members(node.object)) {
        if (std::find(known.begin(), known.end(), member) != known.end()) continue;
        notes.push_back(fmt::format("node {}: field '{}' is not used", node.name, member));
    }
    for (const Diagnostic& finding : own.all()) {
        found.error(finding.code, finding.where, finding.message, finding.hint);
    }
    return !own.has_errors();
}

}  // namespace seamount::importer::nir
