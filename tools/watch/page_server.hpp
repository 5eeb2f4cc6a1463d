#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace seamount::watch {

/// What a browser is told while the page is open.
struct Event {
    std::uint64_t number = 0;  ///< of the page: another one is there if it grows
    std::string says;          ///< "step 1,200 of 5,000"
    bool over = false;         ///< nothing new will come
};

/// Serves one page on 127.0.0.1, under a path that nobody can guess, to whoever asks by GET with a
/// Host of this machine; and events, by which an open page follows it, up to the one that says that
/// it is over. Nothing else is answered but with 404, and nothing that is sent to it is read.
class PageServer {
public:
    /// `port` 0: any that is free. Throws InputError (WATCH-PORT).
    explicit PageServer(std::uint32_t port);
    ~PageServer();
    PageServer(const PageServer&) = delete;
    PageServer& operator=(const PageServer&) = delete;

    /// "http://127.0.0.1:40123/Zx.../"
    [[nodiscard]] const std::string& address() const noexcept { return address_; }
    /// Another page, or only another event about it (`page` empty).
    void show(std::string page, const Event& event);
    /// Somebody has the page open, or had it a moment ago and may be loading it again.
    [[nodiscard]] bool is_in_use() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::string address_;
};

}  // namespace seamount::watch
