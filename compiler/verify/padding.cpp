#include "compiler/verify/padding.hpp"

#include "compiler/verify/expected.hpp"

namespace seamount::compiler::verifier {

std::optional<MapShape> map_at(const Network& network, std::uint32_t population) {
    std::optional<MapShape> map;
    for (const Projection& p : network.projections) {
        if (!p.share || !p.convolution) continue;
        const bool in = p.from == SourceRef{false, population};
        const bool out = p.to == population;
        if (in && map && *map != p.convolution->in) return std::nullopt;
        if (in) map = p.convolution->in;
        if (out && map && *map != p.convolution->out) return std::nullopt;
        if (out) map = p.convolution->out;
    }
    return map;
}

std::optional<Tiles> tiles_of(const Subject& subject, std::uint32_t population) {
    const std::optional<MapShape> map = map_at(subject.network, population);
    if (!map) return std::nullopt;
    const NeuronId first = subject.network.populations[population].first_neuron;
    const auto slot_at = [&](std::uint32_t c, std::uint32_t y, std::uint32_t x) {
        return subject.places[first + map->index(c, y * map->width + x)].slot;
    };
    Tiles tiles{*map, map->height, map->width, {}};
    for (std::uint32_t y = map->height; y-- > 1;) {
        if (slot_at(0, y, 0) != slot_at(0, 0, 0)) tiles.height = y;
    }
    for (std::uint32_t x = map->width; x-- > 1;) {
        if (slot_at(0, 0, x) != slot_at(0, 0, 0)) tiles.width = x;
    }
    std::vector<std::uint64_t> held(std::size_t{tiles.across()} * tiles.down());
    for (std::uint32_t y = 0; y < map->height; ++y) {
        for (std::uint32_t x = 0; x < map->width; ++x) {
            const bool corner = y % tiles.height == 0 && x % tiles.width == 0;
            if (corner) tiles.slots.push_back(slot_at(0, y, x));
            const std::size_t tile =
                std::size_t{y / tiles.height} * tiles.across() + x / tiles.width;
            held[tile] += map->channels;
            for (std::uint32_t c = 0; c < map->channels; ++c) {
                const CoreSlot slot = slot_at(c, y, x);
                if (slot == CoreSlot::none() || slot != tiles.slots[tile]) return std::nullopt;
            }
        }
    }
    for (std::size_t t = 0; t < held.size(); ++t) {
        if (subject.core_at(tiles.slots[t]).neurons.size() != held[t]) return std::nullopt;
    }
    return tiles;
}

ExpectedPadding::ExpectedPadding(const Subject& subject) {
    if (!subject.chip.limits.has_pool()) return;
    for (const Projection& p : subject.network.projections) {
        if (!p.share || !p.convolution) continue;
        const auto tiles = tiles_of(subject, p.to);
        if (!tiles || tiles->are_whole() || tiles->map != p.convolution->out) continue;
        const std::uint32_t sources = subject.network.source_size(p.from);
        const WeightRule rule = ExpectedSynapses::rule_of(p, sources);
        Kernel& kernel = kernels_.emplace_back(Kernel{p.from, *tiles, *p.convolution, {}});
        kernel.beyond.out.height = tiles->down() * tiles->height;
        kernel.beyond.out.width = tiles->across() * tiles->width;
        kernel.weights.assign(p.convolution->weights(), 0);
        std::vector<RawSynapse> raw;
        for (std::uint32_t s = 0; s < sources; ++s) {
            p.rows->row(s, raw);
            std::size_t at = 0;
            p.convolution->for_each_target(s, [&](std::uint32_t target, std::uint32_t number) {
                if (at == raw.size() || raw[at].target != target) return;
                kernel.weights[number] = stored_weight(raw[at++].weight, rule);
            });
        }
    }
}

void ExpectedPadding::row(SourceRef source, std::uint32_t index,
                          std::vector<PaddingSynapse>& row) const {
    row.clear();
    for (const Kernel& kernel : kernels_) {
        if (kernel.from != source) continue;
        const MapShape& wide = kernel.beyond.out;
        kernel.beyond.for_each_target(index, [&](std::uint32_t target, std::uint32_t number) {
            const std::uint32_t y = wide.place(target) / wide.width;
            const std::uint32_t x = wide.place(target) % wide.width;
            if (y < kernel.tiles.map.height && x < kernel.tiles.map.width) return;
            if (kernel.weights[number] == 0) return;
            const std::size_t tile = std::size_t{y / kernel.tiles.height} * kernel.tiles.across() +
                                     x / kernel.tiles.width;
            row.push_back({kernel.tiles.slots[tile], kernel.weights[number]});
        });
    }
}

}  // namespace seamount::compiler::verifier
