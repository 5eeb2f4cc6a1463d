#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "compiler/frontend/rows/topology/topology.hpp"
#include "compiler/frontend/rows/values/edge_values.hpp"

namespace seamount::compiler::frontend {

/// The edges of a file, sorted by source; edges of one source keep the order of the file. A pair
/// may occur more than once.
class EdgeList : public Topology, public std::enable_shared_from_this<EdgeList> {
public:
    /// Throws DataError (NET-EDGE) that names the first edge with an index outside its end.
    EdgeList(DataArray source, const DataArray& target, const Ends& ends);

    void targets(std::uint32_t source, std::vector<RawSynapse>& row) const override;
    [[nodiscard]] std::uint64_t synapses() const noexcept override { return target_.size(); }
    [[nodiscard]] std::uint32_t first(std::uint32_t source) const { return first_[source]; }

    /// Sorts one value per edge, given in file order, like the edges; stores it as narrow as it
    /// goes. The list must be owned by a shared_ptr.
    [[nodiscard]] std::shared_ptr<const EdgeValues> arrange(const DataArray& values) const;

private:
    DataArray source_;                  ///< as in the file
    std::vector<std::uint32_t> first_;  ///< source count + 1 offsets into target_
    std::vector<std::uint32_t> target_;
};

}  // namespace seamount::compiler::frontend
