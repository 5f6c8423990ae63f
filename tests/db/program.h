/* The program itself, run on a database of its own, on each engine.
 *
 *     struct place place;
 *     for (const struct engine *engine = engines; engine->name; engine++) {
 *         place_open(t, engine, &place);
 *         struct process_result result = place_run(t, &place, sample_stoa, "migrate", "--plan");
 *         CHECK_INT(result.status, 0);
 *         place_close(&place);
 *     }
 *
 * `sample_stoa` is the program but for its rooms, which are the sample; `stoa` is the real one. The
 * server is set to keep what it is given, as an operator's is. */
#ifndef STOA_TESTS_DB_PROGRAM_H
#define STOA_TESTS_DB_PROGRAM_H

#include "engines.h"
#include "harness/process.h"

extern const char sample_stoa[], stoa[];

enum { PLACE_VARIABLE_MAX = 512 };

struct place {
    struct fixture fixture; /* its engine, its URL and its worker; nobody has it open */
    const char *folder;     /* the data folder, empty */
    char url[PLACE_VARIABLE_MAX], data[PLACE_VARIABLE_MAX]; /* variables of the environment */
};

void place_open(struct test *t, const struct engine *engine, struct place *place);
void place_close(struct place *place);

/* Other tables, another server: what the program is told from now on. */
void place_set_url(struct place *place, const char *url);

/* `word` may be NULL. */
struct process_result place_run(struct test *t, const struct place *place, const char *program,
                                const char *command, const char *word);

/* The path of a file in the data folder. */
const char *place_file(struct test *t, const struct place *place, const char *name);

/* Runs a fn as a program beside it would: opens the database, and closes it. */
enum err place_write(struct test *t, struct place *place, db_fn *fn, void *arg);
enum err place_read(struct test *t, struct place *place, db_fn *fn, void *arg);

bool says(struct str text, const char *part);

#endif
