/* The doctor's report, for the files that add findings to it.
 *
 *     report_add(report, "port", BROKEN, "Set PORT to another.", "%lld is taken", port);
 *     report_add(report, "port", FINE, "", "%lld is free", port);
 *
 * Whoever looks makes and changes nothing, but for the data folder and the probe in it. */
#ifndef STOA_APP_DOCTOR_H
#define STOA_APP_DOCTOR_H

#include "app/app.h"

enum { FINDINGS_MAX = 32 };

enum verdict { FINE, WARNING, BROKEN };

struct finding {
    const char *subject;
    enum verdict verdict;
    struct str words;
    const char *mend; /* "" where all is well */
};

struct report {
    struct app *app;
    struct finding findings[FINDINGS_MAX];
    size_t count;
    enum verdict worst;
    bool settings_loaded;
};

/* Adds a finding; `mend` is what to do, or "", and lives as long as the report. */
void report_add(struct report *report, const char *subject, enum verdict verdict, const char *mend,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

/* How much room there is where an open folder lies (" where the database lies"), and whether it is
 * fit to keep anything. */
void report_space(struct report *report, const char *where, const char *mend, int folder);
void report_file_system(struct report *report, const char *subject, const char *mend, int folder);

/* doctor_database.c, doctor_outside.c */
void report_database(struct report *report);
void report_outside(struct report *report);

#endif
