#include "tools/watch/watch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "isa/base/diagnostic.hpp"
#include "isa/base/json.hpp"
#include "isa/base/text.hpp"
#include "tools/explore/report/page.hpp"
#include "tools/explore/report/summary.hpp"
#include "tools/explore/store/store.hpp"
#include "tools/report/report_page.hpp"
#include "tools/run/read/run_records.hpp"
#include "tools/run/records/files/partial_folder.hpp"
#include "tools/watch/page_server.hpp"

namespace seamount::watch {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto kLook = std::chrono::milliseconds{250};
/// Pages are made again at most so often, and at most a tenth of the time is spent on them.
constexpr auto kEvery = std::chrono::milliseconds{1000};
constexpr int kShare = 10;
/// What was not written for so long may be over.
constexpr auto kStill = std::chrono::seconds{3};
/// Readers get so long to fetch the last page.
constexpr auto kLastPage = std::chrono::seconds{3};

constexpr const char* kNothingYet =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>seamount watch</title>"
    "</head>\n<body><main><h1>Nothing to show yet</h1><p>The page comes with the first records."
    "</p></main>\n</body></html>\n";

/// What is watched.
class Source {
public:
    Source() = default;
    virtual ~Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    /// How far it is, in words; another text means that there is something new. It may be a little
    /// behind, but for the last time.
    [[nodiscard]] virtual std::string progress(bool last) = 0;
    [[nodiscard]] virtual std::string page() = 0;
    [[nodiscard]] virtual bool is_over() = 0;
};

class RunSource final : public Source {
public:
    explicit RunSource(fs::path folder) : folder_{std::move(folder)} {}

    std::string progress(bool) override {
        const fs::path partial = folder_ / tools::kPartialFolder;
        std::ifstream file{partial / tools::kProgressFile};
        std::error_code ignored;
        if (!file) {
            return fs::exists(folder_ / tools::kSummaryFile, ignored) ? "complete" : "not begun";
        }
        const Json json = parse_json(file);
        if (!json.is_object()) return said_;
        const auto steps = json.value("complete_steps", std::uint64_t{0});
        said_ = fmt::format("{} so far", counted(steps, "step"));
        return said_;
    }
    std::string page() override {
        std::vector<tools::RunRecords> runs;
        runs.emplace_back(folder_, true);
        return report::page_of(runs);
    }
    /// Nobody holds the folder of the records: they are complete, or whoever wrote them is gone.
    bool is_over() override {
        const fs::path partial = folder_ / tools::kPartialFolder;
        const int held = open(partial.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (held < 0) {
            std::error_code ignored;
            return fs::exists(folder_ / tools::kSummaryFile, ignored);
        }
        const bool free = flock(held, LOCK_SH | LOCK_NB) == 0;
        close(held);
        return free;
    }

private:
    fs::path folder_;
    std::string said_;
};

class SweepSource final : public Source {
public:
    /// Throws InputError (EXP-STORE) if the file is there and no store.
    explicit SweepSource(fs::path store) : path_{std::move(store)} {
        std::error_code ignored;
        if (fs::exists(path_, ignored)) open();
    }

    /// Looks into the store only where it has changed, and for at most a tenth of the time.
    std::string progress(bool last) override {
        std::error_code ignored;
        if (!store_ && !fs::exists(path_, ignored)) return "not begun";
        if (!store_) open();
        const auto began = Clock::now();
        if (!last && began < next_) return said_;
        if (!is_still_there()) open();
        const std::int64_t version = store_->version();
        if (version == seen_) return said_;
        said_ = counted(explore::summarise(*store_).points.size(), "point");
        seen_ = version;
        next_ = Clock::now() + kShare * (Clock::now() - began);
        return said_;
    }
    std::string page() override {
        if (!store_) return kNothingYet;
        const explore::Summary summary = explore::summarise(*store_);
        return summary.points.empty() ? kNothingYet : explore::page_of(*store_, summary);
    }
    bool is_over() override { return false; }

private:
    void open() {
        store_.reset();
        seen_.reset();
        store_.emplace(path_);
    }
    /// What is read is the file: neither a copy of it nor one that was replaced.
    [[nodiscard]] bool is_still_there() const {
        try {
            store_->require_file();
        } catch (const InputError&) {
            return false;
        }
        return !store_->is_copy();
    }

