#include "compiler/frontend/data/csv.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <charconv>
#include <cmath>

#include "isa/base/text_rows.hpp"

namespace seamount::compiler::frontend {

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20U;
constexpr std::size_t kMaxText = std::size_t{1} << 30U;  ///< bytes, unpacked

[[noreturn]] void fail(const std::string& what) {
    throw DataError{"NET-CSV", what};
}

/// Result of reading one field: an integer, or else a number, or neither.
struct Field {
    bool integer = false;
    bool number = false;
    std::int64_t i = 0;
    double d = 0.0;
};

Field parse_field(std::string_view text) {
    Field field;
    if (text.starts_with('+')) text.remove_prefix(1);
    const char* end = text.data() + text.size();
    const auto as_integer = std::from_chars(text.data(), end, field.i);
    field.integer = as_integer.ec == std::errc{} && as_integer.ptr == end;
    if (field.integer) {
        field.d = static_cast<double>(field.i);
        field.number = true;
        return field;
    }
    const auto as_number = std::from_chars(text.data(), end, field.d);
    field.number = as_number.ec == std::errc{} && as_number.ptr == end && std::isfinite(field.d);
    return field;
}

/// The values read so far: integers until the first field that is not one.
class Cells {
public:
    void add(const Field& field) {
        if (integral_ && !field.integer) {
            numbers_.assign(integers_.begin(), integers_.end());
            integers_ = {};
            integral_ = false;
        }
        if (integral_) {
            integers_.push_back(field.i);
        } else {
            numbers_.push_back(field.d);
        }
    }
    [[nodiscard]] DataArray table(std::uint64_t rows, std::uint64_t columns) const {
        return integral_ ? make(integers_, ElementType::kI64, rows, columns)
                         : make(numbers_, ElementType::kF64, rows, columns);
    }

private:
    template <class T>
    static DataArray make(const std::vector<T>& values, ElementType type, std::uint64_t rows,
                          std::uint64_t columns) {
        std::vector<std::byte> bytes(values.size() * sizeof(T));
        if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
        return {keep_bytes(std::move(bytes)), 0, type, {rows, columns}};
    }

    bool integral_ = true;
    std::vector<std::int64_t> integers_;
    std::vector<double> numbers_;
};

bool looks_like_header(const std::vector<std::string_view>& fields) {
    for (const std::string_view field : fields) {
        // "nan" and "inf" are bad values, not names of columns.
        double ignored = 0.0;
        const char* end = field.data() + field.size();
        if (std::from_chars(field.data(), end, ignored).ptr == end && !field.empty()) return false;
        if (parse_field(field).number) return false;
    }
    return true;
}

std::vector<std::string> header_names(const std::vector<std::string_view>& fields) {
    std::vector<std::string> names;
    for (std::string_view field : fields) {
        if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
            field = field.substr(1, field.size() - 2);
        }
        names.emplace_back(field);
    }
    return names;
}

}  // namespace

DataArray parse_csv(std::string_view text) {
    Cells values;
    std::vector<std::string> names;
    std::vector<std::string_view> fields;
    std::uint64_t rows = 0;
    std::size_t columns = 0;
    char separator = ' ';
    bool started = false;
    for (TextRows lines{text}; lines.next();) {
        const std::string_view line = lines.line();
        const std::size_t number = lines.number();
        const bool first = !started;
        if (first && line.find(',') != std::string_view::npos) separator = ',';
        started = true;
        split_row(line, separator, fields);
        if (first) {
            columns = fields.size();
            if (looks_like_header(fields)) {
                names = header_names(fields);
                continue;
            }
        }
        if (fields.size() != columns) {
            fail(fmt::format("line {}: {} fields, the first line has {}", number, fields.size(),
                             columns));
        }
        for (const std::string_view field : fields) {
            const Field value = parse_field(field);
            if (!value.number) {
                const auto column = static_cast<std::size_t>(field.data() - line.data()) + 1;
                fail(fmt::format("line {}, column {}: '{}' is not a finite number", number, column,
                                 field.substr(0, 40)));
            }
            values.add(value);
        }
        ++rows;
    }
    DataArray table = values.table(rows, columns);
    table.set_columns(std::move(names));
    return table;
}

std::string read_gzip(const std::filesystem::path& path) {
    const std::unique_ptr<gzFile_s, decltype(&gzclose)> file{gzopen(path.c_str(), "rb"), &gzclose};
    if (!file) throw DataError{"NET-FILE", "cannot be opened"};
    std::string text;
    for (;;) {
        const std::size_t used = text.size();
        if (used > kMaxText) fail("the unpacked text is larger than 1 GiB");
        text.resize(used + kChunk);
        const int got = gzread(file.get(), text.data() + used, static_cast<unsigned>(kChunk));
        int code = Z_OK;
        const char* reason = gzerror(file.get(), &code);
        if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
            fail(fmt::format("cannot unpack the file: {}", reason));
        }
        text.resize(used + static_cast<std::size_t>(got));
        if (got == 0) break;
    }
    if (gzdirect(file.get()) != 0) fail("not a gzip file");
    return text;
}

}  // namespace seamount::compiler::frontend
