#include "tools/debug/terminal.hpp"

#include <fmt/core.h>
#include <histedit.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <utility>

namespace seamount::debug {
namespace {

std::atomic<bool> pressed{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_interrupt(int /*signal*/) {
    pressed.store(true);
}

std::string without_end(std::string line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    return line;
}

}  // namespace

struct Terminal::Impl {
    std::string prompt;
    Complete complete;
    EditLine* edit = nullptr;
    History* history = nullptr;
    HistEvent event{};

    static Impl& of(EditLine* edit) {
        void* self = nullptr;
        el_get(edit, EL_CLIENTDATA, &self);
        return *static_cast<Impl*>(self);
    }
    static const char* show_prompt(EditLine* edit) { return of(edit).prompt.c_str(); }

    /// Completes the word before the cursor as far as it is certain, or shows what there is.
    static unsigned char on_tab(EditLine* edit, int /*key*/) {
        const LineInfo* const info = el_line(edit);
        const std::string line{info->buffer, info->cursor};
        const std::string word = line.substr(line.find_last_of(" \t(->=") + 1);
        const std::vector<std::string> names = of(edit).complete(line);
        if (names.empty()) return CC_ERROR;
        std::string common = names.front();
        for (const std::string& name : names) {
            const auto parts =
                std::mismatch(common.begin(), common.end(), name.begin(), name.end());
            common.erase(parts.first, common.end());
        }
        if (common.size() > word.size()) {
            const std::string rest = common.substr(word.size()) + (names.size() == 1 ? " " : "");
            el_insertstr(edit, rest.c_str());
            return CC_REFRESH;
        }
        if (names.size() == 1) return CC_NORM;
        std::fputc('\n', stdout);
        for (const std::string& name : names) fmt::print("{}  ", name);
        std::fputc('\n', stdout);
        return CC_REDISPLAY;
    }
};

Terminal::Terminal(std::string prompt, Complete complete) : impl_{std::make_unique<Impl>()} {
    impl_->prompt = std::move(prompt);
    impl_->complete = std::move(complete);
    impl_->edit = el_init("seamount", stdin, stdout, stderr);
    impl_->history = history_init();
    history(impl_->history, &impl_->event, H_SETSIZE, 1000);
    EditLine* const edit = impl_->edit;
    el_set(edit, EL_CLIENTDATA, impl_.get());
    el_set(edit, EL_PROMPT, &Impl::show_prompt);
    el_set(edit, EL_EDITOR, "emacs");
    el_set(edit, EL_HIST, history, impl_->history);
    el_set(edit, EL_SIGNAL, 1);
    el_set(edit, EL_ADDFN, "ed-complete", "complete a word", &Impl::on_tab);
    el_set(edit, EL_BIND, "^I", "ed-complete", nullptr);
}

Terminal::~Terminal() {
    history_end(impl_->history);
    el_end(impl_->edit);
}

std::optional<std::string> Terminal::line() {
    int count = 0;
    const char* const text = el_gets(impl_->edit, &count);
    if (text == nullptr || count <= 0) return std::nullopt;
    std::string line = without_end(text);
    if (!line.empty()) history(impl_->history, &impl_->event, H_ENTER, line.c_str());
    return line;
}

InterruptGuard::InterruptGuard() : before_{std::signal(SIGINT, on_interrupt)} {
    pressed.store(false);
}

InterruptGuard::~InterruptGuard() {
    (void)std::signal(SIGINT, before_);
}

bool InterruptGuard::take() {
    return pressed.exchange(false);
}

}  // namespace seamount::debug
