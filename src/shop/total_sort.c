/* Sorts pointers where they stand: a heap, for libc's qsort may take memory of its own. */
#include <string.h>

#include "shop/total_inside.h"

/* The list is of pointers to anything: they are read and written as bytes. */
static const void *get(const void *list, size_t i)
{
    const void *pointer = NULL;
    memcpy(&pointer, (const char *)list + i * sizeof pointer, sizeof pointer);
    return pointer;
}

static void set(void *list, size_t i, const void *pointer)
{
    memcpy((char *)list + i * sizeof pointer, &pointer, sizeof pointer);
}

static void swap(void *list, size_t i, size_t k)
{
    const void *kept = get(list, i);
    set(list, i, get(list, k));
    set(list, k, kept);
}

/* Lets the one at the root sink until those below are no greater. */
static void sink(void *heap, size_t root, size_t count, total_compare *compare)
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && compare(get(heap, child), get(heap, child + 1)) < 0)
            child++;
        if (compare(get(heap, root), get(heap, child)) >= 0)
            return;
        swap(heap, root, child);
    }
}

void total_sort(void *pointers, size_t count, total_compare *compare)
{
    for (size_t i = count / 2; i-- > 0;)
        sink(pointers, i, count, compare);
    for (size_t end = count; end > 1; end--) {
        swap(pointers, 0, end - 1);
        sink(pointers, 0, end - 1, compare);
    }
}
