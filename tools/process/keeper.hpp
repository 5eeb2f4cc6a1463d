#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace seamount::tools {

/// A program with a keeper: a process between us and it that ends all of the program's descendants
/// when the program ends, when kill() is called or when this process is gone, whatever ended it.
/// They cannot get away by a session or process group of their own, nor by outliving their parents.
class KeptProcess {
public:
    /// How the program ended.
    struct End {
        int status;  ///< as of wait()
        std::uint64_t peak_rss_bytes;
    };

    /// Forks; `become` runs in the new process, in a process group of its own, and must turn it
    /// into the program: it returns only if that fails (exit code 127). Throws std::system_error.
    explicit KeptProcess(const std::function<void()>& become);
    /// As kill(), and waits.
    ~KeptProcess();
    KeptProcess(const KeptProcess&) = delete;
    KeptProcess& operator=(const KeptProcess&) = delete;

    /// Lets the keeper end everything by SIGKILL.
    void kill();
    /// Does not wait: nothing while something is left of it.
    [[nodiscard]] std::optional<End> ended();
    /// Readable when it may have ended; -1 where the kernel has none.
    [[nodiscard]] int descriptor() const noexcept { return pidfd_; }

private:
    pid_t pid_ = -1;  ///< of the keeper
    int life_ = -1;   ///< when it closes the keeper knows that this process wants no more
    int pidfd_ = -1;
    bool killed_ = false;
    bool reaped_ = false;
};

}  // namespace seamount::tools
