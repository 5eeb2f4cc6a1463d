#include "tools/base/hdf5/growing_hdf5.hpp"

#include <fcntl.h>
#include <hdf5.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "isa/base/assert.hpp"
#include "isa/base/diagnostic.hpp"
#include "tools/base/hdf5/chunk_filter.hpp"
#include "tools/base/hdf5/held.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTextChunk = 64;  ///< elements of a dataset of texts

/// A copy of the type, to be closed.
hid_t type_of(CellType type) {
    switch (type) {
        case CellType::kU32:
            return H5Tcopy(H5T_STD_U32LE);
        case CellType::kU64:
            return H5Tcopy(H5T_STD_U64LE);
        case CellType::kI32:
            return H5Tcopy(H5T_STD_I32LE);
        case CellType::kI64:
            return H5Tcopy(H5T_STD_I64LE);
        case CellType::kF64:
            return H5Tcopy(H5T_IEEE_F64LE);
        case CellType::kText:
            break;
    }
    return variable_text();
}

std::size_t width_of(CellType type) {
    return type == CellType::kU32 || type == CellType::kI32 ? 4 : 8;
}

/// Keeps the index of chunks from growing in memory. libhdf5 counts its nodes as they are on the
/// disk, two kilobytes, and holds nine times as much: 272 bytes for a chunk.
void limit_cache(hid_t access) {
    constexpr std::size_t kCached = 256 * 1024;  // of the disk: 2.3 MB
    H5AC_cache_config_t cache{};
    cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
    if (H5Pget_mdc_config(access, &cache) < 0) return;
    cache.set_initial_size = true;
    cache.initial_size = cache.min_size = cache.max_size = kCached;
    cache.incr_mode = H5C_incr__off;
    cache.flash_incr_mode = H5C_flash_incr__off;
    cache.decr_mode = H5C_decr__off;
    H5Pset_mdc_config(access, &cache);
}

hid_t create_file(const fs::path& path) {
    const Held access{H5Pcreate(H5P_FILE_ACCESS), H5Pclose};
    // others may read the copy that has the name
    H5Pset_file_locking(access.id(), false, true);
    limit_cache(access.id());
    return H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, access.id());
}

bool create_attribute(hid_t file, const std::string& object, const std::string& name, hid_t type,
                      hid_t space, const void* value) {
    const Held opened{H5Oopen(file, object.c_str(), H5P_DEFAULT), H5Oclose};
    if (!opened.valid()) return false;
    if (H5Aexists(opened.id(), name.c_str()) > 0) H5Adelete(opened.id(), name.c_str());
    const Held attribute{
        H5Acreate2(opened.id(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose};
    return attribute.valid() && H5Awrite(attribute.id(), type, value) >= 0;
}

bool create_scalar(hid_t file, const std::string& object, const std::string& name, hid_t type,
                   const void* value) {
    const Held space{H5Screate(H5S_SCALAR), H5Sclose};
    return create_attribute(file, object, name, type, space.id(), value);
}

hid_t create_dataset(hid_t file, const std::string& name, CellType type, hsize_t chunk) {
    const hsize_t none = 0;
    const hsize_t unlimited = H5S_UNLIMITED;
    const Held space{H5Screate_simple(1, &none, &unlimited), H5Sclose};
    const Held links{H5Pcreate(H5P_LINK_CREATE), H5Pclose};
    H5Pset_create_intermediate_group(links.id(), 1);
    const Held creation{H5Pcreate(H5P_DATASET_CREATE), H5Pclose};
    H5Pset_chunk(creation.id(), 1, &chunk);
    if (type != CellType::kText) {
        H5Pset_shuffle(creation.id());
        H5Pset_deflate(creation.id(), 1);
    }
    const Held cells{type_of(type), H5Tclose};
    return H5Dcreate2(file, name.c_str(), cells.id(), space.id(), links.id(), creation.id(),
                      H5P_DEFAULT);
}

bool write_text(hid_t dataset, hsize_t at, const std::string& text) {
    const hsize_t size = at + 1;
    const hsize_t one = 1;
    if (H5Dset_extent(dataset, &size) < 0) return false;
    const Held file_space{H5Dget_space(dataset), H5Sclose};
    const Held memory{H5Screate_simple(1, &one, nullptr), H5Sclose};
    const Held type{variable_text(), H5Tclose};
    H5Sselect_hyperslab(file_space.id(), H5S_SELECT_SET, &at, nullptr, &one, nullptr);
    // Of its own accord it clears a megabyte to convert one text in.
    constexpr std::size_t kBuffer = 1024;
    const Held transfer{H5Pcreate(H5P_DATASET_XFER), H5Pclose};
    H5Pset_buffer(transfer.id(), kBuffer, nullptr, nullptr);
    const char* const pointer = text.c_str();
    return H5Dwrite(dataset, type.id(), memory.id(), file_space.id(), transfer.id(), &pointer) >= 0;
}

bool write_chunk(hid_t dataset, hsize_t at, hsize_t size, const std::vector<std::byte>& bytes) {
    return H5Dset_extent(dataset, &size) >= 0 &&
           H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, &at, bytes.size(), bytes.data()) >= 0;
}

bool is_on_disk(const fs::path& path) {
    const int number = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (number < 0) return false;
    const bool kept = fsync(number) == 0 || errno == EINVAL;
    return close(number) == 0 && kept;
}

}  // namespace

