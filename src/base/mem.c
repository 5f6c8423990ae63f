/* The one place that calls malloc and free. */
#include "base/mem.h"

#include <malloc.h>
#include <stdlib.h>

#include "base/assert.h"

void *mem_alloc(size_t size)
{
    ASSERT(size > 0);
    return calloc(1, size);
}

void mem_free(void *block)
{
    free(block);
}

void mem_trim(void)
{
    malloc_trim(0);
}
