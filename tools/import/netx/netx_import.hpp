#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tools/import/hdf5/hdf5_file.hpp"
#include "tools/import/network/network_text.hpp"

namespace seamount::importer {

/// What a netx file does not say.
struct NetxOptions {
    /// Steps between resets of a layer's u and v; nothing: they are never reset. Layer k (of those
    /// with neurons, from 0) is reset at the start of the steps t with t mod every = (k + offset)
    /// mod every, t from 0: lava's pipelined reset, whose reset_offset is `offset`.
    std::optional<std::uint32_t> reset_every;
    std::int64_t reset_offset = 0;
    /// Bias mantissas of an input layer with neurons: .npy of its shape (C, H, W), of (W, H, C), or
    /// flat in C order. Empty: 0.
    std::filesystem::path bias;
};

/// Names of the options that were given.
[[nodiscard]] std::vector<std::string> given(const NetxOptions& options);

/// Reads a netx file (lava-dl, or the older nxSlayer) as a network that computes the same integers:
/// current-based, adaptive, sigma-delta and resonate-and-fire layers, recurrent ones, convolutions,
/// pools, delays. `data` names the .npz of its arrays. A spike of one layer acts in the next one a
/// step later, as on the chip. Throws InputError with every problem: IMP-*.
[[nodiscard]] Imported import_netx(const Hdf5File& file, const std::string& data,
                                   const NetxOptions& options);

}  // namespace seamount::importer
