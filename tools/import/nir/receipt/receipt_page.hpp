#pragma once

#include <string>

namespace seamount::importer::nir {

/// The receipt, as NirReceipt::json() writes it, as a page to read: what became of each parameter
/// and each matrix, and how far the two runs are apart.
[[nodiscard]] std::string receipt_page(const std::string& json);

}  // namespace seamount::importer::nir
