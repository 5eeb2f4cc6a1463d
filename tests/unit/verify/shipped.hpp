#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "compiler/driver/driver.hpp"
#include "compiler/ir/network.hpp"
#include "isa/chip/chip_spec.hpp"

namespace seamount::test {

/// A network of configs/networks with what it needs to be compiled here.
struct Shipped {
    std::string file;                      ///< within configs/networks
    std::vector<std::string> assignments;  ///< --set
    std::string chip = "loihi1.yaml";
};

/// Every network of configs/networks, small where its size can be set. Data files that a network
/// needs and the repository does not have are written to `folder`.
[[nodiscard]] std::vector<Shipped> shipped_networks(const std::filesystem::path& folder);

[[nodiscard]] compiler::Network read(const Shipped& shipped);
/// A chip of configs/chips; with `compartments` other than 0, so many per core.
[[nodiscard]] isa::ChipSpec chip_of(const Shipped& shipped, std::uint32_t compartments = 0);

}  // namespace seamount::test