    fs::path path_;
    std::optional<explore::Store> store_;
    std::optional<std::int64_t> seen_;  ///< version of the store that was looked into
    std::string said_ = "not begun";
    Clock::time_point next_ = Clock::now();
};

std::unique_ptr<Source> source_of(const fs::path& what, bool soon) {
    std::error_code ignored;
    if (fs::is_directory(what, ignored)) {
        if (soon || fs::exists(what / tools::kPartialFolder, ignored) ||
            fs::exists(what / tools::kSummaryFile, ignored)) {
            return std::make_unique<RunSource>(what);
        }
        bad_input("CLI-FILE", what.string(), "no run writes into this folder, and none has",
                  "seamount run NETWORK --out DIR makes one; then seamount watch DIR");
    }
    // A run that has just been started makes its folder, and a sweep its store, in a moment.
    if (fs::is_regular_file(what, ignored) || (soon && !fs::exists(what, ignored))) {
        return std::make_unique<SweepSource>(what);
    }
    bad_input("CLI-FILE", what.string(), "neither a folder of records nor a store of a sweep",
              "seamount run NETWORK --out DIR --watch, or seamount watch DIR while it runs");
}

bool stdin_has_ended() {
    pollfd in{STDIN_FILENO, POLLIN, 0};
    if (poll(&in, 1, 0) <= 0) return false;
    char byte = 0;
    return (in.revents & (POLLHUP | POLLERR)) != 0 || read(STDIN_FILENO, &byte, 1) <= 0;
}

/// Keeps the page up to date.
class Watch {
public:
    Watch(Source& source, PageServer& server) : source_{source}, server_{server} {
        server_.show(kNothingYet, {0, "begins", false});
    }

    /// Looks whether something is new.
    void look(bool last) {
        std::string says = said_;
        try {
            says = source_.progress(last);
        } catch (const InputError&) {
            // Not there yet, or being replaced at this moment: the next look will tell.
        }
        const auto now = Clock::now();
        if (says != said_) changed_ = now;
        const bool is_new = says != said_ || last;
        said_ = says;
        if (is_new) stale_ = true;
        std::string page;
        if (stale_ && (last || now >= next_)) page = make(now);
        if (!page.empty()) ++number_;
        if (is_new || !page.empty()) server_.show(std::move(page), {number_, said_, last});
    }
    [[nodiscard]] bool is_still() const { return Clock::now() - changed_ > kStill; }

private:
    /// Empty if it cannot be made now; the one before stays.
    std::string make(Clock::time_point now) {
        std::string page;
        try {
            page = source_.page();
            stale_ = false;
        } catch (const std::exception&) {
            // The files are being written or renamed: what they hold is shown the next time.
        }
        const auto took = Clock::now() - now;
        next_ = Clock::now() + std::max<Clock::duration>(kEvery, kShare * took);
        return page;
    }

    Source& source_;
    PageServer& server_;
    std::string said_;
    bool stale_ = true;
    std::uint64_t number_ = 0;
    Clock::time_point next_ = Clock::now();
    Clock::time_point changed_ = Clock::now();
};

}  // namespace

void watch(const Options& options, const std::function<void(const std::string&)>& say) {
    const std::unique_ptr<Source> source = source_of(options.what, options.ends_with_stdin);
    if (!options.ends_with_stdin && source->is_over()) {
        bad_input("WATCH-OVER", options.what.string(), "the run is over",
                  "seamount report shows what it left");
    }
    PageServer server{options.port};
    say(fmt::format("watch at {}\n", server.address()));
    Watch watch{*source, server};
    for (;;) {
        watch.look(false);
        const bool over =
            options.ends_with_stdin ? stdin_has_ended() : watch.is_still() && source->is_over();
        if (over) break;
        std::this_thread::sleep_for(kLook);
    }
    watch.look(true);
    const auto until = Clock::now() + kLastPage;
    // An open page hears of the end, and then loads the last page.
    while (server.is_in_use() && Clock::now() < until) std::this_thread::sleep_for(kLook);
}

}  // namespace seamount::watch
