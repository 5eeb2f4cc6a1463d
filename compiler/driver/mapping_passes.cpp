#include "compiler/driver/mapping_passes.hpp"

#include "compiler/partition/partition.hpp"
#include "compiler/place/fault_avoidance.hpp"
#include "compiler/place/place.hpp"

namespace seamount::compiler {

Partition MappingPasses::partition(const Lowered& lowered, Diagnostics& diagnostics) {
    return compiler::partition(lowered, chip_, method_, diagnostics);
}

void MappingPasses::place(const Lowered& lowered, Partition& cut, Diagnostics& diagnostics) {
    compiler::place(lowered, cut.mapping, chip_, method_.placer, method_.seed, method_.rates,
                    diagnostics);
    diagnostics.throw_if_errors();
    const bool keeps_pins = method_.partitioner != Partitioner::kGreedy;
    avoid_faults(lowered, cut.fills, chip_, keeps_pins, cut.mapping, diagnostics);
    diagnostics.throw_if_errors();
}

}  // namespace seamount::compiler
