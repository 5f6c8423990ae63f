/* Where the objects of this program are, from the settings, for the commands that need them.
 *
 *     TRY(files_open(app, &objects));
 *     …
 *     objects_close(objects); */
#ifndef STOA_APP_FILES_H
#define STOA_APP_FILES_H

#include "app/app.h"
#include "ports/objects/objects.h"

/* The settings were loaded. "dir:objects" is a folder in the data folder, and is made. */
enum err files_open(struct app *app, struct objects **objects);

#endif
