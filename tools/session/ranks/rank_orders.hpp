#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace seamount::session {

/// What rank 0 tells the others about the run, beside what machines agree on.
struct RankOrders {
    std::uint64_t steps = 0;        ///< RunPlan::steps
    std::uint64_t dataset_end = 0;  ///< RunPlan::dataset_end
    std::uint32_t threads = 1;      ///< of each rank
    bool store_learned = false;     ///< rank 0 asks for learned synapses after the last step
};

[[nodiscard]] std::vector<std::byte> to_bytes(const RankOrders& orders);
[[nodiscard]] RankOrders orders_of(std::span<const std::byte> bytes);

}  // namespace seamount::session
