/* The system calls that can be made to fail: result, name, parameters, arguments, and what errno
 * and the result are then.
 *
 *     DISK_CALLS(CALL_DEFINE)      defines each
 *
 * close is not among them, because a program can do nothing about it, and neither is fork. */
#ifndef STOA_TESTS_TORTURE_CALLS_H
#define STOA_TESTS_TORTURE_CALLS_H

#include <dirent.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define DISK_CALLS(X)                                                                              \
    X(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size), EIO, -1)                     \
    X(ssize_t, readv, (int fd, const struct iovec *to, int count), (fd, to, count), EIO, -1)       \
    X(ssize_t, pread, (int fd, void *to, size_t size, off_t at), (fd, to, size, at), EIO, -1)      \
    X(ssize_t, preadv, (int fd, const struct iovec *to, int count, off_t at), (fd, to, count, at), \
      EIO, -1)                                                                                     \
    X(ssize_t, write, (int fd, const void *from, size_t size), (fd, from, size), ENOSPC, -1)       \
    X(ssize_t, writev, (int fd, const struct iovec *from, int count), (fd, from, count), ENOSPC,   \
      -1)                                                                                          \
    X(ssize_t, pwrite, (int fd, const void *from, size_t size, off_t at), (fd, from, size, at),    \
      ENOSPC, -1)                                                                                  \
    X(ssize_t, pwritev, (int fd, const struct iovec *from, int count, off_t at),                   \
      (fd, from, count, at), ENOSPC, -1)                                                           \
    X(ssize_t, sendfile, (int to, int from, off_t *at, size_t size), (to, from, at, size), EIO,    \
      -1)                                                                                          \
    X(ssize_t, copy_file_range,                                                                    \
      (int from, off_t *from_at, int to, off_t *to_at, size_t size, unsigned flags),               \
      (from, from_at, to, to_at, size, flags), ENOSPC, -1)                                         \
    X(int, fsync, (int fd), (fd), EIO, -1)                                                         \
    X(int, fdatasync, (int fd), (fd), EIO, -1)                                                     \
    X(int, ftruncate, (int fd, off_t size), (fd, size), EIO, -1)                                   \
    X(int, truncate, (const char *path, off_t size), (path, size), EIO, -1)                        \
    X(int, fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size), ENOSPC, -1)  \
    X(int, posix_fallocate, (int fd, off_t at, off_t size), (fd, at, size), ENOSPC, ENOSPC)        \
    X(int, flock, (int fd, int how), (fd, how), ENOLCK, -1)                                        \
    X(void *, mmap, (void *at, size_t size, int allow, int flags, int fd, off_t offset),           \
      (at, size, allow, flags, fd, offset), ENOMEM, MAP_FAILED)

