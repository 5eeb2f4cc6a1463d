#include "isa/base/ids.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include "isa/base/bytes.hpp"
#include "isa/base/id_vector.hpp"

namespace seamount {
namespace {

/// No value of the first type can stand where the second is asked for, written out or not.
template <class From, class To>
constexpr bool kApart = !std::is_convertible_v<From, To> && !std::is_constructible_v<To, From>;

template <class A, class... Others>
constexpr bool kApartFromAll = ((kApart<A, Others> && kApart<Others, A>)&&...);

static_assert(kApartFromAll<CoreId, TileId, CoreSlot, ShardId, NeuronId>);
static_assert(kApartFromAll<TileId, CoreSlot, ShardId, NeuronId>);
static_assert(kApartFromAll<CoreSlot, ShardId, NeuronId>);
static_assert(!std::is_convertible_v<std::uint32_t, CoreId> &&
              std::is_constructible_v<CoreId, std::uint32_t>);
static_assert(!std::is_convertible_v<CoreId, std::uint32_t> && !std::is_convertible_v<int, CoreId>);

using PackedCore = PackedId<CoreId, std::uint16_t>;
static_assert(std::is_convertible_v<PackedCore, CoreId> && kApart<PackedCore, TileId>);
static_assert(std::is_convertible_v<CoreId, PackedCore> &&
              !std::is_convertible_v<std::uint16_t, PackedCore>);

// They cost what the bare number costs, and go to files as it does.
static_assert(sizeof(CoreId) == 4 && sizeof(PackedCore) == 2);
static_assert(std::is_trivially_copyable_v<NeuronId> && isa::Plain<NeuronId> &&
              isa::Plain<PackedCore>);

/// Whether a function of a neuron and a core takes these.
template <class... Args>
constexpr bool kConnects = std::is_invocable_v<void (*)(NeuronId, CoreId), Args...>;
static_assert(kConnects<NeuronId, CoreId> && kConnects<NeuronId, PackedCore>);
static_assert(!kConnects<CoreId, NeuronId>);
static_assert(!kConnects<NeuronId, std::uint32_t> && !kConnects<std::uint32_t, CoreId>);

template <class A, class B>
concept Comparable = requires(A a, B b) {
    a == b;
};
static_assert(Comparable<CoreId, PackedCore> && !Comparable<CoreId, TileId> &&
              !Comparable<CoreId, std::uint32_t>);

template <class List, class Index>
concept Subscripts = requires(List list, Index index) {
    list[index];
};
static_assert(Subscripts<IdVector<ShardId, CoreId>, ShardId> &&
              !Subscripts<IdVector<ShardId, CoreId>, CoreId> &&
              !Subscripts<IdVector<ShardId, CoreId>, std::size_t> &&
              !Subscripts<IdSpan<ShardId, const CoreId>, CoreId>);

TEST_CASE("an id counts, compares and prints like its number", "[ids]") {
    const NeuronId first{40};
    CHECK((first + 2).value() == 42);
    CHECK((first + 2) - first == 2);
    CHECK(first < first + 1);
    CHECK(fmt::format("neuron {} {:>4}", first, first) == "neuron 40   40");
    CHECK(fmt::format("{}", PackedCore{CoreId{7}}) == "7");
    CHECK(PackedCore{CoreId{7}} == CoreId{7});
    CHECK(std::unordered_set<NeuronId>{first, first + 0, first + 1}.size() == 2);
    CHECK(NeuronId::none().value() == 0xFFFFFFFFU);
}

TEST_CASE("a range of ids visits each once", "[ids]") {
    std::vector<CoreId> seen;
    for (const CoreId core : IdRange{CoreId{3}, 2U}) seen.push_back(core);
    CHECK(seen == std::vector{CoreId{3}, CoreId{4}});
    for ([[maybe_unused]] const CoreId core : IdRange<CoreId>{0}) FAIL("an empty range");
}

TEST_CASE("a vector by id is read and viewed by that id", "[ids]") {
    IdVector<ShardId, CoreId> core_of(2, CoreId::none());
    core_of[ShardId{1}] = CoreId{9};
    core_of.push_back(CoreId{4});
    const IdSpan<ShardId, const CoreId> view{core_of};
    CHECK(view[ShardId{1}] == CoreId{9});
    std::uint32_t sum = 0;
    for (const ShardId shard : core_of.ids()) sum += shard.value();
    CHECK(sum == 3);
    CHECK(core_of.list() == std::vector{CoreId::none(), CoreId{9}, CoreId{4}});
}

}  // namespace
}  // namespace seamount
