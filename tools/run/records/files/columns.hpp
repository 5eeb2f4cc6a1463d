#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace seamount::tools {

/// How the values of a column are stored in HDF5.
enum class ColumnKind : std::uint8_t {
    kInteger,  ///< 64 bits with a sign; kMissing: empty
    kDecimal,  ///< a double; printed with `decimals`
    kText,     ///< codes of 32 bits, by the order in which the texts came; texts beside them
};

/// What a column of a record means, by its name.
struct ColumnInfo {
    ColumnKind kind = ColumnKind::kInteger;
    std::string units{};  ///< "ns", "pJ", "1", ...; empty: none
    std::uint32_t decimals = 0;
};

/// The integer that stands for an empty field.
inline constexpr std::int64_t kMissing = std::numeric_limits<std::int64_t>::min();

/// By name: `_ns` and `_pj` end times and energies, with three decimals; `utilisation` has six.
[[nodiscard]] ColumnInfo column_info(std::string_view name);

/// The fields of a line of CSV without its end; quotes are removed.
void split_fields(std::string_view line, std::vector<std::string>& fields);

}  // namespace seamount::tools
