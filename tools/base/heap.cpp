#include "tools/base/heap.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace seamount::tools {

void keep_freed_memory() noexcept {
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
    constexpr int kAdvised = 256 << 20;
    constexpr int kKept = 2 * kAdvised;      // at the end of the heap, before any of it goes back
    constexpr int kLargest = 32 << 20;       // that the heap serves: all that malloc allows
    constexpr int kStep = 16 << 20;          // by which the heap grows later
    constexpr std::size_t kGrown = 1 << 20;  // no heap has so much left that it need not grow
    constexpr std::uintptr_t kHugePage = std::uintptr_t{2} << 20U;
    if (::mallopt(M_MMAP_THRESHOLD, kLargest) == 0 || ::mallopt(M_TRIM_THRESHOLD, kKept) == 0 ||
        ::mallopt(M_TOP_PAD, kAdvised) == 0) {
        return;
    }
    void* const first = std::malloc(kGrown);
    const auto begin = reinterpret_cast<std::uintptr_t>(first);
    const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
    // Elsewhere than at the end of the heap it says nothing of what malloc did.
    if (first != nullptr && end > begin && end - begin < 2 * std::uintptr_t{kAdvised}) {
        const std::uintptr_t skipped = (kHugePage - begin % kHugePage) % kHugePage;
        if (skipped < end - begin) {
            // a wish
            (void)::madvise(static_cast<char*>(first) + skipped, end - begin - skipped,
                            MADV_HUGEPAGE);
        }
    }
    std::free(first);
    (void)::mallopt(M_TOP_PAD, kStep);
#endif
}

void return_large_memory() noexcept {
#if defined(__GLIBC__)
    constexpr int kLarge = 512 << 10;  // above the blocks that each step or record makes and drops
    constexpr int kKept = 16 << 20;    // at the end of the heap: who sets one has to set both
    (void)::mallopt(M_MMAP_THRESHOLD, kLarge);
    (void)::mallopt(M_TRIM_THRESHOLD, kKept);
#endif
}

}  // namespace seamount::tools
