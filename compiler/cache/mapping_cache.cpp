#include "compiler/cache/mapping_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <system_error>

#include "compiler/cache/cache_file.hpp"
#include "compiler/cache/cache_warning.hpp"
#include "compiler/partition/fill/limits.hpp"

namespace seamount::compiler {
namespace {

namespace fs = std::filesystem;

/// Changes with whatever changes what partitioners and placers give.
constexpr std::uint32_t kMapperVersion = 4;

/// Start of a file; `how`, shard_of and core_of follow.
struct Header {
    std::array<char, 8> magic{'S', 'M', 'M', 'A', 'P', 'P', 'I', 'N'};
    std::uint32_t version = kMapperVersion;
    std::uint32_t is_random = 0;
    std::uint64_t neurons = 0;
    std::uint32_t shards = 0;
    std::uint32_t how = 0;  ///< length
    FileDigest digest{};    ///< of the header with this field zero and all that follows

    [[nodiscard]] std::uint64_t file_size() const {
        return sizeof(Header) + how + (neurons + shards) * sizeof(std::uint32_t);
    }
};

FileDigest digest_of(Header header, const Partition& known) {
    header.digest = {};
    ContentHash hash;
    hash.add(bytes_of_header(header));
    hash.add(known.how);
    hash.add(bytes_of(known.mapping.shard_of.list()));
    hash.add(bytes_of(known.mapping.core_of.list()));
    return digits_of(hash);
}

template <class T>
void add_list(ContentHash& hash, const std::vector<T>& list) {
    hash.add(std::uint64_t{list.size()});
    hash.add(bytes_of(list));
}

void add_population(ContentHash& hash, const LoweredPopulation& population) {
    for (const std::uint64_t number :
         {std::uint64_t{population.size}, std::uint64_t{population.first_neuron.value()},
          std::uint64_t{population.program}, std::uint64_t{population.profiles.size()},
          std::uint64_t{population.unit}, std::uint64_t{population.root},
          std::uint64_t{population.parent ? *population.parent + 1 : 0}}) {
        hash.add(number);
    }
    // Which of them are equal, also between populations, decides the neuron groups.
    add_list(hash, population.profiles);
    add_list(hash, population.profile_of);
    add_list(hash, population.pinned.list);
    add_list(hash, population.region);
    add_list(hash, population.order);
}

void add_convolution(ContentHash& hash, const Convolution& convolution) {
    for (const MapShape& map : {convolution.in, convolution.out}) {
        for (const std::uint32_t number :
             {map.channels, map.height, map.width, static_cast<std::uint32_t>(map.channels_last)}) {
            hash.add(std::uint64_t{number});
        }
    }
    for (const Convolution::Pair& pair :
         {convolution.kernel, convolution.stride, convolution.padding, convolution.dilation}) {
        for (const std::uint32_t number : pair) hash.add(std::uint64_t{number});
    }
    hash.add(std::uint64_t{convolution.groups});
}

void add_projection(ContentHash& hash, const LoweredProjection& projection) {
    for (const std::uint64_t number :
         {std::uint64_t{projection.from.is_input}, std::uint64_t{projection.from.index},
          std::uint64_t{projection.to}, std::uint64_t{projection.channel},
          std::uint64_t{projection.complete}, std::uint64_t{projection.full_rows},
          std::uint64_t{projection.share}, std::uint64_t{projection.convolution != nullptr}}) {
        hash.add(number);
    }
    if (projection.convolution) add_convolution(hash, *projection.convolution);
    hash.add(std::as_bytes(std::span{&projection.format, 1}));
    const SynapseTable& table = projection.synapses;
    add_list(hash, table.first);
    add_list(hash, table.target);
    add_list(hash, table.weight);
    add_list(hash, table.delay);
}

/// Empty for a chip that no file describes: nothing is kept for it.
std::string key_of(const Lowered& lowered, const isa::ChipSpec& chip, const MappingMethod& method) {
    if (chip.resolved.empty()) return {};
    ContentHash hash;
    hash.add(std::uint64_t{kMapperVersion});
    hash.add(chip.resolved);
    hash.add(name_of(kPartitionerNames, method.partitioner));
    hash.add(name_of(kPlacerNames, method.placer));
    hash.add(std::uint64_t{method.effort});
    hash.add(method.seed);
    if (method.cap.given()) {
        hash.add(std::uint64_t{method.spread});
        hash.add(method.cap.most);
        add_list(hash, method.cap.of.list());
    }
    add_list(hash, method.rates.list());
    for (const auto& program : lowered.programs) add_list(hash, program->words);
    hash.add(std::uint64_t{lowered.network.inputs.size()});
    for (const Input& input : lowered.network.inputs) hash.add(std::uint64_t{input.image.size});
    hash.add(std::uint64_t{lowered.populations.size()});
    for (const LoweredPopulation& population : lowered.populations) {
        add_population(hash, population);
    }
    for (const LoweredProjection& projection : lowered.projections) {
        add_projection(hash, projection);
    }
    return hash.digest();
}

}  // namespace

Partition MappingCache::partition(const Lowered& lowered, Diagnostics& diagnostics) {
    key_ = key_of(lowered, chip_, method_);
    diagnostics_before_ = diagnostics.all().size();
    auto known = load(lowered);
    hit_ = known.has_value();
    if (known) return std::move(*known);
    return mapper_.partition(lowered, diagnostics);
}

void MappingCache::place(const Lowered& lowered, Partition& cut, Diagnostics& diagnostics) {
    if (hit_) return;
    mapper_.place(lowered, cut, diagnostics);
    if (diagnostics.all().size() != diagnostics_before_ || store(cut)) return;
    warn_of_cache(fmt::format("a mapping cannot be written to '{}'", folder_.string()),
                  diagnostics);
}

std::optional<Partition> MappingCache::load(const Lowered& lowered) const {
    std::error_code error;
    if (key_.empty()) return std::nullopt;
    const std::uintmax_t size = fs::file_size(this->file(), error);
    if (error) return std::nullopt;
    std::ifstream file{this->file(), std::ios::binary};
    Header header;
    file.read(reinterpret_cast<char*>(&header), sizeof header);
    const Header right;
    const bool legal = file && header.magic == right.magic && header.version == right.version &&
                       header.neurons == lowered.neuron_count() && header.file_size() == size;
    if (!legal) return std::nullopt;
    Partition known;
    known.how.resize(header.how);
    file.read(known.how.data(), header.how);
    read_list(file, known.mapping.shard_of.list(), header.neurons);
    read_list(file, known.mapping.core_of.list(), header.shards);
    if (!file || digest_of(header, known) != header.digest) return std::nullopt;
    known.mapping.shards = header.shards;
    known.is_random = header.is_random != 0;
    known.fills = count_fills(lowered, known.mapping);
    return known;
}

bool MappingCache::store(const Partition& known) const {
    if (key_.empty()) return true;
    Header header;
    header.is_random = known.is_random ? 1 : 0;
    header.neurons = known.mapping.shard_of.size();
    header.shards = known.mapping.shards;
    header.how = static_cast<std::uint32_t>(known.how.size());
    header.digest = digest_of(header, known);

    return write_parts(
        file(), {bytes_of_header(header), std::as_bytes(std::span{known.how}),
                 bytes_of(known.mapping.shard_of.list()), bytes_of(known.mapping.core_of.list())});
}

}  // namespace seamount::compiler
