/* The console's form of a rule: made, and changed. */
#include "flow/bus_input.h"
#include "flow/bus_kind.h"
#include "flow/bus_msg.h"
#include "flow/bus_page.h"
#include "flow/flow_pages.h"
#include "flow/flow_routes.h"
#include "flow/pattern.h"
#include "guard/audit_note.h"

#define FIRST_PATTERN "{\"type\": [\"order.placed\"]}"

static const struct fields {
    const char *kind, *to, *input;
} fields[BUS_TARGETS_MAX] = {{"kind1", "to1", "input1"},
                             {"kind2", "to2", "input2"},
                             {"kind3", "to3", "input3"},
                             {"kind4", "to4", "input4"},
                             {"kind5", "to5", "input5"}};

static const char *const kinds[] = {"queue", "topic", "webhook"};

/* What is in the form: a rule's own, or what was typed. */
static void fill_targets(const struct request *request, const struct field_errors *errors,
                         const struct bus_rule *rule, struct bus_target_form rows[BUS_TARGETS_MAX])
{
    for (size_t i = 0; i < BUS_TARGETS_MAX; i++) {
        struct bus_target_form *row = &rows[i];
        *row = (struct bus_target_form){.number = (int64_t)i + 1,
                                        .kind_name = fields[i].kind,
                                        .to_name = fields[i].to,
                                        .input_name = fields[i].input};
        if (errors) {
            row->kind = route_typed(request, fields[i].kind);
            row->to = ui_value(request, errors, fields[i].to);
            row->input = ui_value(request, errors, fields[i].input);
        } else if (rule && i < rule->target_count) {
            row->kind = rule->targets[i].kind;
            row->to.typed = rule->targets[i].name;
            row->input.typed = rule->targets[i].input;
        }
        row->is_topic = str_equal(row->kind, STR("topic"));
        row->is_webhook = str_equal(row->kind, STR("webhook"));
        row->open = i == 0 || row->to.typed.len || row->to.wrong.len || row->input.wrong.len;
    }
}

/* `rule` is the one that is changed, NULL where one is made; `pattern` is what it begins with. */
static enum err show(struct request *request, const struct field_errors *errors, struct str name,
                     const struct bus_rule *rule, struct str pattern)
{
    struct bus_target_form targets[BUS_TARGETS_MAX];
    struct bus_form_page page = {.frame = ui_frame(request, "/admin/bus"),
                                 .errors = errors,
                                 .old_name = name,
                                 .name = ui_value(request, errors, "name"),
                                 .about = ui_value(request, errors, "about"),
                                 .pattern = ui_value(request, errors, "pattern"),
                                 .targets = targets,
                                 .target_count = BUS_TARGETS_MAX,
                                 .enabled = !rule || rule->enabled};
    fill_targets(request, errors, rule, targets);
    if (errors)
        page.enabled = route_typed(request, "enabled").len > 0;
    else
        page.pattern.typed = pattern;
    if (!errors && rule)
        page.about.typed = rule->about;
    bus_form_page(respond_page(request), &page);
    return ERR_OK;
}

enum err bus_new(struct request *request)
{
    return show(request, NULL, STR(""), NULL, STR(FIRST_PATTERN));
}

enum err bus_make_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, STR(""), NULL, STR(""));
}

struct finding {
    struct str name;
    struct bus_rule rule;
};

static enum err find(struct tx *tx, void *arg)
{
    struct finding *finding = arg;
    return bus_rule_get(tx, finding->name, &finding->rule);
}

enum err bus_edit(struct request *request, const struct bus_edit_input *input)
{
    struct finding finding = {.name = input->name};
    struct str pattern;
    TRY(db_read(request->ports->db, request->ctx, find, &finding));
    TRY(bus_pretty(request->ctx, finding.rule.pattern, &pattern));
    return show(request, NULL, input->name, &finding.rule, pattern);
}

enum err bus_save_again(struct request *request, const struct field_errors *errors)
{
    return show(request, errors, request->parts[0], NULL, STR(""));
}

/* What was sent. */
struct typed_target {
    int64_t kind;
    struct str to, input;
};

struct setting {
    const struct request *request;
    struct bus_rule rule;
    bool is_new;
    struct bus_target targets[BUS_TARGETS_MAX];
    size_t places[BUS_TARGETS_MAX]; /* in the form */
};

static void add_targets(struct setting *setting, const struct typed_target typed[BUS_TARGETS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < BUS_TARGETS_MAX; i++) {
        if (!typed[i].to.len)
            continue;
        setting->places[count] = i;
        setting->targets[count++] = (struct bus_target){
            .kind = str_from(kinds[typed[i].kind]), .name = typed[i].to, .input = typed[i].input};
    }
    setting->rule.targets = setting->targets;
    setting->rule.target_count = count;
}

