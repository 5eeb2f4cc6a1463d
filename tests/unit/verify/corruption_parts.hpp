#pragma once

#include <vector>

#include "isa/image/synapse_block.hpp"
#include "tests/unit/verify/corruptions.hpp"

namespace seamount::test {

/// A row of some core that has one: its core and the offset of its first header.
struct RowAt {
    isa::CoreImage* core = nullptr;
    std::size_t header = 0;

    [[nodiscard]] std::uint32_t count() const {
        return isa::BlockHeader::count(core->synapses[header]);
    }
    [[nodiscard]] isa::SynapseFormat& format() const {
        return core->formats[isa::BlockHeader::format(core->synapses[header])];
    }
    [[nodiscard]] bool is_dense() const {
        return (format().flags & isa::SynapseFormat::kDense) != 0;
    }
};

/// Some row that is not empty.
[[nodiscard]] RowAt any_row(Victim& v, Draw& draw);

/// Some core with two output axons at least, which the image has if has_outputs().
[[nodiscard]] isa::CoreImage& core_with_outputs(Victim& v, Draw& draw);
[[nodiscard]] bool has_outputs(const Victim& v);

// Corruptions of one part of an image.
void add_synapses(std::vector<Corruption>& list);
void add_formats(std::vector<Corruption>& list);
void add_axons(std::vector<Corruption>& list);
void add_neurons(std::vector<Corruption>& list);
void add_limits(std::vector<Corruption>& list);
void add_tables(std::vector<Corruption>& list);

}  // namespace seamount::test
