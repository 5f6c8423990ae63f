/* Tests of what a server is left: only what is what it should be, and a pulse that is heard. */
#include "web/heritage.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "harness/test.h"

TEST(heritage_is_only_what_listens)
{
    struct heritage heritage;
    char listens[64], pulse[] = HERITAGE_PULSE "=nonsense";
    char *own[] = {listens, pulse, NULL}, **before = environ;
    int fd = dup(STDERR_FILENO);
    snprintf(listens, sizeof listens, HERITAGE_LISTEN "=%d", fd);
    heritage_take(&heritage);
    CHECK_INT(heritage.listen_fd, -1);
    CHECK_INT(heritage.pulse_fd, -1);
    environ = own;
    heritage_take(&heritage);
    CHECK_INT(heritage.listen_fd, -1);
    close(fd);
    heritage_take(&heritage);
    CHECK_INT(heritage.listen_fd, -1);
    environ = before;
}

TEST(pulse_beats_when_it_is_due_and_misses_its_reader)
{
    int ends[2];
    char beats[8];
    REQUIRE(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    struct pulse pulse = {.fd = ends[1]}, none = {.fd = 0};
    CHECK(pulse_beat(&none, 1));
    CHECK(pulse_beat(&pulse, 1) && pulse_beat(&pulse, 2));
    CHECK_INT(read(ends[0], beats, sizeof beats), 1);
    CHECK(pulse_beat(&pulse, 1 + PULSE_MS * INT64_C(1000)));
    CHECK_INT(read(ends[0], beats, sizeof beats), 1);
    close(ends[0]);
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    CHECK(!pulse_beat(&pulse, 1 + 2 * PULSE_MS * INT64_C(1000)));
    close(ends[1]);
}
