// The least that a host can cost: a parent that writes a line to a program and reads its answer, as
// often as it is told. host_parent EXCHANGES LINE COMMAND: prints the microseconds of an exchange.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const long exchanges = std::atol(argv[1]);
    const std::string line = std::string{argv[2]} + "\n";
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    if (pipe(to.data()) != 0 || pipe(from.data()) != 0) return 2;
    const pid_t child = fork();
    if (child == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        for (const int end : {to[0], to[1], from[0], from[1]}) close(end);
        execl("/bin/sh", "sh", "-c", argv[3], static_cast<char*>(nullptr));
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    std::array<char, 65536> answer{};
    std::chrono::steady_clock::time_point started;
    for (long i = -1; i < exchanges; ++i) {  // the first waits for the program to start
        if (write(to[1], line.data(), line.size()) < 0) return 1;
        std::size_t got = 0;
        do {
            const ssize_t count = read(from[0], answer.data() + got, answer.size() - got);
            if (count <= 0) return 1;
            got += static_cast<std::size_t>(count);
        } while (answer[got - 1] != '\n');
        if (i == -1) started = std::chrono::steady_clock::now();
    }
    const std::chrono::duration<double, std::micro> took =
        std::chrono::steady_clock::now() - started;
    std::printf("%.3f\n", took.count() / static_cast<double>(exchanges));
    close(to[1]);
    waitpid(child, nullptr, 0);
    return 0;
}
