#include "tools/traffic/traffic.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace seamount::traffic {

bool permutes_bits(Pattern pattern) noexcept {
    return pattern == Pattern::kShuffle || pattern == Pattern::kBitrev ||
           pattern == Pattern::kBitrot;
}

std::uint32_t middle_node(std::uint32_t width, std::uint32_t height) noexcept {
    return (height - 1) / 2 * width + (width - 1) / 2;
}

Traffic::Traffic(const TrafficParams& params)
    : params_{params},
      random_{RandomDomain::kTraffic, params.seed, kTrafficPlace},
      hotspot_{params.hotspot.value_or(middle_node(params.width, params.height))},
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
    const std::array<std::uint32_t, 4> words = random_.block(node, number);
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
    constexpr std::uint32_t kOneInTen = 429'496'730;  // of 2^32
    if (params_.pattern == Pattern::kUniform) return uniform(node, any);
    if (params_.pattern != Pattern::kHotspot10) return permuted(node);
    return hot < kOneInTen ? hotspot_ : uniform(node, any);
}

/// Where a permutation sends `node`. As BookSim2 defines them; bit rotation as in Dally and Towles,
/// Principles and Practices of Interconnection Networks, table 3.1.
std::uint32_t Traffic::permuted(std::uint32_t node) const {
    const std::uint32_t width = params_.width;
    const std::uint32_t height = params_.height;
    const std::uint32_t x = node % width;
    const std::uint32_t y = node / width;
    const std::uint32_t nodes = width * height;
    if (nodes == 1) return 0;
    const auto top = static_cast<unsigned>(std::bit_width(nodes - 1)) - 1;  // its highest bit
    switch (params_.pattern) {
        case Pattern::kTranspose:
            return x * width + y;
        case Pattern::kBitcomp:
            return nodes - 1 - node;
        case Pattern::kNeighbor:
            return (y + 1) % height * width + (x + 1) % width;
        case Pattern::kTornado:
            return (y + (height + 1) / 2 - 1) % height * width + (x + (width + 1) / 2 - 1) % width;
        case Pattern::kShuffle:
            return (node << 1U & (nodes - 1)) | node >> top;
        case Pattern::kBitrev: {
            std::uint32_t reversed = 0;
            for (unsigned bit = 0; bit <= top; ++bit) reversed |= (node >> bit & 1U) << (top - bit);
            return reversed;
        }
        case Pattern::kBitrot:
            return node >> 1U | (node & 1U) << top;
        case Pattern::kUniform:
        case Pattern::kHotspot10:
            break;
    }
    return node;
}

}  // namespace seamount::traffic
