#include "compiler/frontend/inputs/bias_writes.hpp"

#include <fmt/format.h>

#include "compiler/frontend/context/values.hpp"
#include "compiler/frontend/inputs/dataset.hpp"
#include "compiler/frontend/inputs/driven_word.hpp"

namespace seamount::compiler::frontend {

namespace {

/// Values of the argument, row-major rows x neurons (or one value for all), with the node to
/// report them at.
struct Drive {
    std::vector<std::int64_t> values;
    YamlNode where;
};

std::optional<Drive> read_drive(Context& context, const YamlNode& bias, const isa::ArgDecl& arg,
                                const isa::InputImage& image) {
    const std::uint32_t size = image.size;
    const ValueRange range{arg.name,
                           "neuron",
                           size,
                           static_cast<double>(arg.min),
                           static_cast<double>(arg.max),
                           ValueRange::of_input(context, image.shape)};
    const YamlNode dataset = bias["dataset"];
    if (!dataset) {
        auto values = read_integers(context, bias, range);
        if (!values) return std::nullopt;
        if (values->size() == 1) values->assign(size, values->front());
        return Drive{std::move(*values), bias};
    }
    bias.finish();
    const auto spec = read_dataset(context, dataset, DatasetUse::kValues);
    if (!spec) return std::nullopt;
    const std::uint64_t per_sample = spec->samples.count() / spec->samples.shape()[0];
    if (per_sample != size) {
        spec->samples_node.error(
            "NET-SHAPE",
            fmt::format("a sample has {} values for {} neurons; the array has shape {}", per_sample,
                        size, spec->samples.shape_text()));
        return std::nullopt;
    }
    ValueRange element = range;
    element.element = "element";
    element.making.reset();
    auto values = to_integers(spec->samples, spec->samples_node, element);
    if (!values) return std::nullopt;
    return Drive{std::move(*values), spec->samples_node};
}

}  // namespace

void read_bias_writes(Context& context, const YamlNode& node, isa::InputImage& image) {
    const YamlNode bias = node["bias"];
    const auto driven = read_driven_word(context, node, image);
    if (!driven) return;
    const auto drive = read_drive(context, bias, *driven->declared, image);
    if (!driven->usable || !drive) return;
    image.samples.reserve(drive->values.size());
    for (std::size_t k = 0; k < drive->values.size(); ++k) {
        const auto value = written_value(context, *driven, k % driven->neurons.size(),
                                         drive->values[k], drive->where);
        if (!value) return;
        image.samples.push_back(*value);
    }
}

}  // namespace seamount::compiler::frontend
