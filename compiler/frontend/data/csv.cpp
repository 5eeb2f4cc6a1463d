#include "compiler/frontend/data/csv.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>

#include "isa/base/text_rows.hpp"

namespace seamount::compiler::frontend {

namespace {

/// Deflate packs no better.
constexpr std::uint64_t kMostPacked = 1032;

[[noreturn]] void fail(const std::string& what, std::string hint = {}) {
    throw DataError{"NET-CSV", what, std::move(hint)};
}

/// What a table will take of memory, counted before any is taken.
class TableSize {
public:
    explicit TableSize(std::uint64_t max_input) : max_input_{max_input} {}

    /// The next piece of the text. Throws DataError (NET-LARGE) as soon as it is too much.
    void add(std::string_view text) {
        for (const char c : text) {
            const bool ends = c == ',' || c == ';';
            const bool in_cell = !ends && c != ' ' && c != '\t' && c != '\n' && c != '\r';
            cells_ += (in_cell && !in_cell_) || (ends && empty_) ? 1 : 0;
            empty_ = ends || (empty_ && !in_cell && c != '\n');
            in_cell_ = in_cell;
            if (c == '\n' && first_row_ == 0) first_row_ = cells_;
        }
        bytes_ += text.size();
        const std::uint64_t row = first_row_ == 0 ? cells_ : first_row_;
        const std::uint64_t need = std::max(bytes_, cells_ * kCell + row * kField);
        if (need > max_input_) refuse_unpacking(need, max_input_);
    }

private:
    static constexpr std::uint64_t kCell = sizeof(double);
    /// Of the row that is being read: where the field is, and perhaps its name.
    static constexpr std::uint64_t kField = sizeof(std::string_view) + sizeof(std::string);

    const std::uint64_t max_input_;
    std::uint64_t bytes_ = 0;
    std::uint64_t cells_ = 0;
    std::uint64_t first_row_ = 0;  ///< cells of it
    bool in_cell_ = false;
    bool empty_ = true;  ///< a separator now would end a cell without content
};

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

char separator_of(std::string_view line) {
    for (const char c : {';', ','}) {
        if (line.find(c) != std::string_view::npos) return c;
    }
    return ' ';
}

/// What may be meant by a field that is no number.
std::string hint_for(std::string_view field, char separator) {
    double ignored = 0.0;
    const std::size_t comma = field.find(',');
    const char* const end = field.data() + std::min(comma, field.size());
    const bool is_decimal = separator == ';' && comma != std::string_view::npos &&
                            std::from_chars(field.data(), end, ignored).ptr == end;
    if (is_decimal) return "write a point instead of the decimal comma";
    if (field.empty()) return "a value is missing";
    return {};
}

}  // namespace

DataArray parse_csv(std::string_view text, std::uint64_t max_input) {
    if (text.size() > max_input / sizeof(double)) TableSize{max_input}.add(text);
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
        if (first) separator = separator_of(line);
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
                             columns),
                 separator != ' ' && line.find(separator) == std::string_view::npos
                     ? fmt::format("fields are separated by '{}', as in the first line", separator)
                     : "");
        }
        for (const std::string_view field : fields) {
            const Field value = parse_field(field);
            if (!value.number) {
                const auto column = static_cast<std::size_t>(field.data() - line.data()) + 1;
                fail(fmt::format("line {}, column {}: '{}' is not a finite number", number, column,
                                 field.substr(0, 40)),
                     hint_for(field, separator));
            }
            values.add(value);
        }
        ++rows;
    }
    DataArray table = values.table(rows, columns);
    table.set_columns(std::move(names));
    return table;
}

namespace {

/// Calls take(piece) for the text of a gzip file, piece by piece.
template <class Take>
void unpack(const std::filesystem::path& path, Take&& take) {
    const std::unique_ptr<gzFile_s, decltype(&gzclose)> file{gzopen(path.c_str(), "rb"), &gzclose};
    if (!file) throw DataError{"NET-FILE", "cannot be opened"};
    constexpr unsigned kPiece = 1U << 16U;
    std::string piece(kPiece, '\0');
    for (;;) {
        const int got = gzread(file.get(), piece.data(), kPiece);
        int code = Z_OK;
        const char* reason = gzerror(file.get(), &code);
        if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
            fail(fmt::format("cannot unpack the file: {}", reason));
        }
        if (got == 0) break;
        take(std::string_view{piece}.substr(0, static_cast<std::size_t>(got)));
    }
    if (gzdirect(file.get()) != 0) fail("not a gzip file");
}

}  // namespace

std::string read_gzip(const std::filesystem::path& path, std::uint64_t max_input) {
    std::error_code ignored;
    const std::uintmax_t packed = std::filesystem::file_size(path, ignored);
    const bool may_be_large = packed > max_input / sizeof(double) / kMostPacked;
    if (may_be_large) {
        TableSize size{max_input};
        unpack(path, [&size](std::string_view piece) { size.add(piece); });
    }
    std::string text;
    unpack(path, [&text](std::string_view piece) { text += piece; });
    return text;
}

}  // namespace seamount::compiler::frontend
