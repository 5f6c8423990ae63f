/* The drivers of the tests' stores of objects. */
#include "ports/objects/driver.h"

const struct objects_driver *const objects_drivers[] = {&objects_dir, &objects_s3, NULL};
