#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include <sys/mman.h>

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

/// The same for large arrays that are read here and there: asks for huge pages, so that an access
/// finds its page without a walk. What is smaller than a huge page is left alone.
template <class T>
struct HugeAllocator {
    using value_type = T;
    static constexpr std::size_t kHugePage = std::size_t{2} << 20U;

    HugeAllocator() = default;
    template <class U>
    explicit HugeAllocator(const HugeAllocator<U>&) noexcept {}

    [[nodiscard]] T* allocate(std::size_t count) {
        const std::size_t bytes = count * sizeof(T);
        void* const memory = ::operator new(bytes, alignment(count));
#if defined(MADV_HUGEPAGE)
        if (bytes >= kHugePage) (void)::madvise(memory, bytes, MADV_HUGEPAGE);  // a wish
#endif
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t count) noexcept {
        ::operator delete(memory, alignment(count));
    }
    friend bool operator==(const HugeAllocator&, const HugeAllocator&) = default;

private:
    [[nodiscard]] static std::align_val_t alignment(std::size_t count) noexcept {
        return std::align_val_t{count * sizeof(T) >= kHugePage ? kHugePage : std::size_t{64}};
    }
};

template <class T>
using HugeVector = std::vector<T, HugeAllocator<T>>;

/// Memory of `Allocator` that is not cleared when a vector is resized: who makes room fills it.
template <class T, template <class> class Allocator>
struct UnsetAllocator {
    using value_type = T;
    template <class U>
    struct rebind {  // NOLINT: the name that std::allocator_traits asks for
        using other = UnsetAllocator<U, Allocator>;
    };
    UnsetAllocator() = default;
    template <class U>
    explicit UnsetAllocator(const UnsetAllocator<U, Allocator>&) noexcept {}

    [[nodiscard]] T* allocate(std::size_t count) { return Allocator<T>{}.allocate(count); }
    void deallocate(T* memory, std::size_t count) noexcept {
        Allocator<T>{}.deallocate(memory, count);
    }
    void construct(T* /*place*/) noexcept {}
    template <class... Args>
    void construct(T* place, Args&&... args) {
        std::construct_at(place, std::forward<Args>(args)...);
    }
    friend bool operator==(const UnsetAllocator&, const UnsetAllocator&) = default;
};

/// For many small arrays.
template <class T>
using UnsetVector = std::vector<T, UnsetAllocator<T, std::allocator>>;
/// For what all packets of a step fill: it grows to the largest step, and each page that is new
/// costs a fault.
template <class T>
using StepVector = std::vector<T, UnsetAllocator<T, HugeAllocator>>;

}  // namespace seamount::emu
