/* What the console's page of schedules shows.
 *
 *     int64_t local_us = zone_local_us(zone, runs_us[0]);
 *     shown.runs[0] = (struct schedule_moment){.at_us = runs_us[0], .local_us = local_us}; */
#ifndef STOA_FLOW_SCHEDULE_PAGE_H
#define STOA_FLOW_SCHEDULE_PAGE_H

#include "flow/schedule.h"

enum { SCHEDULE_RUNS_SHOWN = 5 };

struct schedule_shown {
    struct schedule schedule;
    struct schedule_moment {
        int64_t at_us, local_us; /* as the clocks of its zone show it */
    } runs[SCHEDULE_RUNS_SHOWN];
    size_t run_count;
};

#endif
