#pragma once

#include <string>

#include "compiler/ir/core_fill.hpp"
#include "compiler/ir/lowered.hpp"
#include "isa/base/id_vector.hpp"
#include "isa/base/ids.hpp"

namespace seamount::compiler {

/// A mapping and where it comes from. Its shards have cores only after placement.
struct Partition {
    Mapping mapping;
    IdVector<ShardId, CoreFill> fills;  ///< empty if some neuron has none
    std::string how;                    ///< which method the mapping comes from
    bool is_random = false;  ///< the network is like a random one: no mapping is much better
};

/// The two passes that map a network to a chip, by a method that a mapper has been given. A mapper
/// may be put in front of another one, as a cache is.
class Mapper {
public:
    virtual ~Mapper() = default;
    /// Which neurons share a core. The result is usable only without errors.
    [[nodiscard]] virtual Partition partition(const Lowered& lowered, Diagnostics& diagnostics) = 0;
    /// Gives every shard of what `partition` returned for this network a core.
    virtual void place(const Lowered& lowered, Partition& cut, Diagnostics& diagnostics) = 0;
};

}  // namespace seamount::compiler