#define NAME_CALLS(X)                                                                             \
    X(int, rename, (const char *from, const char *to), (from, to), ENOSPC, -1)                    \
    X(int, renameat, (int from_fd, const char *from, int to_fd, const char *to),                  \
      (from_fd, from, to_fd, to), ENOSPC, -1)                                                     \
    X(int, renameat2, (int from_fd, const char *from, int to_fd, const char *to, unsigned flags), \
      (from_fd, from, to_fd, to, flags), ENOSPC, -1)                                              \
    X(int, unlink, (const char *path), (path), EIO, -1)                                           \
    X(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags), EIO, -1)           \
    X(int, mkdir, (const char *path, mode_t mode), (path, mode), ENOSPC, -1)                      \
    X(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), ENOSPC, -1)        \
    X(int, rmdir, (const char *path), (path), EBUSY, -1)                                          \
    X(int, link, (const char *from, const char *to), (from, to), ENOSPC, -1)                      \
    X(int, linkat, (int from_fd, const char *from, int to_fd, const char *to, int flags),         \
      (from_fd, from, to_fd, to, flags), ENOSPC, -1)                                              \
    X(int, symlink, (const char *target, const char *path), (target, path), ENOSPC, -1)           \
    X(int, chmod, (const char *path, mode_t mode), (path, mode), EPERM, -1)                       \
    X(int, fchmod, (int fd, mode_t mode), (fd, mode), EPERM, -1)                                  \
    X(int, access, (const char *path, int how), (path, how), EACCES, -1)                          \
    X(int, stat, (const char *path, struct stat *info), (path, info), EACCES, -1)                 \
    X(int, stat64, (const char *path, struct stat64 *info), (path, info), EACCES, -1)             \
    X(int, lstat, (const char *path, struct stat *info), (path, info), EACCES, -1)                \
    X(int, lstat64, (const char *path, struct stat64 *info), (path, info), EACCES, -1)            \
    X(int, fstat, (int fd, struct stat *info), (fd, info), EIO, -1)                               \
    X(int, fstat64, (int fd, struct stat64 *info), (fd, info), EIO, -1)                           \
    X(int, statvfs, (const char *path, struct statvfs *info), (path, info), EIO, -1)              \
    X(int, statvfs64, (const char *path, struct statvfs64 *info), (path, info), EIO, -1)          \
    X(int, fstatvfs, (int fd, struct statvfs *info), (fd, info), EIO, -1)                         \
    X(int, fstatvfs64, (int fd, struct statvfs64 *info), (fd, info), EIO, -1)                     \
    X(int, fstatfs, (int fd, struct statfs *info), (fd, info), EIO, -1)                           \
    X(int, fstatfs64, (int fd, struct statfs64 *info), (fd, info), EIO, -1)                       \
    X(DIR *, opendir, (const char *path), (path), EMFILE, NULL)                                   \
    X(DIR *, fdopendir, (int fd), (fd), ENOMEM, NULL)                                             \
    X(struct dirent *, readdir, (DIR * folder), (folder), EIO, NULL)                              \
    X(struct dirent64 *, readdir64, (DIR * folder), (folder), EIO, NULL)

#define SOCKET_CALLS(X)                                                                            \
    X(int, socket, (int family, int type, int protocol), (family, type, protocol), EMFILE, -1)     \
    X(int, socketpair, (int family, int type, int protocol, int fds[2]),                           \
      (family, type, protocol, fds), EMFILE, -1)                                                   \
    X(int, connect, (int fd, __CONST_SOCKADDR_ARG to, socklen_t size), (fd, to, size),             \
      ECONNREFUSED, -1)                                                                            \
    X(int, bind, (int fd, __CONST_SOCKADDR_ARG at, socklen_t size), (fd, at, size), EADDRINUSE,    \
      -1)                                                                                          \
    X(int, listen, (int fd, int waiting), (fd, waiting), EADDRINUSE, -1)                           \
    X(int, accept, (int fd, __SOCKADDR_ARG from, socklen_t *size), (fd, from, size), EMFILE, -1)   \
    X(int, accept4, (int fd, __SOCKADDR_ARG from, socklen_t *size, int flags),                     \
      (fd, from, size, flags), EMFILE, -1)                                                         \
    X(int, getsockname, (int fd, __SOCKADDR_ARG name, socklen_t *size), (fd, name, size), ENOBUFS, \
      -1)                                                                                          \
    X(int, setsockopt, (int fd, int level, int option, const void *from, socklen_t size),          \
      (fd, level, option, from, size), ENOMEM, -1)                                                 \
    X(ssize_t, recv, (int fd, void *to, size_t size, int flags), (fd, to, size, flags),            \
      ECONNRESET, -1)                                                                              \
    X(ssize_t, recvfrom,                                                                           \
      (int fd, void *to, size_t size, int flags, __SOCKADDR_ARG from, socklen_t *room),            \
      (fd, to, size, flags, from, room), ECONNRESET, -1)                                           \
    X(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags),         \
      ECONNRESET, -1)                                                                              \
    X(int, getaddrinfo,                                                                            \
      (const char *host, const char *port, const struct addrinfo *hints, struct addrinfo **list),  \
      (host, port, hints, list), EAGAIN, EAI_AGAIN)

