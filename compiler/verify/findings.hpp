#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "compiler/verify/verify.hpp"

namespace seamount::compiler::verifier {

/// Collects differences between image and network, the first ones of each code in full.
class Findings {
public:
    Findings(VerifyResult& result, std::string image) : result_{result}, image_{std::move(image)} {}

    template <class... Args>
    void add(const char* code, fmt::format_string<Args...> text, Args&&... args) {
        add_at({image_, 0, 0}, code, fmt::format(text, std::forward<Args>(args)...));
    }
    /// At the place of the network file that the image contradicts.
    void add_at(const SourceLocation& where, const char* code, std::string text) {
        ++result_.found;
        if (++count_[code] > VerifyResult::kListed) return;
        result_.findings.push_back({code, where, std::move(text), {}, Severity::kError});
    }

private:
    VerifyResult& result_;
    std::string image_;
    std::map<std::string, std::uint64_t> count_;
};

}  // namespace seamount::compiler::verifier
