#include "tools/session/ranks/rank_orders.hpp"

#include "isa/base/bytes.hpp"

namespace seamount::session {

std::vector<std::byte> to_bytes(const RankOrders& orders) {
    isa::ByteWriter words;
    words.put(orders.steps);
    words.put(orders.dataset_end);
    words.put(orders.threads);
    words.put(std::uint32_t{orders.store_learned});
    return words.take();
}

RankOrders orders_of(std::span<const std::byte> bytes) {
    isa::ByteReader words{bytes};
    RankOrders orders;
    orders.steps = words.get<std::uint64_t>();
    orders.dataset_end = words.get<std::uint64_t>();
    orders.threads = words.get<std::uint32_t>();
    orders.store_learned = words.get<std::uint32_t>() != 0;
    return orders;
}

}  // namespace seamount::session
