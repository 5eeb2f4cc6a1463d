#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "isa/base/name_table.hpp"
#include "tools/import/netx/netx_layer.hpp"

namespace seamount::importer {

// The words of netx files, of both dialects: several may mean the same.

inline constexpr std::array kKinds{
    Named<LayerKind>{LayerKind::kInput, "input"},
    Named<LayerKind>{LayerKind::kDense, "dense"},
    Named<LayerKind>{LayerKind::kDenseRecurrent, "dense_rec"},
    Named<LayerKind>{LayerKind::kDenseRecurrent, "recurrent"},
    Named<LayerKind>{LayerKind::kConv, "conv"},
    Named<LayerKind>{LayerKind::kPool, "pool"},
    Named<LayerKind>{LayerKind::kFlatten, "flatten"},
    Named<LayerKind>{LayerKind::kAverage, "average"},
};

/// A type that exists and cannot be imported.
struct Refused {
    std::string_view name;
    std::string_view why;
};
inline constexpr std::array kRefused{
    Refused{"concat", "a chain of layers has no place for a second input"},
    Refused{"convT", "transposed convolutions have no counterpart"},
    Refused{"unpool", "unpooling has no counterpart"},
    Refused{"residual", "netx writes no weights for it"},
};

inline constexpr std::array kModels{
    Named<NetxModel>{NetxModel::kCuba, "LOIHI"},
    Named<NetxModel>{NetxModel::kCuba, "CUBA"},
    Named<NetxModel>{NetxModel::kAlif, "ALIF"},
    Named<NetxModel>{NetxModel::kSigmaDelta, "SDNN"},
    Named<NetxModel>{NetxModel::kRf, "RF_PHASE"},
    Named<NetxModel>{NetxModel::kRf, "RF"},
    Named<NetxModel>{NetxModel::kRfIzhikevich, "RF_IZHIKEVICH"},
    Named<NetxModel>{NetxModel::kRfIzhikevich, "RF_IZ"},
};

/// Of sigma-delta neurons.
inline constexpr std::array kActivations{std::string_view{"relu"}};

/// All names of a table, for a hint.
template <class Table>
std::string names_in(const Table& table) {
    std::vector<std::string_view> names;
    for (const auto& entry : table) names.push_back(entry.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace seamount::importer
