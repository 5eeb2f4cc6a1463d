#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "emulator/mesh/grid/mesh_model.hpp"
#include "isa/base/output_file.hpp"
#include "isa/chip/chip_spec.hpp"
#include "isa/image/image.hpp"
#include "tools/run/records/files/record_lines.hpp"
#include "tools/session/observer.hpp"

namespace seamount::tools {

/// A file that is made while a run goes on. It appears, complete, when commit() is called.
class Record : public session::RunObserver {
public:
    virtual void commit() = 0;
    /// Values that could not be computed and are empty.
    [[nodiscard]] virtual std::uint64_t empty_values() const { return 0; }
    /// What it left out, in words; empty: nothing.
    [[nodiscard]] virtual std::string note() const { return {}; }
};

/// A record that is one table.
class FileRecord : public Record {
public:
    /// Throws InputError (OUT-WRITE) if the file cannot be created.
    explicit FileRecord(const RecordPlace& place) : file{place} {}
    void commit() override { file.file().commit(); }
    /// Gives all that it has to the writer's thread.
    virtual void hand_over() { file.hand_over(); }
    /// Where its lines go; for the writer's thread, or after WriterThread::wait().
    [[nodiscard]] RecordFile& output() { return file.file(); }

protected:
    RecordLines file;
};

/// A record that the user gave a name: one text file, whatever becomes of the folder.
class NamedRecord : public Record {
public:
    /// Throws InputError (OUT-WRITE) if the file cannot be created.
    explicit NamedRecord(const std::filesystem::path& path) : file{path} {}
    void commit() override { file.commit(); }

protected:
    OutputFile file;
};

/// What records are of. A record keeps the image and the chip, never the context.
struct RecordContext {
    const isa::Image& image;
    const isa::ChipSpec& chip;
    double dt_ms = 1.0;  ///< of a step, in files that have times
    bool timed = true;   ///< false: the run models neither mesh nor times
};

/// Opens a record at `place`.
using OpenRecord = std::unique_ptr<FileRecord> (*)(const RecordPlace& place,
                                                   const RecordContext& context);

/// Names of the populations, quoted for CSV.
[[nodiscard]] std::vector<std::string> population_fields(const isa::Image& image);

/// Nanoseconds with three decimals, exactly.
[[nodiscard]] std::string nanoseconds(std::uint64_t picoseconds);

/// The part of the run's modelled time, 0..1.
[[nodiscard]] double share_of_run(std::uint64_t picoseconds, const emu::RunTotals& totals);

}  // namespace seamount::tools
