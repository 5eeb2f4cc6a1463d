#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace seamount::compiler {

/// Asks for huge pages for what was reserved, before it is filled: a page of them comes at the
/// price of a small one. What is smaller than one is left alone.
template <class T>
void want_huge_pages(std::vector<T>& reserved) {
#if defined(MADV_HUGEPAGE)
    constexpr std::size_t kHugePage = std::size_t{2} << 20U;
    const std::size_t bytes = reserved.capacity() * sizeof(T);
    auto* const memory = reinterpret_cast<char*>(reserved.data());
    const std::size_t before = reinterpret_cast<std::uintptr_t>(memory) % kHugePage;
    const std::size_t skipped = before == 0 ? 0 : kHugePage - before;
    if (bytes < skipped + kHugePage) return;
    // a wish
    (void)::madvise(memory + skipped, (bytes - skipped) / kHugePage * kHugePage, MADV_HUGEPAGE);
#endif
}

}  // namespace seamount::compiler