/* What bus_rule_set says of "input" is said at the field where it stands. */
static enum err check_inputs(struct ctx *ctx, const struct setting *setting)
{
    for (size_t i = 0; i < setting->rule.target_count; i++) {
        struct str words;
        enum err err = bus_input_check(ctx, setting->targets[i].input);
        if (err != ERR_INPUT) {
            TRY(err);
            continue;
        }
        TRY(str_copy(ctx->arena, str_from(ctx->err.user), &words));
        return err_input(&ctx->err, fields[setting->places[i]].input, STR_FMT, STR_ARG(words));
    }
    return ERR_OK;
}

static enum err check_targets(struct tx *tx, const struct setting *setting)
{
    static const struct {
        const char *kind;
        ui_say *wrong;
    } rows[] = {
        {"queue", text_bus_no_queue}, {"topic", text_bus_no_topic}, {"webhook", text_bus_no_url}};
    for (size_t i = 0; i < setting->rule.target_count; i++) {
        const struct bus_target *target = &setting->targets[i];
        enum err err = bus_target_check(tx, target);
        if (err != ERR_MISSING && err != ERR_INPUT) {
            TRY(err);
            continue;
        }
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            if (str_equal(target->kind, str_from(rows[k].kind)))
                return bus_wrong(setting->request, fields[setting->places[i]].to, rows[k].wrong);
    }
    return ERR_OK;
}

/* A webhook is there at once, with its key: who is to receive it can be told before it comes. */
static enum err make_webhooks(struct tx *tx, const struct setting *setting)
{
    char id[ID_TEXT_MAX];
    for (size_t i = 0; i < setting->rule.target_count; i++)
        if (str_equal(setting->targets[i].kind, STR("webhook")))
            TRY(bus_webhook(tx, setting->rule.name, setting->targets[i].name, id));
    return ERR_OK;
}

static enum err set(struct tx *tx, void *arg)
{
    const struct setting *setting = arg;
    struct bus_rule before;
    enum err found = bus_rule_get(tx, setting->rule.name, &before);
    if (setting->is_new && !found)
        return bus_wrong(setting->request, "name", text_bus_name_taken);
    if (found && (!setting->is_new || found != ERR_MISSING))
        return found;
    err_clear(&tx->ctx->err);
    TRY(check_targets(tx, setting));
    TRY(bus_rule_set(tx, &setting->rule));
    TRY(make_webhooks(tx, setting));
    return audit_note(tx, setting->request, setting->is_new ? "rule.make" : "rule.change",
                      setting->rule.name, STR(""));
}

static enum err save(struct request *request, struct setting *setting,
                     const struct typed_target typed[BUS_TARGETS_MAX])
{
    struct pattern *pattern;
    setting->request = request;
    add_targets(setting, typed);
    TRY(bus_read_pattern(request->ctx, setting->rule.pattern, &pattern));
    TRY(check_inputs(request->ctx, setting));
    TRY(db_write(request->ports->db, request->ctx, set, setting));
    return respond_redirect(request, "/admin/bus/rules/" STR_FMT "?done=%s",
                            STR_ARG(setting->rule.name), setting->is_new ? "made" : "saved");
}

/* Both forms have the same fields, in structs of their own. */
#define TYPED_TARGETS(input)                                 \
    {                                                        \
        {(input)->kind1, (input)->to1, (input)->input1},     \
            {(input)->kind2, (input)->to2, (input)->input2}, \
            {(input)->kind3, (input)->to3, (input)->input3}, \
            {(input)->kind4, (input)->to4, (input)->input4}, \
            {(input)->kind5, (input)->to5, (input)->input5}, \
    }

enum err bus_make(struct request *request, const struct bus_make_input *input)
{
    const struct typed_target typed[BUS_TARGETS_MAX] = TYPED_TARGETS(input);
    struct setting setting = {.is_new = true,
                              .rule = {.name = input->name,
                                       .about = input->about,
                                       .pattern = input->pattern,
                                       .enabled = input->enabled}};
    return save(request, &setting, typed);
}

enum err bus_save(struct request *request, const struct bus_save_input *input)
{
    const struct typed_target typed[BUS_TARGETS_MAX] = TYPED_TARGETS(input);
    struct setting setting = {.rule = {.name = input->name,
                                       .about = input->about,
                                       .pattern = input->pattern,
                                       .enabled = input->enabled}};
    return save(request, &setting, typed);
}
