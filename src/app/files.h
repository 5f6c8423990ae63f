/* Where the objects of this program are, from the settings, for the commands that need them.
 *
 *     TRY(files_open(app, false, &ports));          its secrets and its HTTP client are open
 *     …
 *     objects_close(ports.objects); */
#ifndef STOA_APP_FILES_H
#define STOA_APP_FILES_H

#include "app/app.h"
#include "ports/objects/objects.h"
#include "web/request.h"

/* The settings were loaded. "dir:objects" is a folder in the data folder, is made, and is sealed
 * with the keys that the secrets have for "objects". `only_looks` is for objects_reach alone. */
enum err files_open(struct app *app, bool only_looks, struct ports *ports);

#endif
