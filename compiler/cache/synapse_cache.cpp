#include "compiler/cache/synapse_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <system_error>

#include "compiler/cache/cache_file.hpp"
#include "compiler/cache/cache_warning.hpp"

namespace seamount::compiler {
namespace {

namespace fs = std::filesystem;

/// Changes with whatever changes what a rule, a value or the quantiser gives.
constexpr std::uint32_t kGeneratorVersion = 2;

/// Start of a file; the arrays follow: first, target, weight, delay.
struct Header {
    std::array<char, 8> magic{'S', 'M', 'S', 'Y', 'N', 'C', 'A', 'C'};
    std::uint32_t version = kGeneratorVersion;
    std::uint32_t sign_mode = 1;
    std::uint64_t rows = 0;  ///< entries of first
    std::uint64_t synapses = 0;
    std::uint32_t delays = 0;  ///< 1 if there is a delay per synapse
    std::uint32_t largest_delay = 0;
    std::uint64_t clipped = 0;
    std::uint64_t truncated = 0;
    std::uint64_t zeroed = 0;
    double max_error = 0.0;
    double mean_error = 0.0;
    double mean_shift = 0.0;
    double max_asked = 0.0;
    double mean_asked = 0.0;
    std::int32_t grid = 1;
    std::uint32_t nearest = 0;
    FileDigest digest{};  ///< of the header with this field zero and all arrays

    [[nodiscard]] std::uint64_t file_size() const {
        return sizeof(Header) + rows * sizeof(std::uint64_t) +
               synapses * (sizeof(std::uint32_t) + sizeof(std::int16_t) + delays);
    }
};

FileDigest digest_of(Header header, const SynapseTable& table) {
    header.digest = {};
    ContentHash hash;
    hash.add(bytes_of_header(header));
    hash.add(bytes_of(table.first));
    hash.add(bytes_of(table.target));
    hash.add(bytes_of(table.weight));
    hash.add(bytes_of(table.delay));
    return digits_of(hash);
}

void add_shape(ContentHash& hash, std::uint32_t size, const std::vector<std::uint32_t>& shape) {
    hash.add(std::uint64_t{size});
    hash.add(std::uint64_t{shape.size()});
    for (const std::uint32_t extent : shape) hash.add(std::uint64_t{extent});
}

/// The key of a projection; empty if it has none (networks that no file describes) or a data file
/// cannot be read.
std::string key_of(const Network& network, const Projection& projection) {
    if (projection.content.empty()) return {};
    ContentHash hash;
    hash.add(std::uint64_t{kGeneratorVersion});
    hash.add(network.seed);
    hash.add(static_cast<std::uint64_t>(&projection - network.projections.data()));
    hash.add(projection.content);
    hash.add(std::uint64_t{projection.from == SourceRef{false, projection.to}});
    const bool is_input = projection.from.is_input;
    add_shape(hash, network.source_size(projection.from),
              is_input ? network.inputs[projection.from.index].image.shape
                       : network.populations[projection.from.index].shape);
    const Population& target = network.populations[projection.to];
    add_shape(hash, target.size, target.shape);
    for (const fs::path& file : projection.content_files) {
        if (!hash.add_file(file)) return {};
    }
    return hash.digest();
}

}  // namespace

SynapseCache::SynapseCache(fs::path folder, SynapseSource& generator)
    : folder_{std::move(folder)}, generator_{generator} {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (!fs::is_directory(folder_, error)) {
        failure_ = fmt::format("'{}' is not a folder and cannot be made one", folder_.string());
    }
}

std::optional<GeneratedSynapses> SynapseCache::synapses(const Network& network,
                                                        const Projection& projection,
                                                        const SynapseBounds& bounds,
                                                        Diagnostics& diagnostics) {
    const std::string key = key_of(network, projection);
    if (!key.empty()) {
        auto known = load(key);
        const bool fits = known && known->table.target.size() <= bounds.synapses &&
                          known->largest_delay <= bounds.delay;
        if (fits) return known;  // otherwise generated again, with its message
    }
    auto made = generator_.synapses(network, projection, bounds, diagnostics);
    if (made && !key.empty()) store(key, *made);
    return made;
}

void SynapseCache::report_failure(Diagnostics& diagnostics) const {
    if (!failure_.empty()) warn_of_cache(failure_, diagnostics);
}

fs::path SynapseCache::file_of(const std::string& key) const {
    return folder_ / (key + ".synapses");
}

std::optional<GeneratedSynapses> SynapseCache::load(const std::string& key) {
    ++misses_;
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file_of(key), error);
    if (error) return std::nullopt;
    std::ifstream file{file_of(key), std::ios::binary};
    Header header;
    file.read(reinterpret_cast<char*>(&header), sizeof header);
    const Header known;
    const bool legal = file && header.magic == known.magic && header.version == known.version &&
                       header.delays <= 1 && header.rows <= size && header.synapses <= size &&
                       header.rows != 0 && header.file_size() == size;
    if (!legal) return std::nullopt;
    GeneratedSynapses found;
    read_list(file, found.table.first, header.rows);
    read_list(file, found.table.target, header.synapses);
    read_list(file, found.table.weight, header.synapses);
    read_list(file, found.table.delay, header.delays * header.synapses);
    if (!file || digest_of(header, found.table) != header.digest) return std::nullopt;
    found.sign_mode = static_cast<std::uint8_t>(header.sign_mode);
    found.largest_delay = header.largest_delay;
    found.loss = {.projection = {},
                  .synapses = header.synapses,
                  .clipped = header.clipped,
                  .truncated = header.truncated,
                  .zeroed = header.zeroed,
                  .max_error = header.max_error,
                  .mean_error = header.mean_error,
                  .mean_shift = header.mean_shift,
                  .max_asked = header.max_asked,
                  .mean_asked = header.mean_asked,
                  .grid = header.grid,
                  .nearest = header.nearest != 0};
    --misses_;
    ++hits_;
    return found;
}

void SynapseCache::store(const std::string& key, const GeneratedSynapses& synapses) {
    Header header;
    header.sign_mode = synapses.sign_mode;
    header.rows = synapses.table.first.size();
    header.synapses = synapses.table.target.size();
    header.delays = synapses.table.delay.empty() ? 0 : 1;
    header.largest_delay = synapses.largest_delay;
    header.clipped = synapses.loss.clipped;
    header.truncated = synapses.loss.truncated;
    header.zeroed = synapses.loss.zeroed;
    header.max_error = synapses.loss.max_error;
    header.mean_error = synapses.loss.mean_error;
    header.mean_shift = synapses.loss.mean_shift;
    header.max_asked = synapses.loss.max_asked;
    header.mean_asked = synapses.loss.mean_asked;
    header.grid = synapses.loss.grid;
    header.nearest = synapses.loss.nearest ? 1 : 0;
    header.digest = digest_of(header, synapses.table);

    const SynapseTable& table = synapses.table;
    const bool written = write_parts(
        file_of(key), {bytes_of_header(header), bytes_of(table.first), bytes_of(table.target),
                       bytes_of(table.weight), bytes_of(table.delay)});
    if (!written) failure_ = fmt::format("'{}' cannot be written", file_of(key).string());
}

}  // namespace seamount::compiler
