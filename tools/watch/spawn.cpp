#include "tools/watch/spawn.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <string>
#include <system_error>

#include "isa/base/diagnostic.hpp"

extern char** environ;

namespace seamount::watch {

Companion::Companion(const std::filesystem::path& what) {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        bad_input("WATCH-START", "--watch", "the system gives no pipe");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // A group of its own: Ctrl-C is for the run, whose end it shows.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    std::string program = "/proc/self/exe";
    std::string name = "seamount";
    std::string command = "watch";
    std::string option = "--until-stdin-ends";
    std::string file = std::filesystem::absolute(what).string();
    std::array<char*, 5> words{name.data(), command.data(), file.data(), option.data(), nullptr};
    const int failed =
        posix_spawn(nullptr, program.c_str(), &actions, &attributes, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[0]);
    if (failed != 0) {
        close(ends[1]);
        bad_input("WATCH-START", "--watch",
                  "cannot start seamount watch: " +
                      std::error_code{failed, std::generic_category()}.message());
    }
    life_ = ends[1];
}

Companion::~Companion() {
    close(life_);
}

}  // namespace seamount::watch
