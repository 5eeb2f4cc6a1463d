#include "compiler/cache/mapping_cache.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <system_error>

#include "isa/base/content_hash.hpp"

namespace seamount::compiler {
namespace {

namespace fs = std::filesystem;

/// Changes with whatever changes what partitioners and placers give.
constexpr std::uint32_t kMapperVersion = 1;

/// Start of a file; `how`, shard_of and core_of follow.
struct Header {
    std::array<char, 8> magic{'S', 'M', 'M', 'A', 'P', 'P', 'I', 'N'};
    std::uint32_t version = kMapperVersion;
    std::uint32_t is_random = 0;
    std::uint64_t neurons = 0;
    std::uint32_t shards = 0;
    std::uint32_t how = 0;          ///< length
    std::array<char, 32> digest{};  ///< of the header with this field zero and all that follows

    [[nodiscard]] std::uint64_t file_size() const {
        return sizeof(Header) + how + (neurons + shards) * sizeof(std::uint32_t);
    }
};

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& list) {
    return std::as_bytes(std::span{list});
}

std::array<char, 32> digest_of(Header header, const KnownMapping& known) {
    header.digest = {};
    ContentHash hash;
    hash.add(std::as_bytes(std::span{&header, 1}));
    hash.add(known.how);
    hash.add(bytes_of(known.mapping.shard_of.list()));
    hash.add(bytes_of(known.mapping.core_of.list()));
    std::array<char, 32> digits{};
    const std::string text = hash.digest();
    std::copy(text.begin(), text.end(), digits.begin());
    return digits;
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
          std::uint64_t{projection.complete}, std::uint64_t{projection.share},
          std::uint64_t{projection.convolution != nullptr}}) {
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

template <class T>
void read_list(std::ifstream& file, std::vector<T>& list, std::uint64_t count) {
    list.resize(count);
    file.read(reinterpret_cast<char*>(list.data()),
              static_cast<std::streamsize>(count * sizeof(T)));
}

template <class T>
void write_list(std::ofstream& file, const std::vector<T>& list) {
    file.write(reinterpret_cast<const char*>(list.data()),
               static_cast<std::streamsize>(list.size() * sizeof(T)));
}

}  // namespace

std::string MappingCache::key_of(const Lowered& lowered, const isa::ChipSpec& chip,
                                 const MappingMethod& method) {
    if (chip.resolved.empty()) return {};
    ContentHash hash;
    hash.add(std::uint64_t{kMapperVersion});
    hash.add(chip.resolved);
    hash.add(method.partitioner);
    hash.add(method.placer);
    hash.add(std::uint64_t{method.effort});
    hash.add(method.seed);
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

std::optional<KnownMapping> MappingCache::load(const std::string& key,
                                               const Lowered& lowered) const {
    std::error_code error;
    if (key.empty()) return std::nullopt;
    const std::uintmax_t size = fs::file_size(file_of(key), error);
    if (error) return std::nullopt;
    std::ifstream file{file_of(key), std::ios::binary};
    Header header;
    file.read(reinterpret_cast<char*>(&header), sizeof header);
    const Header right;
    const bool legal = file && header.magic == right.magic && header.version == right.version &&
                       header.neurons == lowered.neuron_count() && header.file_size() == size;
    if (!legal) return std::nullopt;
    KnownMapping known;
    known.how.resize(header.how);
    file.read(known.how.data(), header.how);
    read_list(file, known.mapping.shard_of.list(), header.neurons);
    read_list(file, known.mapping.core_of.list(), header.shards);
    if (!file || digest_of(header, known) != header.digest) return std::nullopt;
    known.mapping.shards = header.shards;
    known.is_random = header.is_random != 0;
    return known;
}

bool MappingCache::store(const std::string& key, const KnownMapping& known) const {
    if (key.empty()) return true;
    Header header;
    header.is_random = known.is_random ? 1 : 0;
    header.neurons = known.mapping.shard_of.size();
    header.shards = known.mapping.shards;
    header.how = static_cast<std::uint32_t>(known.how.size());
    header.digest = digest_of(header, known);

    fs::path unfinished = file_of(key);
    unfinished += fmt::format(".{}.tmp", getpid());
    std::ofstream file{unfinished, std::ios::binary | std::ios::trunc};
    file.write(reinterpret_cast<const char*>(&header), sizeof header);
    file << known.how;
    write_list(file, known.mapping.shard_of.list());
    write_list(file, known.mapping.core_of.list());
    file.close();
    std::error_code error;
    if (file) fs::rename(unfinished, file_of(key), error);
    if (file && !error) return true;
    fs::remove(unfinished, error);
    return false;
}

}  // namespace seamount::compiler
