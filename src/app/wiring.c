/* Names the drivers. */
#include <stddef.h>

#include "ports/cache/driver.h"
#include "ports/db/driver.h"
#include "ports/mail/driver.h"
#include "ports/objects/driver.h"
#include "ports/sms/driver.h"

const struct cache_driver *const cache_drivers[] = {&cache_memory, &cache_redis, NULL};
const struct db_driver *const db_drivers[] = {&db_sqlite, &db_postgres, NULL};

const struct mail_driver *const mail_drivers[] = {&mail_outbox, &mail_smtp, &mail_smtps, NULL};

const struct objects_driver *const objects_drivers[] = {&objects_dir, &objects_s3, NULL};

const struct sms_driver *const sms_drivers[] = {&sms_outbox, &sms_twilio, NULL};
