#pragma once

#include <cstdint>
#include <string>

#include "isa/image/image.hpp"

namespace seamount::importer {

/// What became of the numbers of a file: each before and after, and how far apart the two networks
/// are when they run.
class Receipt {
public:
    Receipt() = default;
    virtual ~Receipt() = default;
    Receipt(const Receipt&) = delete;
    Receipt& operator=(const Receipt&) = delete;

    /// Runs the file's network in double precision and `image`, which was compiled from the network
    /// that it became, on the same spikes: those of the image's inputs or, where these have none,
    /// random ones. The comparison becomes part of the receipt.
    virtual void compare(isa::Image image, std::uint64_t steps) = 0;

    [[nodiscard]] virtual std::string json() const = 0;
    /// A page to read, complete in one file.
    [[nodiscard]] virtual std::string html() const = 0;
    /// Lines to read, by population and projection.
    [[nodiscard]] virtual std::string table() const = 0;
};

}  // namespace seamount::importer
