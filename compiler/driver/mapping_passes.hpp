#pragma once

#include "compiler/ir/mapper.hpp"
#include "compiler/ir/mapping_method.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::compiler {

/// The partitioner and the placer, the latter with a second look at the faults of the chip.
class MappingPasses final : public Mapper {
public:
    /// Both must outlive this.
    MappingPasses(const isa::ChipSpec& chip, const MappingMethod& method)
        : chip_{chip}, method_{method} {}

    [[nodiscard]] Partition partition(const Lowered& lowered, Diagnostics& diagnostics) override;
    /// Throws InputError if the network cannot be placed.
    void place(const Lowered& lowered, Partition& cut, Diagnostics& diagnostics) override;

private:
    const isa::ChipSpec& chip_;
    const MappingMethod& method_;
};

}  // namespace seamount::compiler
