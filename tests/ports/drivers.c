/* What the programs that test the ports are made of. */
#include "ports/mail/driver.h"

const struct mail_driver *const mail_drivers[] = {&mail_outbox, &mail_smtp, &mail_smtps, NULL};
