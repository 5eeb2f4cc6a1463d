#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/import/network/receipt.hpp"
#include "tools/import/nir/fixed/fixed.hpp"
#include "tools/import/nir/fold/model.hpp"
#include "tools/import/nir/graph/nir_options.hpp"
#include "tools/import/nir/receipt/comparison.hpp"
#include "tools/import/nir/reference/reference.hpp"

namespace seamount::importer::nir {

/// All that an import of a NIR graph decided.
struct Conversion {
    std::string file;
    std::string version;
    NirOptions options;
    Model model;
    Fixed fixed;
    std::vector<Activity> activity;
    std::vector<std::string> notes;
};

class NirReceipt : public Receipt {
public:
    explicit NirReceipt(Conversion conversion) : made_{std::move(conversion)} {}

    void compare(isa::Image image, std::uint64_t steps) override;
    [[nodiscard]] std::string json() const override;
    [[nodiscard]] std::string html() const override;
    [[nodiscard]] std::string table() const override;

private:
    Conversion made_;
    std::uint64_t steps_ = 0;
    std::optional<std::vector<PopulationComparison>> compared_;
};

}  // namespace seamount::importer::nir
