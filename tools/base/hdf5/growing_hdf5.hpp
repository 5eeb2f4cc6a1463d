#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace seamount::tools {

/// What a dataset holds.
enum class CellType : std::uint8_t { kU32, kU64, kI32, kI64, kF64, kText };

/// An HDF5 file of one-dimensional datasets that grow: chunked, shuffled, deflated.
///
/// There are two copies, PATH and PATH.tmp. flush() brings the second one up to date and then
/// exchanges their names (in one step where the file system can): PATH is never written to, so
/// that a plain reader can open it at any time, and after SIGKILL. The first flush() makes PATH,
/// whose copy is PATH.tmp2 until then.
///
///     GrowingHdf5 file{"r.h5"};
///     const std::size_t step = file.dataset("/perf/step", CellType::kU64);
///     file.attribute("/perf/step", "units", "steps");
///     file.append(step, std::uint64_t{7});
///     file.finish();
///
/// One thread at a time, and no other of the process in libhdf5 meanwhile.
class GrowingHdf5 {
public:
    static constexpr std::size_t kChunk = 16384;  ///< elements

    /// Creates both files, which must not be there. `shown` is what errors call it. All members
    /// throw InputError (OUT-WRITE).
    explicit GrowingHdf5(std::filesystem::path path, std::filesystem::path shown = {});
    /// Leaves PATH as it was flushed last, and removes PATH.tmp.
    ~GrowingHdf5();
    GrowingHdf5(const GrowingHdf5&) = delete;
    GrowingHdf5& operator=(const GrowingHdf5&) = delete;

    /// A new dataset, by its path; groups on the way are made. Gives its number. `chunk`: elements
    /// that are kept in memory until they are as many; texts have their own.
    [[nodiscard]] std::size_t dataset(const std::string& name, CellType type,
                                      std::size_t chunk = kChunk);
    /// An attribute of a group or dataset that is there; a later one of the same name replaces it.
    void attribute(const std::string& object, const std::string& name, const std::string& value);
    void attribute(const std::string& object, const std::string& name, double value);
    void attribute(const std::string& object, const std::string& name, std::uint64_t value);
    /// The same, of numbers of 32 bits.
    void attribute(const std::string& object, const std::string& name,
                   const std::vector<std::uint32_t>& values);

    /// Appends one number of the dataset's own type and width.
    template <class Number>
    void append(std::size_t dataset, Number value) {
        append_bytes(dataset, std::as_bytes(std::span{&value, 1}));
    }
    /// Appends many.
    template <class Number>
    void append_all(std::size_t dataset, std::span<const Number> values) {
        const std::size_t width = sizeof(Number);
        for (std::size_t at = 0; at < values.size();) {
            const std::size_t room =
                columns_[dataset].chunk - columns_[dataset].tail.size() / width;
            const std::size_t count = std::min(room, values.size() - at);
            append_bytes(dataset, std::as_bytes(values.subspan(at, count)));
            at += count;
        }
    }
    /// Appends to a dataset of texts.
    void append_text(std::size_t dataset, const std::string& text);

    /// Bytes that wait for a flush().
    [[nodiscard]] std::size_t pending_bytes() const noexcept { return pending_bytes_; }
    /// All that was appended is under PATH after it.
    void flush();
    /// The same, for good: on the disk, closed, without PATH.tmp. Nothing may follow.
    void finish();

private:
    struct Copy;
    using Change = std::function<bool(Copy&)>;  ///< false: libhdf5 failed
    struct Column {
        CellType type = CellType::kU64;
        std::size_t chunk = kChunk;
        std::uint64_t written = 0;    ///< elements in whole chunks
        std::vector<std::byte> tail;  ///< elements after them
        bool changed = false;         ///< the tail, since the last flush
    };

    /// Elements of the dataset's type, no more than its tail has room for.
    void append_bytes(std::size_t dataset, std::span<const std::byte> bytes);
    void put_chunk(std::size_t dataset);
    void change(Change what, std::size_t bytes = 0);
    void apply(Copy& copy);
    void exchange_names();
    [[nodiscard]] std::filesystem::path other() const;
    [[nodiscard]] std::filesystem::path spare() const;
    [[noreturn]] void fail() const;

    std::filesystem::path path_;
    std::filesystem::path shown_;
    std::array<std::unique_ptr<Copy>, 2> copies_;
    std::size_t named_ = 0;  ///< the copy that has the name
    bool has_name_ = false;  ///< since the first flush()
    std::vector<Column> columns_;
    std::size_t pending_bytes_ = 0;
};

}  // namespace seamount::tools
