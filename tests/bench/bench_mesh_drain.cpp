// Drains packets of uniform traffic at twice saturation from an 8x8 flit mesh: single flits, then
// packets of four. Every packet must arrive once. Argument: packets (10,000,000). Exit code 1 if
// the mesh locked up.

#include <cstdio>
#include <cstdlib>

#include "tests/support/drain.hpp"

int main(int argc, char** argv) {
    using namespace seamount;
    const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
    bool all = true;
    for (const std::uint32_t flits : {1U, 4U}) {
        const test::Drained drained =
            test::drain(emu::MeshParams::of(emu::Pipeline::kA, 8, 8), count, 0.8, flits);
        std::printf("%u flits: %llu of %llu packets in %llu cycles, %s\n", flits,
                    static_cast<unsigned long long>(drained.arrived),
                    static_cast<unsigned long long>(count),
                    static_cast<unsigned long long>(drained.cycles),
                    drained.once ? "each once" : "some twice");
        all = all && drained.once && drained.arrived == count;
    }
    return all ? 0 : 1;
}