/// One of the two files.
struct GrowingHdf5::Copy {
    explicit Copy(const fs::path& path) : file{create_file(path)} {}
    ~Copy() { close(); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;

    bool close() {
        for (const hid_t dataset : datasets) H5Dclose(dataset);
        datasets.clear();
        return file < 0 || H5Fclose(std::exchange(file, -1)) >= 0;
    }

    hid_t file;
    std::vector<hid_t> datasets;
    std::vector<std::shared_ptr<const Change>> pending;
};

GrowingHdf5::GrowingHdf5(fs::path path, fs::path shown)
    : path_{std::move(path)}, shown_{shown.empty() ? path_ : std::move(shown)} {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    errno = 0;
    copies_[0] = std::make_unique<Copy>(spare());
    if (copies_[0]->file < 0) fail();
    copies_[1] = std::make_unique<Copy>(other());
    if (copies_[1]->file < 0) fail();
}

GrowingHdf5::~GrowingHdf5() {
    if (!copies_[named_] || copies_[named_]->file < 0) return;
    for (auto& copy : copies_) {
        if (copy) copy->close();
    }
    std::error_code ignored;
    fs::remove(other(), ignored);
    if (!has_name_) fs::remove(spare(), ignored);
}

std::size_t GrowingHdf5::dataset(const std::string& name, CellType type, std::size_t chunk) {
    if (type == CellType::kText) chunk = kTextChunk;
    columns_.push_back({type, chunk, 0, {}, false});
    change([name, type, chunk](Copy& copy) {
        copy.datasets.push_back(create_dataset(copy.file, name, type, chunk));
        return copy.datasets.back() >= 0;
    });
    return columns_.size() - 1;
}

void GrowingHdf5::attribute(const std::string& object, const std::string& name,
                            const std::string& value) {
    change([=](Copy& copy) {
        const Held type{variable_text(), H5Tclose};
        const char* const text = value.c_str();
        return create_scalar(copy.file, object, name, type.id(), &text);
    });
}

void GrowingHdf5::attribute(const std::string& object, const std::string& name, double value) {
    change([=](Copy& copy) {
        return create_scalar(copy.file, object, name, H5T_NATIVE_DOUBLE, &value);
    });
}

void GrowingHdf5::attribute(const std::string& object, const std::string& name,
                            std::uint64_t value) {
    change([=](Copy& copy) {
        return create_scalar(copy.file, object, name, H5T_NATIVE_UINT64, &value);
    });
}

void GrowingHdf5::attribute(const std::string& object, const std::string& name,
                            const std::vector<std::uint32_t>& values) {
    change([=](Copy& copy) {
        const hsize_t size = values.size();
        const Held space{H5Screate_simple(1, &size, nullptr), H5Sclose};
        return create_attribute(copy.file, object, name, H5T_NATIVE_UINT32, space.id(),
                                values.data());
    });
}

void GrowingHdf5::append_bytes(std::size_t dataset, std::span<const std::byte> bytes) {
    Column& column = columns_[dataset];
    const std::size_t width = width_of(column.type);
    SM_ASSERT(bytes.size() % width == 0 && column.type != CellType::kText,
              "elements of the dataset's type");
    if (column.tail.capacity() == 0) column.tail.reserve(column.chunk * width);
    column.tail.insert(column.tail.end(), bytes.begin(), bytes.end());
    column.changed = true;
    if (column.tail.size() == column.chunk * width) put_chunk(dataset);
}

/// Hands the tail over to the files; if it is a whole chunk the next one begins.
void GrowingHdf5::put_chunk(std::size_t dataset) {
    Column& column = columns_[dataset];
    const std::size_t width = width_of(column.type);
    const std::uint64_t at = column.written;
    const std::uint64_t end = at + column.tail.size() / width;
    std::vector<std::byte> bytes = filtered_chunk(column.tail, width, column.chunk * width);
    const std::size_t size = bytes.size();
    change([dataset, at, end, bytes = std::move(bytes)](
               Copy& copy) { return write_chunk(copy.datasets[dataset], at, end, bytes); },
           size);
    column.changed = false;
    if (end - at < column.chunk) return;
    column.written = end;
    column.tail.clear();
}

void GrowingHdf5::append_text(std::size_t dataset, const std::string& text) {
    const std::uint64_t at = columns_[dataset].written++;
    change([=](Copy& copy) { return write_text(copy.datasets[dataset], at, text); }, text.size());
}

void GrowingHdf5::change(Change what, std::size_t bytes) {
    const auto shared = std::make_shared<const Change>(std::move(what));
    for (const auto& copy : copies_) copy->pending.push_back(shared);
    pending_bytes_ += bytes;
}

void GrowingHdf5::apply(Copy& copy) {
    errno = 0;
    for (const auto& change : copy.pending) {
        if (!(*change)(copy)) fail();
    }
    copy.pending.clear();
}

fs::path GrowingHdf5::other() const {
    return path_.string() + ".tmp";
}

fs::path GrowingHdf5::spare() const {
    return path_.string() + ".tmp2";
}

/// The copy that is called other() gets the name, the one that had it is other() from now on.
void GrowingHdf5::exchange_names() {
    if (has_name_ &&
        renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, other().c_str(), RENAME_EXCHANGE) == 0) {
        return;
    }
    if ((has_name_ && rename(path_.c_str(), spare().c_str()) != 0) ||
        rename(other().c_str(), path_.c_str()) != 0 ||
        rename(spare().c_str(), other().c_str()) != 0) {
        fail();
    }
    has_name_ = true;
}

void GrowingHdf5::flush() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (columns_[i].changed) put_chunk(i);
    }
    const std::size_t behind = 1 - named_;
    if (has_name_ && copies_[behind]->pending.empty()) return;
    apply(*copies_[behind]);
    if (H5Fflush(copies_[behind]->file, H5F_SCOPE_GLOBAL) < 0) fail();
    exchange_names();
    named_ = behind;
    pending_bytes_ = 0;
}

void GrowingHdf5::finish() {
    flush();
    if (!copies_[named_]->close() || !is_on_disk(path_)) fail();
    copies_[1 - named_]->close();
    std::error_code ignored;
    fs::remove(other(), ignored);
}

void GrowingHdf5::fail() const {
    const int error = errno;
    bad_input("OUT-WRITE", shown_.string(),
              "cannot write" +
                  (error != 0 ? ": " + std::generic_category().message(error) : std::string{}),
              "make room on its disk, or choose a place that you may write to");
}

}  // namespace seamount::tools
