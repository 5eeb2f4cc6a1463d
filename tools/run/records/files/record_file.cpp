#include "tools/run/records/files/record_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <system_error>

#include "isa/base/diagnostic.hpp"
#include "tools/run/records/files/number_text.hpp"

namespace seamount::tools {
namespace {

namespace fs = std::filesystem;

/// Calls `take` for the lines of a file, many at a time.
template <class Take>
void for_lines(const fs::path& path, Take&& take) {
    constexpr std::size_t kBlock = 1 << 20;
    std::ifstream stream{path, std::ios::binary};
    std::string block;
    std::string rest;
    while (stream) {
        block.resize(kBlock);
        stream.read(block.data(), kBlock);
        block.resize(static_cast<std::size_t>(stream.gcount()));
        rest += block;
        const std::size_t end = rest.rfind('\n');
        if (end == std::string::npos) continue;
        take(std::string_view{rest}.substr(0, end + 1));
        rest.erase(0, end + 1);
    }
}

std::string_view without_first_line(std::string_view lines) {
    return lines.substr(lines.find('\n') + 1);
}

}  // namespace

std::string file_name(std::string_view table, RecordFormat format) {
    return std::string{table} + (format == RecordFormat::kCsv ? ".csv" : ".h5");
}

RecordFile::RecordFile(const RecordPlace& place) : place_{place} {
    if (place_.format == RecordFormat::kCsv) {
        open_csv();
    } else {
        open_hdf5();
    }
}

RecordFile::~RecordFile() {
    if (csv_ != nullptr) std::fclose(csv_);
}

void RecordFile::open_csv() {
    final_ = place_.folder / name();
    std::error_code ignored;
    const fs::file_status there = fs::symlink_status(final_, ignored);
    if (fs::exists(there) && !fs::is_regular_file(there)) {
        direct_.emplace(final_);
        return;
    }
    csv_ = std::fopen(partial_path().c_str(), "wbxe");
    if (csv_ == nullptr) fail(errno);
}

void RecordFile::open_hdf5() {
    place_.format = RecordFormat::kHdf5;
    final_ = place_.folder / name();
    hdf5_ = std::make_unique<GrowingHdf5>(partial_path(), final_);
    if (place_.spikes) {
        sonata_.emplace(*hdf5_, place_.image, place_.dt_ms);
        skips_line_ = true;
    } else {
        columns_.emplace(*hdf5_, place_.table);
    }
}

void RecordFile::drain() {
    if (dropped_) return buffer_.clear();
    const std::string_view text{buffer_.data(), buffer_.size()};
    if (hdf5_) {
        // a line may still be on its way
        const std::size_t end = text.rfind('\n') + 1;
        if (end == 0) return;
        take(text.substr(0, end));
        const std::string rest{text.substr(end)};
        buffer_.clear();
        buffer_.append(rest);
        return;
    }
    rows_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    if (direct_) {
        direct_->write(text);
    } else {
        hash_.add(std::as_bytes(std::span{text}));
        if (std::fwrite(text.data(), 1, text.size(), csv_) != text.size()) fail(errno);
    }
    buffer_.clear();
}

TableColumns* RecordFile::begin_cell() {
    if (columns_ && !in_row_) drain();  // what came as lines comes before
    const bool has_columns = columns_ && columns_->has_head();
    if (!has_columns && in_row_) buffer_.push_back(',');
    in_row_ = true;
    return has_columns ? &*columns_ : nullptr;
}

void RecordFile::cell(std::uint64_t value) {
    if (TableColumns* const columns = begin_cell()) return columns->add_integer(value);
    buffer_.append(NumberText{value}.view());
}

void RecordFile::cell_thousandths(std::uint64_t thousandths) {
    constexpr double kThousand = 1000.0;
    constexpr std::uint64_t kExact = std::uint64_t{1} << 53U;
    TableColumns* const columns = begin_cell();
    const NumberText text = NumberText::of_thousandths(thousandths);
    if (columns == nullptr) return buffer_.append(text.view());
    if (thousandths > kExact) return columns->add_text(text.view());
    columns->add_decimal(static_cast<double>(thousandths) / kThousand);
}

void RecordFile::cell(double value) {
    if (const auto thousandths = thousandths_of(value)) return cell_thousandths(*thousandths);
    cell(std::string_view{fmt::format("{:.3f}", value)});
}

void RecordFile::cell(std::string_view text) {
    if (TableColumns* const columns = begin_cell()) return columns->add_text(text);
    buffer_.append(text);
}

void RecordFile::spike(std::uint64_t step, std::string_view population, std::uint32_t neuron,
                       std::int32_t payload) {
    constexpr std::size_t kNumbers = 48;  // 20, 10 and 11 characters, and what stands between them
    const std::size_t begin = buffer_.size();
    buffer_.resize(begin + population.size() + kNumbers);
    char* const end = buffer_.data() + buffer_.size();
    char* at = std::to_chars(buffer_.data() + begin, end, step).ptr;
    *at++ = ',';
    at = std::copy(population.begin(), population.end(), at);
    *at++ = ',';
    at = std::to_chars(at, end, neuron).ptr;
    *at++ = ',';
    at = std::to_chars(at, end, payload).ptr;
    *at++ = '\n';
    buffer_.resize(static_cast<std::size_t>(at - buffer_.data()));
    if (buffer_.size() > kFlushBytes) drain();
}

void RecordFile::end_row() {
    in_row_ = false;
    if (columns_ && columns_->has_head()) {
        ++rows_;
        return columns_->end_row();
    }
    buffer_.push_back('\n');
    if (buffer_.size() > kFlushBytes) drain();
}

void RecordFile::take(std::string_view lines) {
    rows_ += static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
    if (columns_) return columns_->add(lines);
    if (std::exchange(skips_line_, false)) lines = without_first_line(lines);
    sonata_->add_lines(lines, false);
}

void RecordFile::flush(std::uint64_t complete_steps) {
    drain();
    if (csv_ != nullptr && std::fflush(csv_) != 0) fail(errno);
    if (!hdf5_) return;
    hdf5_->attribute("/", "complete_steps", complete_steps);
    hdf5_->flush();
}

void RecordFile::turn_into_hdf5(const fs::path& inputs) {
    if (direct_ || hdf5_) return;
    flush(0);
    const fs::path csv = partial_path();
    std::fclose(std::exchange(csv_, nullptr));
    open_hdf5();
    rows_ = 0;
    for_lines(csv, [this](std::string_view lines) { take(lines); });
    if (sonata_ && !inputs.empty()) {
        bool first = true;
        for_lines(inputs, [&](std::string_view lines) {
            sonata_->add_lines(std::exchange(first, false) ? without_first_line(lines) : lines,
                               true);
        });
    }
    hdf5_->flush();
    std::error_code ignored;
    fs::remove(csv, ignored);
}

void RecordFile::drop() {
    dropped_ = true;
    buffer_.clear();
    const fs::path path = partial_path();
    if (csv_ != nullptr) std::fclose(std::exchange(csv_, nullptr));
    direct_.reset();
    std::error_code ignored;
    fs::remove(path, ignored);
}

void RecordFile::finish_hdf5() {
    if (!hdf5_) return;
    columns_.reset();
    sonata_.reset();
    hdf5_->finish();
    hdf5_.reset();
}

std::string RecordFile::digest() {
    drain();
    if (direct_) return direct_->digest();
    if (csv_ != nullptr) return hash_.digest();
    finish_hdf5();
    return content_hash_of_file(partial_path());
}

void RecordFile::commit() {
    if (csv_ != nullptr || direct_) drain();
    if (direct_) return direct_->commit();
    if (csv_ != nullptr) {
        if (std::fflush(csv_) != 0) fail(errno);
        // after a power cut the name must not stand for a file that is not there yet
        if (fsync(fileno(csv_)) != 0 && errno != EINVAL) fail(errno);
        if (std::fclose(std::exchange(csv_, nullptr)) != 0) fail(errno);
    }
    finish_hdf5();
    std::error_code error;
    // a link stays, and its target is replaced
    const fs::path target =
        fs::is_symlink(final_, error) ? fs::weakly_canonical(final_, error) : final_;
    fs::rename(partial_path(), target, error);
    if (error) fail(error.value());
}

void RecordFile::fail(int error) const {
    bad_input("OUT-WRITE", final_.string(),
              "cannot write: " + std::generic_category().message(error),
              "make room on its disk, or choose a place that you may write to");
}

}  // namespace seamount::tools
