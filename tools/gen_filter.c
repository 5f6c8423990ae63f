/* Makes the filter of the system calls that the server may make.
 *
 *     gen_filter OUT.c
 *
 * It is made at the build, so that the server starts as fast as before and needs neither memory nor
 * a library for it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Whatever the arguments. The first ones are made most often. */
static const int plain[] = {
    /* requests */
    SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(recvfrom), SCMP_SYS(sendto),
    SCMP_SYS(sendmsg), SCMP_SYS(futex), SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(accept4),
    SCMP_SYS(close), SCMP_SYS(epoll_ctl), SCMP_SYS(poll), SCMP_SYS(pread64), SCMP_SYS(pwrite64),
    SCMP_SYS(fdatasync), SCMP_SYS(fcntl), SCMP_SYS(madvise),
    /* files */
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(readv), SCMP_SYS(writev),
    SCMP_SYS(preadv), SCMP_SYS(preadv2), SCMP_SYS(pwritev), SCMP_SYS(lseek), SCMP_SYS(stat),
    SCMP_SYS(fstat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs),
    SCMP_SYS(fstatfs), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(getcwd),
    SCMP_SYS(fsync), SCMP_SYS(ftruncate), SCMP_SYS(truncate), SCMP_SYS(fallocate),
    SCMP_SYS(fadvise64), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
    SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rmdir),
    SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat),
    SCMP_SYS(fchown), SCMP_SYS(utimensat), SCMP_SYS(umask), SCMP_SYS(flock), SCMP_SYS(dup),
    SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(sendfile),
    SCMP_SYS(copy_file_range), SCMP_SYS(memfd_create),
    /* memory; what may be run is below */
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(mlock), SCMP_SYS(munlock),
    SCMP_SYS(mincore), SCMP_SYS(membarrier), SCMP_SYS(get_mempolicy),
    /* waiting */
    SCMP_SYS(eventfd2), SCMP_SYS(epoll_create1), SCMP_SYS(epoll_pwait2), SCMP_SYS(ppoll),
    SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime),
    SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(restart_syscall),
    /* sockets; which kinds is below */
    SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(accept), SCMP_SYS(getsockname),
    SCMP_SYS(getpeername), SCMP_SYS(setsockopt), SCMP_SYS(getsockopt), SCMP_SYS(sendmmsg),
    SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(shutdown),
    /* threads and signals of its own */
    SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(set_tid_address), SCMP_SYS(gettid),
    SCMP_SYS(tgkill), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_setaffinity), SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler), SCMP_SYS(getcpu), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(rt_sigpending), SCMP_SYS(sigaltstack),
    /* what it is told */
    SCMP_SYS(getpid), SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
    SCMP_SYS(getegid), SCMP_SYS(getresuid), SCMP_SYS(getresgid), SCMP_SYS(getrandom),
    SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getrusage), SCMP_SYS(getrlimit), SCMP_SYS(times)};

/* Where the argument of that place, as far as the mask goes, has that value. */
static const struct {
    int call;
    unsigned place;
    scmp_datum_t mask, value;
} masked[] = {
    /* threads, and neither processes nor namespaces */
    {SCMP_SYS(clone), 0, CLONE_THREAD | CLONE_VM | CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID,
     CLONE_THREAD | CLONE_VM},
    {SCMP_SYS(mprotect), 2, PROT_EXEC, 0},
    {SCMP_SYS(mmap), 2, PROT_EXEC, 0},
    {SCMP_SYS(prctl), 0, UINT64_MAX, PR_SET_NAME},
    {SCMP_SYS(prctl), 0, UINT64_MAX, PR_GET_NAME},
    {SCMP_SYS(prctl), 0, UINT64_MAX, PR_SET_VMA},
    {SCMP_SYS(ioctl), 1, UINT32_MAX, FIONREAD},
    {SCMP_SYS(ioctl), 1, UINT32_MAX, FIONBIO},
    {SCMP_SYS(ioctl), 1, UINT32_MAX, TCGETS},
    {SCMP_SYS(socket), 0, UINT32_MAX, AF_UNIX},
    {SCMP_SYS(socketpair), 0, UINT32_MAX, AF_UNIX},
    /* of this process alone */
    {SCMP_SYS(prlimit64), 0, UINT64_MAX, 0},
};

