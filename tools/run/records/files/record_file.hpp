#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "isa/base/content_hash.hpp"
#include "isa/base/name_table.hpp"
#include "isa/base/output_file.hpp"
#include "isa/base/text.hpp"
#include "isa/image/image.hpp"
#include "tools/base/hdf5/growing_hdf5.hpp"
#include "tools/run/records/files/sonata_spikes.hpp"
#include "tools/run/records/files/table_columns.hpp"
#include "tools/run/records/files/writer_thread.hpp"

namespace seamount::tools {

/// What the files of a run are.
enum class RecordFormat : std::uint8_t { kCsv, kHdf5 };
inline constexpr auto kRecordFormatNames = name_table<RecordFormat>({
    {RecordFormat::kCsv, "csv"},
    {RecordFormat::kHdf5, "hdf5"},
});
[[nodiscard]] std::string file_name(std::string_view table, RecordFormat format);

/// Where a record goes.
struct RecordPlace {
    std::filesystem::path folder;   ///< where it stands at the end
    std::filesystem::path partial;  ///< where it stands until then
    std::string table;              ///< its name without an ending
    RecordFormat format = RecordFormat::kCsv;
    const isa::Image& image;
    double dt_ms = 1.0;              ///< of a step
    bool spikes = false;             ///< in HDF5, as SONATA has them
    WriterThread* writer = nullptr;  ///< outlives what writes there
};

/// The file of a record: lines of CSV are written into it, whatever it is.
///
/// A final name that is a link, a pipe or a device is written as OutputFile does, not in `partial`.
class RecordFile {
public:
    /// Throws InputError (OUT-WRITE), as all members do.
    explicit RecordFile(const RecordPlace& place);
    ~RecordFile();
    RecordFile(const RecordFile&) = delete;
    RecordFile& operator=(const RecordFile&) = delete;

    template <class... Args>
    void print(fmt::format_string<Args...> format, Args&&... args) {
        append_formatted(buffer_, format, fmt::make_format_args(args...));
        if (buffer_.size() > kFlushBytes) drain();
    }
    void write(std::string_view text) {
        buffer_.append(text);
        if (buffer_.size() > kFlushBytes) drain();
    }
    /// The line of a spike; not for HDF5.
    void spike(std::uint64_t step, std::string_view population, std::uint32_t neuron,
               std::int32_t payload);
    // A row field by field, without text between if it goes to HDF5; `thousandths` of a unit.
    void cell(std::uint64_t value);
    void cell_thousandths(std::uint64_t thousandths);
    void cell(double value);  ///< with three decimals
    void cell(std::string_view text);
    void end_row();

    /// Where spikes go without lines between; null: as lines.
    [[nodiscard]] SonataSpikes* sonata() noexcept { return sonata_ ? &*sonata_ : nullptr; }

    /// Lines so far, with that of the names.
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
    /// All that was written is in the file; its steps before `complete_steps` are complete.
    void flush(std::uint64_t complete_steps);
    /// Goes on as HDF5, with what there is. `inputs`: the host's spikes so far, of a file of
    /// spikes.
    void turn_into_hdf5(const std::filesystem::path& inputs);
    /// Ends it without leaving anything; what is written from now on is lost.
    void drop();
    [[nodiscard]] bool is_open() const noexcept { return !dropped_; }

    /// The name at the end.
    [[nodiscard]] std::string name() const { return file_name(place_.table, place_.format); }
    [[nodiscard]] std::filesystem::path partial_path() const { return place_.partial / name(); }
    /// content_hash() of the whole file; nothing may be written after it.
    [[nodiscard]] std::string digest();
    /// Puts it in its final place.
    void commit();

private:
    static constexpr std::size_t kFlushBytes = 256 * 1024;

    void open_csv();
    void open_hdf5();
    void drain();
    /// The columns that take the next field; null: it is text, begun with a comma if needed.
    [[nodiscard]] TableColumns* begin_cell();
    void take(std::string_view lines);
    void finish_hdf5();
    [[noreturn]] void fail(int error) const;

    RecordPlace place_;
    std::filesystem::path final_;
    fmt::memory_buffer buffer_;
    std::uint64_t rows_ = 0;
    ContentHash hash_;  ///< of the CSV that left the buffer
    std::optional<OutputFile> direct_;
    std::FILE* csv_ = nullptr;
    std::unique_ptr<GrowingHdf5> hdf5_;
    std::optional<TableColumns> columns_;
    std::optional<SonataSpikes> sonata_;
    bool in_row_ = false;
    bool dropped_ = false;
    bool skips_line_ = false;  ///< the names of columns come next, where nobody needs them
};

}  // namespace seamount::tools
