#include "tools/run/timeline/wave_file.hpp"

#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "isa/base/diagnostic.hpp"

namespace seamount::tools {
namespace {

constexpr std::string_view kEnding = ".vcd";

[[noreturn]] void fail(const std::string& path) {
    bad_input("OUT-WRITE", path, "cannot write: " + std::generic_category().message(errno),
              "make room on its disk, or choose a place that you may write to");
}

}  // namespace

WaveFile::WaveFile(const std::string& file, const StepWindow& window)
    : file_{file}, path_{file}, window_{window} {
    std::string name = file + ".XXXXXX" + std::string{kEnding};
    descriptor_ = mkstemps(name.data(), static_cast<int>(kEnding.size()));
    if (descriptor_ < 0) fail(file);
    temporary_ = name.substr(0, name.size() - kEnding.size());
}

WaveFile::~WaveFile() {
    forget_name();
    if (descriptor_ >= 0) close(descriptor_);
}

void WaveFile::forget_name() {
    if (temporary_.empty()) return;
    unlink((temporary_ + std::string{kEnding}).c_str());
    temporary_.clear();
}

emu::WaveParams WaveFile::wave() const {
    return {temporary_, window_.first, window_.end, kMostChanges};
}

void WaveFile::on_step(const emu::StepReport& report, const session::Tally& /*tally*/) {
    forget_name();
    last_ = report.activity.step;
    if (window_.has(last_)) ++asked_;
}

void WaveFile::finish(const emu::RunTotals& totals) {
    shown_ = totals.wave_steps;
}

void WaveFile::commit() {
    constexpr std::size_t kBlock = 1U << 20U;
    std::vector<char> block(kBlock);
    off_t at = 0;
    for (;;) {
        const ssize_t got = pread(descriptor_, block.data(), block.size(), at);
        if (got < 0) fail(path_);
        if (got == 0) break;
        file_.write(std::string_view{block.data(), static_cast<std::size_t>(got)});
        at += got;
    }
    file_.commit();
}

std::string WaveFile::note() const {
    if (asked_ == 0) return fmt::format("{}: the run had no step of the window", path_);
    if (shown_ == asked_) return {};
    return fmt::format(
        "{}: shows {} of {} steps; the others, from step {} on, are left out so that it opens: "
        "choose steps with --window",
        path_, shown_, asked_, last_ + 1 - (asked_ - shown_));
}

}  // namespace seamount::tools
