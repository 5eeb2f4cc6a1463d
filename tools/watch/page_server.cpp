#include "tools/watch/page_server.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "isa/base/diagnostic.hpp"
#include "isa/base/json.hpp"

namespace seamount::watch {
namespace {

constexpr const char* kHost = "127.0.0.1";
constexpr std::string_view kGet = "GET";
constexpr int kMostReaders = 16;  ///< each has a thread while its page is open
constexpr auto kHeartbeat = std::chrono::seconds{1};
constexpr std::size_t kMostPayload = 1024;  ///< bytes; none are wanted
constexpr std::time_t kReadSeconds = 2;     ///< that a request may keep a thread waiting
/// A page that hears of the end asks for the last page within this time.
constexpr auto kReload = std::chrono::milliseconds{500};

/// 192 bits that nobody can guess, as 32 letters and digits of base64url.
std::string random_token() {
    static constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::random_device source;
    std::string token;
    for (int i = 0; i < 32; ++i) token += kDigits[source() % kDigits.size()];
    return token;
}

/// As long for every text of one length, right or wrong.
bool is_equal(std::string_view a, std::string_view b) {
    unsigned difference = a.size() == b.size() ? 0U : 1U;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        difference |= a[i] == b[i] ? 0U : 1U;
    }
    return difference == 0;
}

/// Follows the events: a line at the top says how far it is, and the page is loaded again when
/// there is another one, unless the reader holds it.
constexpr const char* kFollow = R"js(<script>
(() => {
  const bar = document.createElement("div");
  bar.id = "watch"; bar.setAttribute("role", "status");
  bar.style.cssText = "position:sticky;top:0;z-index:9;padding:.4em 1em;font:14px sans-serif;background:#123;color:#fff";
  const text = document.createElement("span"), hold = document.createElement("input"), label = document.createElement("label");
  hold.type = "checkbox"; hold.id = "watch-hold"; hold.checked = sessionStorage.getItem("hold") === "yes";
  hold.onchange = () => sessionStorage.setItem("hold", hold.checked ? "yes" : "no");
  label.append(hold, " hold this page"); label.style.marginLeft = "2em";
  bar.append(text, label); document.body.prepend(bar);
  const source = new EventSource("events");
  let last = 0;
  source.onmessage = message => {
    const event = JSON.parse(message.data);
    text.textContent = event.says; bar.dataset.number = event.number;
    bar.dataset.moves = +(bar.dataset.moves || 0) + (event.says !== last ? 1 : 0); last = event.says;
    if (event.over) { source.close(); label.remove(); }
    if (event.number !== PAGE_NUMBER && (event.over || !hold.checked)) location.reload();
  };
  source.onerror = () => { text.textContent = text.textContent.replace(/( \(ended\))?$/, " (ended)");
};
})();
</script></body>)js";

}  // namespace

struct PageServer::Impl {
    void serve(const httplib::Request& request, httplib::Response& response);
    void page(httplib::Response& response);
    void events(httplib::Response& response);
    /// Waits for another event than number `seen`; false when the server ends.
    bool next(std::uint64_t& seen, bool& over, std::string& text);
    /// Somebody reads, now.
    void note_use() { used = std::chrono::steady_clock::now(); }

    httplib::Server server;
    std::thread thread;
    std::string token;
    int port = 0;
    std::mutex mutex;
    std::condition_variable changed;
    std::string html;
    Event event;
    std::uint64_t events_shown = 0;
    bool ends = false;
    std::atomic<int> readers{0};
    std::atomic<std::chrono::steady_clock::time_point> used{};
};

void PageServer::Impl::serve(const httplib::Request& request, httplib::Response& response) {
    // A page of somebody else, whose name was made to lead here, says so in its Host.
    const std::string host = request.get_header_value("Host");
    const bool is_ours =
        host == fmt::format("{}:{}", kHost, port) || host == fmt::format("localhost:{}", port);
    const std::string& path = request.path;
    const bool knows = path.size() > token.size() + 1 &&
                       is_equal(std::string_view{path}.substr(1, token.size()), token) &&
                       path[token.size() + 1] == '/';
    const std::string what = knows ? path.substr(token.size() + 2) : std::string{};
    response.set_header("Cache-Control", "no-store");
    response.set_header("Referrer-Policy", "no-referrer");
    response.set_header("X-Content-Type-Options", "nosniff");
    response.status = 404;
    if (!is_ours || !knows) return;
    note_use();
    static constexpr std::string_view kEvents = "events";
    if (what.empty()) {
        page(response);
    } else if (what == kEvents && readers.load() < kMostReaders) {
        events(response);
    }
}

