/* Servers that a benchmark starts beside itself, on the loopback address.
 *
 *     int port = servers_port();
 *     pid_t pid = servers_start((const char *[]){"nginx", "-c", path, NULL}, NULL, 0);
 *     if (servers_answer(pid, port, "GET / HTTP/1.1\r\nHost: bench\r\n\r\n")) …
 *     servers_stop(pid); */
#ifndef STOA_BENCHES_SERVERS_H
#define STOA_BENCHES_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { SERVERS_PATH_MAX = 512, SERVERS_FOLDER_MAX = 64, SERVERS_ANYWHERE = -1 };

int servers_port(void); /* one that nobody listens on */

/* `environment` holds "NAME=value" beyond our own, ends with NULL and may be NULL; on `core` alone,
 * or SERVERS_ANYWHERE. It dies with the benchmark. */
pid_t servers_start(const char *const argv[], const char *const environment[], int core);
void servers_stop(pid_t pid);

pid_t servers_child(pid_t pid); /* the newest one; 0 where it has none */

/* Waits until it takes connections, and asks: true for an answer of 2xx. */
bool servers_answer(pid_t pid, int port, const char *request);

/* A program of the build folder: "stoa", "benches/page_server". */
bool servers_program(const char *name, char path[SERVERS_PATH_MAX]);

/* The reference: nginx with its own presets but for what servers.c pins, serving `folder`. */
pid_t servers_start_nginx(const char *folder, int port, int core);

bool servers_write_file(const char *path, const char *bytes, size_t len);
bool servers_make_folder(char folder[SERVERS_FOLDER_MAX]);
void servers_remove_folder(const char *folder);

#endif
