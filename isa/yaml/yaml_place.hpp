#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "isa/base/diagnostic.hpp"

/// Where nodes stand, and why they are there.
namespace seamount::yaml {

/// A position, with the file's name shared by all its nodes.
struct Place {
    std::shared_ptr<const std::string> file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    [[nodiscard]] SourceLocation location() const;
};

/// Why a node of a template is there.
struct Use {
    std::string name;       ///< of the use
    std::string of;         ///< of the template
    Place where;            ///< of the use, or of the value
    bool is_value = false;  ///< the use gave the value of a parameter
    /// Which parts of the node's text the use gave, if not all: from one character to before
    /// another.
    std::vector<std::pair<std::size_t, std::size_t>> given{};

    /// Whether the use gave the characters [begin, end) of the node's text, all of them.
    [[nodiscard]] bool gave(std::size_t begin, std::size_t end) const;
};
/// " (c1 of template 'column', used at net.yaml:12:5)".
[[nodiscard]] std::string text_of_use(const Use& use);

}  // namespace seamount::yaml
