/* Where memory comes from: the one door to malloc.
 *
 *     void *block = mem_alloc(size);       NULL when there is none
 *     mem_free(block);
 *
 * Handlers never call this: they have an arena (arena.h). What is as long-lived as the process,
 * and arenas themselves, do. */
#ifndef STOA_BASE_MEM_H
#define STOA_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory, aligned for anything; NULL when there is none. `size` is not 0. */
void *mem_alloc(size_t size) __attribute__((warn_unused_result));

/* Gives back what mem_alloc gave; NULL is fine. */
void mem_free(void *block);

/* Hands to the system what was freed and is still kept for the next: for when much of it was. Some
 * milliseconds for tens of megabytes. */
void mem_trim(void);

#endif
