#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace seamount::emu {

/// Allocates whole cache lines, so that a block of lanes never straddles one more line than it
/// needs.
template <class T>
struct LineAllocator {
    using value_type = T;
    static constexpr std::align_val_t kLine{64};

    LineAllocator() = default;
    template <class U>
    explicit LineAllocator(const LineAllocator<U>&) noexcept {}

    [[nodiscard]] T* allocate(std::size_t count) {
        return static_cast<T*>(::operator new(count * sizeof(T), kLine));
    }
    void deallocate(T* memory, std::size_t) noexcept { ::operator delete(memory, kLine); }
    friend bool operator==(const LineAllocator&, const LineAllocator&) = default;
};

template <class T>
using LineVector = std::vector<T, LineAllocator<T>>;

}  // namespace seamount::emu
