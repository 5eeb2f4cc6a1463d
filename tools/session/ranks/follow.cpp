#include "tools/session/ranks/follow.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "emulator/machine/machine.hpp"
#include "emulator/machine/ranks/image_parts.hpp"
#include "isa/base/bytes.hpp"
#include "isa/image/image.hpp"
#include "tools/base/clock.hpp"
#include "tools/session/ranks/rank_orders.hpp"

namespace seamount::session {
namespace {

/// What Team::hand_out sends.
isa::Image receive_part(emu::Ranks& ranks) {
    isa::Image image = emu::frame_of_bytes(ranks.share({}));
    const auto cores = isa::ByteReader{ranks.share({})}.get<std::uint64_t>();
    image.cores.reserve(cores);
    for (std::uint64_t c = 0; c < cores; ++c) {
        std::vector<isa::CoreImage> core = emu::cores_of_bytes(ranks.receive(0));
        image.cores.push_back(std::move(core.front()));
    }
    return image;
}

}  // namespace

void follow(emu::Ranks& ranks) {
    isa::Image image = receive_part(ranks);
    const RankOrders orders = orders_of(ranks.share({}));
    {
        emu::Machine machine{image, {.threads = orders.threads, .ranks = &ranks}};
        for (std::uint64_t left = orders.steps;
             left != 0 && machine.position().step < orders.dataset_end; --left) {
            machine.step();
        }
        if (orders.store_learned) machine.store_learned(image);
    }
    isa::ByteWriter memory;
    memory.put(tools::peak_rss_bytes());
    (void)ranks.collect(memory.take());
}

}  // namespace seamount::session
