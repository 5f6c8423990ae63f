/* Tests of the vital signs: those of the test itself. */
#include "watch/vitals.h"

#include <fcntl.h>
#include <unistd.h>

#include "harness/test.h"

TEST(vitals_tell_of_this_process)
{
    struct vitals before, after;
    vitals_read(&before, ".");
    CHECK(before.resident_bytes > 64 << 10);
    CHECK(before.virtual_bytes >= before.resident_bytes);
    CHECK(before.threads >= 1);
    CHECK(before.processor_us >= 0);
    CHECK(before.disk_free_bytes >= 0);
    CHECK(before.files >= 3 && (before.files_max < 0 || before.files <= before.files_max));
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    REQUIRE(fd >= 0);
    vitals_read(&after, ".");
    close(fd);
    CHECK_INT(after.files, before.files + 1);
}

TEST(vitals_say_what_they_do_not_know)
{
    struct vitals vitals;
    vitals_read(&vitals, "/there/is/no/such/folder");
    CHECK_INT(vitals.disk_free_bytes, VITALS_UNKNOWN);
    CHECK(vitals_resident_bytes() > 0);
    CHECK_INT(vitals_disk_free_bytes(""), VITALS_UNKNOWN);
}