void PageServer::Impl::page(httplib::Response& response) {
    const std::lock_guard lock{mutex};
    response.status = 200;
    std::string follow = kFollow;
    static constexpr std::string_view kNumber = "PAGE_NUMBER";
    follow.replace(follow.find(kNumber), kNumber.size(), std::to_string(event.number));
    std::string text = html;
    static constexpr std::string_view kEnd = "</body>";
    const std::size_t end = text.rfind(kEnd);
    if (end != std::string::npos) text.replace(end, kEnd.size(), follow);
    response.set_header("Content-Security-Policy",
                        "default-src 'none'; script-src 'unsafe-inline'; style-src "
                        "'unsafe-inline'; img-src data:; connect-src 'self'");
    response.set_content(text, "text/html; charset=utf-8");
}

void PageServer::Impl::events(httplib::Response& response) {
    response.status = 200;
    ++readers;
    response.set_chunked_content_provider(
        "text/event-stream",
        [this, seen = std::uint64_t{0}, over = false](std::size_t,
                                                      httplib::DataSink& sink) mutable {
            std::string text;
            if (over || !next(seen, over, text)) {
                sink.done();
                return true;
            }
            return sink.write(text.data(), text.size());
        },
        [this](bool) {
            note_use();
            --readers;
        });
}

bool PageServer::Impl::next(std::uint64_t& seen, bool& over, std::string& text) {
    std::unique_lock lock{mutex};
    changed.wait_for(lock, kHeartbeat, [&] { return ends || events_shown != seen; });
    if (ends) return false;
    if (events_shown == seen) {
        text = ":\n\n";  // shows whether the reader is still there
        return true;
    }
    seen = events_shown;
    over = event.over;
    const Json json{{"number", event.number}, {"says", event.says}, {"over", event.over}};
    text = fmt::format("data: {}\n\n", json_text(json));
    return true;
}

PageServer::PageServer(std::uint32_t port) : impl_{std::make_unique<Impl>()} {
    impl_->token = random_token();
    // Open pages keep their connection; one that asks for a page must find a thread all the same.
    impl_->server.new_task_queue = [] { return new httplib::ThreadPool{kMostReaders + 4}; };
    impl_->server.set_keep_alive_max_count(1);
    impl_->server.set_payload_max_length(kMostPayload);
    impl_->server.set_read_timeout(kReadSeconds);
    // Before anything of a body is read, whoever sends it.
    impl_->server.set_pre_routing_handler(
        [](const httplib::Request& request, httplib::Response& response) {
            if (request.method == kGet) return httplib::Server::HandlerResponse::Unhandled;
            response.status = 404;
            response.set_header("Connection", "close");
            return httplib::Server::HandlerResponse::Handled;
        });
    impl_->server.Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
        impl_->serve(request, response);
    });
    const bool bound = port == 0 ? (impl_->port = impl_->server.bind_to_any_port(kHost)) > 0
                                 : impl_->server.bind_to_port(kHost, static_cast<int>(port));
    if (!bound) {
        bad_input("WATCH-PORT", "--port", fmt::format("port {} is not free", port),
                  "without --port any that is free is taken");
    }
    if (port != 0) impl_->port = static_cast<int>(port);
    address_ = fmt::format("http://{}:{}/{}/", kHost, impl_->port, impl_->token);
    impl_->thread = std::thread{[this] { impl_->server.listen_after_bind(); }};
}

PageServer::~PageServer() {
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->ends = true;
    }
    impl_->changed.notify_all();
    while (!impl_->server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    impl_->server.stop();
    impl_->thread.join();
}

void PageServer::show(std::string page, const Event& event) {
    {
        const std::lock_guard lock{impl_->mutex};
        if (!page.empty()) impl_->html = std::move(page);
        impl_->event = event;
        ++impl_->events_shown;
    }
    impl_->changed.notify_all();
}

bool PageServer::is_in_use() const {
    return impl_->readers.load() > 0 ||
           std::chrono::steady_clock::now() - impl_->used.load() < kReload;
}

}  // namespace seamount::watch
