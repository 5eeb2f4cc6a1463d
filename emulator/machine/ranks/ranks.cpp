#include "emulator/machine/ranks/ranks.hpp"

#include <utility>

namespace seamount::emu {

void Ranks::send_to_others(const std::shared_ptr<const Bytes>& bytes) {
    for (std::uint32_t to = 0; to < size(); ++to) {
        if (to != rank()) send(to, bytes);
    }
}

std::vector<Ranks::Bytes> Ranks::exchange(Bytes mine) {
    std::vector<Bytes> all(size());
    if (size() > 1) send_to_others(std::make_shared<const Bytes>(mine));
    all[rank()] = std::move(mine);
    for (std::uint32_t from = 0; from < size(); ++from) {
        if (from != rank()) all[from] = receive(from);
    }
    return all;
}

std::vector<Ranks::Bytes> Ranks::collect(Bytes mine) {
    if (rank() != 0) {
        send(0, std::make_shared<const Bytes>(std::move(mine)));
        flush();
        return {};
    }
    std::vector<Bytes> all(size());
    all.front() = std::move(mine);
    for (std::uint32_t from = 1; from < size(); ++from) all[from] = receive(from);
    return all;
}

Ranks::Bytes Ranks::share(Bytes of_first) {
    if (rank() != 0) return receive(0);
    if (size() > 1) send_to_others(std::make_shared<const Bytes>(of_first));
    return of_first;
}

}  // namespace seamount::emu
