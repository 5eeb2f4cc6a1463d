#include "compiler/codegen/synapse_memory.hpp"

#include <fmt/format.h>

#include <limits>
#include <span>

#include "compiler/ir/fanout.hpp"
#include "compiler/ir/text.hpp"
#include "isa/assert.hpp"

namespace seamount::compiler {
namespace {

constexpr std::uint32_t kNoFormat = 0xFFFFFFFFU;
constexpr std::uint64_t kMaxBlock = 0xFFFFFF;  // 24-bit count of BlockHeader

class Writer {
public:
    Writer(const Lowered& lowered, const Layout& layout, isa::Image& image)
        : layout_{layout},
          image_{image},
          fanout_{lowered, layout.core_of, static_cast<std::uint32_t>(image.cores.size())},
          formats_{fanout_.formats().size()},
          local_format_(image.cores.size() * formats_, kNoFormat),
          cursor_(image.cores.size() * formats_),
          words_(image.cores.size()) {}

    void count();
    void fill();

private:
    struct Need {
        std::uint64_t axons = 0;
        std::uint64_t words = 0;
    };

    /// Only chips without a limit on synapse memory get here.
    [[noreturn]] void too_large(std::size_t core, const char* what, std::uint64_t need,
                                std::uint64_t allowed) const;
    /// The fan-out list of a source, to be filled from its start.
    [[nodiscard]] isa::OutputAxon* outputs_of(const Fanout::Source& source);
    /// Appends headers, axons and fan-out entries of a source and points the cursors behind them.
    void write_headers(std::span<const FanoutGroup> groups, isa::OutputAxon* output);

    const Layout& layout_;
    isa::Image& image_;
    Fanout fanout_;
    std::size_t formats_;
    std::vector<std::uint32_t> local_format_;  // per (core, format): index into CoreImage::formats
    std::vector<std::uint32_t> cursor_;        // per (core, format): next word of the open block
    std::vector<std::uint32_t> words_;         // per core: words written so far
};

void Writer::too_large(std::size_t core, const char* what, std::uint64_t need,
                       std::uint64_t allowed) const {
    const isa::PopulationImage& population =
        image_.populations[image_.cores[core].groups.front().population];
    throw InputError(Diagnostic{
        "CMP-FIT", population.where,
        fmt::format("population '{}' on core {}: {} of synapse memory needs {} words, an image "
                    "holds {}",
                    population.name, image_.cores[core].core, what, with_commas(need),
                    with_commas(allowed)),
        "use fewer connections"});
}

void Writer::count() {
    std::vector<Need> needs(image_.cores.size());
    for (isa::CoreImage& core : image_.cores) core.output_first.assign(core.neurons.size() + 1, 0);
    for (isa::InputImage& input : image_.inputs) {
        input.output_first.assign(std::size_t{input.size} + 1, 0);
    }
    fanout_.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        std::uint32_t entries = 0;
        std::uint32_t last_core = kNoFormat;
        for (const FanoutGroup& group : groups) {
            if (group.count > kMaxBlock) too_large(group.core, "one row", group.count, kMaxBlock);
            Need& need = needs[group.core];
            need.words += 1 + std::uint64_t{group.count};
            local_format_[group.core * formats_ + group.format] = 0;
            if (group.core == last_core) continue;
            last_core = group.core;
            ++need.axons;
            ++entries;
        }
        if (source.neuron == Fanout::kFromHost) {
            image_.inputs[source.ref.index].output_first[source.index + 1] = entries;
        } else {
            isa::CoreImage& core = image_.cores[layout_.core_of[source.neuron]];
            core.output_first[std::size_t{layout_.compartment_of[source.neuron]} + 1] = entries;
        }
    });
    const auto allocate = [](std::vector<std::uint32_t>& first,
                             std::vector<isa::OutputAxon>& outputs) {
        for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
        outputs.resize(first.back());
    };
    for (std::size_t c = 0; c < image_.cores.size(); ++c) {
        isa::CoreImage& core = image_.cores[c];
        SM_ASSERT(needs[c].axons <= 65536, "input axons beyond the image's 16 bits");
        constexpr std::uint64_t kMaxWords = std::numeric_limits<std::uint32_t>::max();
        if (needs[c].words > kMaxWords) too_large(c, "all rows", needs[c].words, kMaxWords);
        core.input_axons.reserve(needs[c].axons);
        core.rows.reserve(needs[c].axons);
        core.synapses.resize(needs[c].words);
        allocate(core.output_first, core.outputs);
        for (std::size_t f = 0; f < formats_; ++f) {
            std::uint32_t& local = local_format_[c * formats_ + f];
            if (local == kNoFormat) continue;
            local = static_cast<std::uint32_t>(core.formats.size());
            core.formats.push_back(fanout_.formats()[f]);
        }
        SM_ASSERT(core.formats.size() <= 128, "formats beyond the image's 7 bits");
    }
    for (isa::InputImage& input : image_.inputs) allocate(input.output_first, input.outputs);
}

isa::OutputAxon* Writer::outputs_of(const Fanout::Source& source) {
    if (source.neuron == Fanout::kFromHost) {
        isa::InputImage& input = image_.inputs[source.ref.index];
        return input.outputs.data() + input.output_first[source.index];
    }
    isa::CoreImage& core = image_.cores[layout_.core_of[source.neuron]];
    return core.outputs.data() + core.output_first[layout_.compartment_of[source.neuron]];
}

void Writer::write_headers(std::span<const FanoutGroup> groups, isa::OutputAxon* output) {
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const FanoutGroup& group = groups[g];
        isa::CoreImage& core = image_.cores[group.core];
        std::uint32_t& words = words_[group.core];
        const bool first = g == 0 || groups[g - 1].core != group.core;
        const bool last = g + 1 == groups.size() || groups[g + 1].core != group.core;
        if (first) {
            const auto axon = static_cast<std::uint32_t>(core.input_axons.size());
            core.input_axons.push_back({axon, 1, 0});
            core.rows.push_back(words);
            output->core = static_cast<std::uint16_t>(core.core);
            output->axon = static_cast<std::uint16_t>(axon);
        }
        if ((fanout_.formats()[group.format].flags & isa::SynapseFormat::kGraded) != 0) {
            output->flags = isa::OutputAxon::kGraded;
        }
        const std::size_t slot = group.core * formats_ + group.format;
        core.synapses[words] = isa::BlockHeader::pack(last, local_format_[slot], group.count);
        cursor_[slot] = words + 1;
        words += 1 + group.count;
        if (last) ++output;
    }
}

void Writer::fill() {
    fanout_.for_each_source([&](const Fanout::Source& source, std::span<const FanoutGroup> groups) {
        write_headers(groups, outputs_of(source));
        fanout_.for_each_synapse(source, [this](std::size_t slot, std::uint32_t target,
                                                std::int16_t weight, std::uint8_t delay) {
            isa::CoreImage& core = image_.cores[layout_.core_of[target]];
            core.synapses[cursor_[slot]++] = isa::SynapseWord::pack(
                weight, delay, std::uint32_t{layout_.compartment_of[target]});
        });
    });
}

}  // namespace

void write_synapse_memory(const Lowered& lowered, const Layout& layout, isa::Image& image) {
    Writer writer{lowered, layout, image};
    writer.count();
    writer.fill();
}

}  // namespace seamount::compiler
