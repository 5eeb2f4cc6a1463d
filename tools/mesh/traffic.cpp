#include "tools/mesh/traffic.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>

namespace seamount::traffic {

Traffic::Traffic(const TrafficParams& params)
    : params_{params},
      log_miss_{std::log1p(-std::min(params.rate / params.flits, 1.0))},
      next_(std::size_t{params.width} * params.height),
      made_(next_.size()) {
    for (std::uint32_t node = 0; node < next_.size(); ++node) {
        next_[node].source_tile = static_cast<std::uint16_t>(node);
        next_[node].flits = params_.flits;
        next_[node].inject_ps = ~std::uint64_t{0};  // the first gap begins before time 0
        draw(node);
    }
}

void Traffic::draw(std::uint32_t node) {
    const std::uint64_t number = made_[node]++;
    const r123::Philox4x32::key_type key{{static_cast<std::uint32_t>(params_.seed),
                                          static_cast<std::uint32_t>(params_.seed >> 32U)}};
    const r123::Philox4x32::ctr_type counter{
        {node, static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32U), 0}};
    const auto words = r123::Philox4x32{}(counter, key);
    emu::MeshPacket& packet = next_[node];
    // In (0, 1]: cycles without a packet are geometric.
    const double chance = (static_cast<double>(words[0]) + 1.0) * 0x1p-32;
    const double gap = std::log(chance) / log_miss_;
    constexpr double kNever = 1e15;
    packet.inject_ps += 1 + static_cast<std::uint64_t>(gap < kNever ? gap : kNever);
    packet.target_tile = static_cast<std::uint16_t>(target(node, words[1], words[2]));
}

/// `any` as a fraction of 2^32.
std::uint32_t Traffic::uniform(std::uint32_t node, std::uint32_t any) const {
    const auto nodes = static_cast<std::uint64_t>(next_.size());
    const std::uint64_t choices = params_.exclude_self && nodes > 1 ? nodes - 1 : nodes;
    const auto choice = static_cast<std::uint32_t>((any * choices) >> 32U);
    return choices < nodes && choice >= node ? choice + 1 : choice;
}

std::uint32_t Traffic::target(std::uint32_t node, std::uint32_t any, std::uint32_t hot) const {
    const std::uint32_t width = params_.width;
    const std::uint32_t height = params_.height;
    const std::uint32_t x = node % width;
    const std::uint32_t y = node / width;
    constexpr std::uint32_t kOneInTen = 429'496'730;  // of 2^32
    switch (params_.pattern) {
        case Pattern::kTranspose:
            return x * width + y;
        case Pattern::kBitcomp:
            return width * height - 1 - node;
        case Pattern::kNeighbor:
            return (y + 1) % height * width + (x + 1) % width;
        case Pattern::kHotspot10:
            if (hot < kOneInTen) return (height - 1) / 2 * width + (width - 1) / 2;
            break;
        case Pattern::kUniform:
            break;
    }
    return uniform(node, any);
}

}  // namespace seamount::traffic