/* The connection that each of these begins with is gone, as after a reset: who waits for an answer
 * sees its end. */
#define SEND_CALLS(X)                                                                              \
    X(ssize_t, send, (int fd, const void *from, size_t size, int flags), (fd, from, size, flags),  \
      ECONNRESET, -1)                                                                              \
    X(ssize_t, sendto,                                                                             \
      (int fd, const void *from, size_t size, int flags, __CONST_SOCKADDR_ARG to, socklen_t room), \
      (fd, from, size, flags, to, room), ECONNRESET, -1)                                           \
    X(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags),   \
      ECONNRESET, -1)

#define KERNEL_CALLS(X)                                                                           \
    X(int, dup, (int fd), (fd), EMFILE, -1)                                                       \
    X(int, dup2, (int fd, int to), (fd, to), EBUSY, -1)                                           \
    X(int, dup3, (int fd, int to, int flags), (fd, to, flags), EBUSY, -1)                         \
    X(int, pipe, (int fds[2]), (fds), EMFILE, -1)                                                 \
    X(int, pipe2, (int fds[2], int flags), (fds, flags), EMFILE, -1)                              \
    X(int, eventfd, (unsigned start, int flags), (start, flags), EMFILE, -1)                      \
    X(int, timerfd_create, (clockid_t clock, int flags), (clock, flags), EMFILE, -1)              \
    X(int, memfd_create, (const char *name, unsigned flags), (name, flags), EMFILE, -1)           \
    X(int, poll, (struct pollfd * fds, nfds_t count, int wait_ms), (fds, count, wait_ms), ENOMEM, \
      -1)                                                                                         \
    X(int, epoll_create1, (int flags), (flags), EMFILE, -1)                                       \
    X(int, epoll_ctl, (int set, int how, int fd, struct epoll_event *event),                      \
      (set, how, fd, event), ENOSPC, -1)                                                          \
    X(int, epoll_wait, (int set, struct epoll_event *events, int count, int wait_ms),             \
      (set, events, count, wait_ms), EINTR, -1)                                                   \
    X(int, posix_spawnp,                                                                          \
      (pid_t * pid, const char *file, const posix_spawn_file_actions_t *actions,                  \
       const posix_spawnattr_t *how, char *const argv[], char *const environment[]),              \
      (pid, file, actions, how, argv, environment), EAGAIN, EAGAIN)                               \
    X(pid_t, waitpid, (pid_t pid, int *status, int how), (pid, status, how), EINTR, -1)           \
    X(int, pthread_create,                                                                        \
      (pthread_t * thread, const pthread_attr_t *how, void *(*run)(void *), void *arg),           \
      (thread, how, run, arg), EAGAIN, EAGAIN)                                                    \
    X(ssize_t, getrandom, (void *to, size_t size, unsigned flags), (to, size, flags), EINTR, -1)

/* What the compiler calls instead, at -D_FORTIFY_SOURCE, where it knows the room there is. */
#define FORTIFIED_CALLS(X)                                                                     \
    X(ssize_t, __read_chk, (int fd, void *to, size_t size, size_t room), (fd, to, size, room), \
      EIO, -1)                                                                                 \
    X(ssize_t, __pread_chk, (int fd, void *to, size_t size, off_t at, size_t room),            \
      (fd, to, size, at, room), EIO, -1)                                                       \
    X(ssize_t, __recv_chk, (int fd, void *to, size_t size, size_t room, int flags),            \
      (fd, to, size, room, flags), ECONNRESET, -1)                                             \
    X(int, __poll_chk, (struct pollfd * fds, nfds_t count, int wait_ms, size_t room),          \
      (fds, count, wait_ms, room), ENOMEM, -1)                                                 \
    X(int, __open_2, (const char *path, int flags), (path, flags), EMFILE, -1)                 \
    X(int, __openat_2, (int fd, const char *path, int flags), (fd, path, flags), EMFILE, -1)

#endif
