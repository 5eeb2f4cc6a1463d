#include "tools/run/records/files/sonata_spikes.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "isa/base/assert.hpp"
#include "tools/run/records/files/columns.hpp"

namespace seamount::tools {
namespace {

// SONATA developer guide, "HDF5 root attributes"
constexpr std::uint32_t kMagic = 0x0A7A;
constexpr std::uint32_t kMajor = 0;
constexpr std::uint32_t kMinor = 1;

/// A name as a part of a path in HDF5, where slashes part groups.
std::string group_name(std::string name) {
    std::ranges::replace(name, '/', '_');
    return name;
}

/// Elements of a chunk. Each population keeps one in memory until it is full, 20 bytes for each
/// element, so many populations have small ones; few have large ones, as libhdf5 keeps the index of
/// all chunks there are.
std::size_t chunk_of(std::size_t populations) {
    constexpr std::size_t kUnfinished = 1 << 20;  // elements in all: 20 MB
    constexpr std::size_t kSmallest = 1024;
    constexpr std::size_t kLargest = 65536;
    const std::size_t share = kUnfinished / std::max<std::size_t>(populations, 1);
    return std::clamp(std::bit_floor(share), kSmallest, kLargest);
}

template <class Number>
Number number_of(const std::string& text) {
    Number value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

SonataSpikes::SonataSpikes(GrowingHdf5& file, const isa::Image& image, double dt_ms)
    : file_{file},
      dt_ms_{dt_ms},
      populations_{image.populations.size()},
      chunk_{chunk_of(populations_ + image.inputs.size())} {
    file_.attribute("/", "magic", std::vector<std::uint32_t>{kMagic});
    file_.attribute("/", "version", std::vector<std::uint32_t>{kMajor, kMinor});
    for (const isa::PopulationImage& population : image.populations) {
        open(population.name, population.count, "population");
    }
    for (const isa::InputImage& input : image.inputs) open(input.name, input.size, "input");
}

void SonataSpikes::open(const std::string& name, std::uint32_t size, const std::string& kind) {
    std::string part = group_name(name);
    const auto taken = [&] {
        return std::ranges::any_of(groups_, [&](const Group& one) { return one.part == part; });
    };
    while (taken()) part += "_" + kind;
    const std::string group = "/spikes/" + part;
    Group datasets{name, part};
    datasets.node_ids = file_.dataset(group + "/node_ids", CellType::kU64, chunk_);
    datasets.timestamps = file_.dataset(group + "/timestamps", CellType::kF64, chunk_);
    datasets.payloads = file_.dataset(group + "/payloads", CellType::kI32, chunk_);
    file_.attribute(group + "/timestamps", "units", "ms");
    file_.attribute(group, "sorting", "by_time");
    file_.attribute(group, "dt_ms", dt_ms_);
    file_.attribute(group, "offset_steps", std::uint64_t{0});
    file_.attribute(group, "name", name);
    file_.attribute(group, "kind", kind);
    file_.attribute(group, "index", std::uint64_t{groups_.size()});
    file_.attribute(group, "size", std::uint64_t{size});
    groups_.push_back(std::move(datasets));
}

void SonataSpikes::add_lines(std::string_view lines, bool inputs) {
    std::vector<std::string> fields;
    const auto first = groups_.begin() + static_cast<std::ptrdiff_t>(inputs ? populations_ : 0);
    auto group = groups_.end();
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = lines.find('\n', at);
        SM_ASSERT(end != std::string_view::npos, "records write whole lines");
        split_fields(lines.substr(at, end - at), fields);
        at = end + 1;
        if (group == groups_.end() || group < first || group->name != fields[1]) {
            group = std::find_if(first, groups_.end(),
                                 [&](const Group& one) { return one.name == fields[1]; });
        }
        SM_ASSERT(group != groups_.end(), "the spikes are of this network");
        append(*group, number_of<std::uint64_t>(fields[0]), number_of<std::uint64_t>(fields[2]),
               number_of<std::int32_t>(fields[3]));
    }
}

}  // namespace seamount::tools