enum { SOCKET_TYPE = 0xf }; /* the rest of the word is flags */

/* Those that need two conditions: families with their kinds, and libraries, which are run from
 * files and cannot be written. */
static int add_pairs(scmp_filter_ctx filter)
{
    static const struct {
        scmp_datum_t family, type;
    } sockets[] = {{AF_INET, SOCK_STREAM},
                   {AF_INET, SOCK_DGRAM},
                   {AF_INET6, SOCK_STREAM},
                   {AF_INET6, SOCK_DGRAM}};
    int failure = 0;
    for (size_t i = 0; i < sizeof sockets / sizeof *sockets && !failure; i++)
        failure = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2,
                                   SCMP_A0_64(SCMP_CMP_MASKED_EQ, UINT32_MAX, sockets[i].family),
                                   SCMP_A1_64(SCMP_CMP_MASKED_EQ, SOCKET_TYPE, sockets[i].type));
    /* getaddrinfo asks which addresses this machine has */
    if (!failure)
        failure = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2,
                                   SCMP_A0_64(SCMP_CMP_MASKED_EQ, UINT32_MAX, AF_NETLINK),
                                   SCMP_A2_64(SCMP_CMP_MASKED_EQ, UINT32_MAX, NETLINK_ROUTE));
    if (!failure)
        failure = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                                   SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_WRITE, 0),
                                   SCMP_A3_64(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0));
    return failure;
}

static int add_rules(scmp_filter_ctx filter)
{
    int failure = add_pairs(filter);
    for (size_t i = 0; i < sizeof plain / sizeof *plain && !failure; i++)
        failure = seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain[i], 0);
    for (size_t i = 0; i < sizeof masked / sizeof *masked && !failure; i++)
        failure = seccomp_rule_add(
            filter, SCMP_ACT_ALLOW, masked[i].call, 1,
            SCMP_CMP64(masked[i].place, SCMP_CMP_MASKED_EQ, masked[i].mask, masked[i].value));
    /* Its flags lie in memory, where no filter sees them. Who is told that it is missing uses
     * clone. */
    if (!failure)
        failure = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return failure;
}

/* What the library made, an instruction a line. */
static int write_filter(int fd, FILE *out)
{
    struct sock_filter each;
    int count = 0;
    fprintf(out, "/* Generated from tools/gen_filter.c. */\n#include \"app/sandbox.h\"\n\n"
                 "const struct sock_filter sandbox_filter[] = {\n");
    for (; read(fd, &each, sizeof each) == (ssize_t)sizeof each; count++)
        fprintf(out, "    {0x%04x, %u, %u, 0x%08x},\n", each.code, each.jt, each.jf, each.k);
    fprintf(out, "};\n\nconst unsigned short sandbox_filter_len = %d;\n", count);
    return count > 0 && count <= BPF_MAXINSNS ? 0 : -E2BIG;
}

/* The pipe has room for the longest filter that there may be. */
static int make_filter(FILE *out)
{
    int ends[2];
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int failure = filter ? seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) : -ENOMEM;
    if (!failure)
        failure = add_rules(filter);
    if (!failure && pipe2(ends, O_CLOEXEC) < 0)
        failure = -errno;
    if (!failure) {
        failure = seccomp_export_bpf(filter, ends[1]);
        close(ends[1]);
        if (!failure)
            failure = write_filter(ends[0], out);
        close(ends[0]);
    }
    if (filter)
        seccomp_release(filter);
    return failure;
}

int main(int argc, char **argv)
{
    FILE *out = argc == 2 ? fopen(argv[1], "we") : NULL;
    int failure = out ? make_filter(out) : -EINVAL;
    if (out && fclose(out))
        failure = -errno;
    if (failure)
        fprintf(stderr, "gen_filter: %s\n", strerrordesc_np(-failure));
    return failure ? EXIT_FAILURE : EXIT_SUCCESS;
}
