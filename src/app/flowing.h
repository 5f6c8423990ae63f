/* Flow in this program: opened beside what serves, or alone by the command worker.
 *
 *     TRY(flowing_open(app, &counters, tracer, inside, &ports));    ports.flow
 *     …
 *     flow_close(ports.flow); */
#ifndef STOA_APP_FLOWING_H
#define STOA_APP_FLOWING_H

#include "app/app.h"
#include "base/counter.h"
#include "base/span.h"
#include "web/request.h"

/* `works`: the consumers run in this process. The other ports are open, and are closed later. */
enum err flowing_open(struct app *app, struct counter_registry *counters, struct tracer *tracer,
                      bool works, struct ports *ports);

#endif
