/* Puts, replaces and deletes objects, and says after each step that it is done.
 *
 *     object_writer dir:/folder/store */
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "ports/objects/objects.h"

enum { MEMORY_MAX = 8 << 20 };

struct writer {
    struct objects *objects;
    struct ctx ctx;
};

static enum err put(struct writer *writer, struct str name, struct str text)
{
    return objects_put(writer->objects, &writer->ctx, name, &(struct objects_put){.type = {0}},
                       &(struct objects_body){.bytes = text}, NULL);
}

static enum err join(struct writer *writer)
{
    struct objects_part parts[] = {{.number = 1}, {.number = 2}};
    struct objects_put plain = {.type = {0}};
    struct str upload, name = STR("parts"), texts[] = {STR("par"), STR("ts")};
    TRY(objects_begin(writer->objects, &writer->ctx, name, &plain, &upload));
    for (int i = 0; i < 2; i++)
        TRY(objects_part(writer->objects, &writer->ctx, name, upload, i + 1,
                         &(struct objects_body){.bytes = texts[i]}, &parts[i].etag));
    return objects_complete(writer->objects, &writer->ctx, name, upload, parts, 2, NULL);
}

static enum err say(char step)
{
    char line[2] = {step, '\n'};
    return io_write_all(STDOUT_FILENO, str_make(line, sizeof line)) ? ERR_OK : ERR_IO;
}

static enum err write_all(struct writer *writer)
{
    struct str one = STR("a/one"), two = STR("a/b/two");
    TRY(put(writer, one, STR("one")));
    TRY(say('1'));
    TRY(put(writer, two, STR("two")));
    TRY(say('2'));
    TRY(put(writer, one, STR("uno")));
    TRY(say('3'));
    TRY(objects_delete(writer->objects, &writer->ctx, two));
    TRY(say('4'));
    TRY(join(writer));
    TRY(say('5'));
    TRY(put(writer, two, STR("two")));
    return say('6');
}

int main(int argc, char *argv[])
{
    struct clock clock = clock_system();
    struct rand rand = rand_system(), id_rand = rand_system();
    struct arena arena;
    struct id_source ids;
    struct writer writer = {.ctx = {.arena = &arena, .clock = &clock, .rand = &rand, .ids = &ids}};
    struct objects_options options = {.url = str_from(argc > 1 ? argv[1] : "")};
    arena_init(&arena, MEMORY_MAX);
    id_source_init(&ids, &clock, &id_rand);
    enum err err = objects_open(&writer.ctx, &options, &writer.objects);
    if (!err) {
        err = write_all(&writer);
        objects_close(writer.objects);
    }
    if (err)
        fprintf(stderr, "%s: %s\n", writer.ctx.err.user, writer.ctx.err.operator);
    id_source_release(&ids);
    arena_release(&arena);
    return err != ERR_OK;
}
