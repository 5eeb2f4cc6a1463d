#pragma once

#include <fmt/core.h>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>

namespace seamount {

/// The number of one thing of a kind, counted from 0 without gaps. Ids of different kinds neither
/// mix nor convert, and an integer becomes an id only where one writes its type: a swapped argument
/// does not compile. As large and as cheap as a `Rep`.
template <class Tag, std::unsigned_integral Rep>
class Id {
public:
    using Value = Rep;

    constexpr Id() = default;
    constexpr explicit Id(Rep value) noexcept : value_{value} {}
    /// A value that no thing has: "nothing", where a std::optional would cost room.
    [[nodiscard]] static constexpr Id none() noexcept {
        return Id{std::numeric_limits<Rep>::max()};
    }

    /// The bare number, for files, messages and arithmetic.
    [[nodiscard]] constexpr Rep value() const noexcept { return value_; }
    /// The same, as arrays by this id are subscripted.
    [[nodiscard]] constexpr std::size_t index() const noexcept { return value_; }

    constexpr Id& operator++() noexcept {
        ++value_;
        return *this;
    }
    /// The id `offset` places behind `id`, as in first_neuron + index.
    friend constexpr Id operator+(Id id, Rep offset) noexcept {
        return Id{static_cast<Rep>(id.value_ + offset)};
    }
    /// How far `id` is behind `first`; modulo 2^(bits of Rep), so what is before is far behind.
    friend constexpr Rep operator-(Id id, Id first) noexcept {
        return static_cast<Rep>(id.value_ - first.value_);
    }
    friend constexpr auto operator<=>(Id, Id) = default;

private:
    Rep value_{};
};

/// An id kept in fewer bits than it has elsewhere, in records whose size counts. Construction
/// keeps the low bits: the writer must have checked the range.
template <class Wide, std::unsigned_integral Rep>
class PackedId {
public:
    constexpr PackedId() = default;
    // Both implicit, as they mix up nothing.
    constexpr PackedId(Wide id) noexcept  // NOLINT(google-explicit-constructor)
        : value_{static_cast<Rep>(id.value())} {}
    constexpr operator Wide() const noexcept {  // NOLINT(google-explicit-constructor)
        return Wide{value_};
    }
    [[nodiscard]] constexpr Rep value() const noexcept { return value_; }
    [[nodiscard]] constexpr std::size_t index() const noexcept { return value_; }
    friend constexpr bool operator==(PackedId, PackedId) = default;
    friend constexpr auto operator<=>(PackedId, PackedId) = default;
    friend constexpr bool operator==(PackedId packed, Wide id) noexcept {
        return packed.value_ == id.value();
    }

private:
    Rep value_{};
};

/// The ids [first, first + count), for loops.
template <class Of>
class IdRange {
public:
    class Iterator {
    public:
        using difference_type = std::ptrdiff_t;
        using value_type = Of;
        constexpr Iterator() = default;
        constexpr explicit Iterator(Of id) noexcept : id_{id} {}
        constexpr Of operator*() const noexcept { return id_; }
        constexpr Iterator& operator++() noexcept {
            ++id_;
            return *this;
        }
        constexpr Iterator operator++(int) noexcept {
            const Iterator before = *this;
            ++id_;
            return before;
        }
        friend constexpr bool operator==(Iterator, Iterator) = default;

    private:
        Of id_{};
    };

    constexpr explicit IdRange(typename Of::Value count) noexcept : end_{Of{count}} {}
    constexpr IdRange(Of first, typename Of::Value count) noexcept
        : begin_{first}, end_{first + count} {}

    [[nodiscard]] constexpr Iterator begin() const noexcept { return Iterator{begin_}; }
    [[nodiscard]] constexpr Iterator end() const noexcept { return Iterator{end_}; }

private:
    Of begin_{};
    Of end_{};
};

/// A core of the chip, working or not: its row-major tile times the cores per tile, plus its place
/// within the tile. All chips of a system count on. 32 bits, in output axons 16.
using CoreId = Id<struct CoreIdTag, std::uint32_t>;
/// A tile of the mesh, with its router: y * width + x, over all chips of a system. 32 bits.
using TileId = Id<struct TileIdTag, std::uint32_t>;
/// A used core by its place in Image::cores, which ascend by CoreId and leave out the idle ones. 32
/// bits, in the emulator's routes 16.
using CoreSlot = Id<struct CoreSlotTag, std::uint32_t>;
/// The neurons of a mapping that share a core which has no place yet. 32 bits.
using ShardId = Id<struct ShardIdTag, std::uint32_t>;
/// A neuron of the network: through the populations in file order, whatever the mapping. 32 bits.
using NeuronId = Id<struct NeuronIdTag, std::uint32_t>;

}  // namespace seamount

/// Ids are printed as their number, with its format specifications.
template <class Tag, class Rep>
struct fmt::formatter<seamount::Id<Tag, Rep>> : fmt::formatter<Rep> {
    template <class Context>
    auto format(seamount::Id<Tag, Rep> id, Context& context) const {
        return fmt::formatter<Rep>::format(id.value(), context);
    }
};

template <class Wide, class Rep>
struct fmt::formatter<seamount::PackedId<Wide, Rep>> : fmt::formatter<Rep> {
    template <class Context>
    auto format(seamount::PackedId<Wide, Rep> id, Context& context) const {
        return fmt::formatter<Rep>::format(id.value(), context);
    }
};

template <class Tag, class Rep>
struct std::hash<seamount::Id<Tag, Rep>> {
    std::size_t operator()(seamount::Id<Tag, Rep> id) const noexcept {
        return std::hash<Rep>{}(id.value());
    }
};
