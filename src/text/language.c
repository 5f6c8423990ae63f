/* The table of languages, and which of them a reader wants. */
#include "text/language.h"

#include "base/assert.h"
#include "text/accept.h"

/* Spaces and marks that nobody can see in a table. */
#define NBSP  "\u00a0" /* a space that keeps a line together */
#define NNBSP "\u202f" /* the same, narrow */
#define LRM   "\u200e"
#define RLM   "\u200f"

static enum plural plural_one(uint64_t number)
{
    return number == 1 ? PLURAL_ONE : PLURAL_OTHER;
}

static bool is_millions(uint64_t number)
{
    return number != 0 && number % 1000000 == 0;
}

static enum plural plural_fr(uint64_t number)
{
    return number <= 1 ? PLURAL_ONE : is_millions(number) ? PLURAL_MANY : PLURAL_OTHER;
}

static enum plural plural_es(uint64_t number)
{
    return number == 1 ? PLURAL_ONE : is_millions(number) ? PLURAL_MANY : PLURAL_OTHER;
}

static enum plural plural_ar(uint64_t number)
{
    uint64_t rest = number % 100;
    if (number <= 2)
        return number == 0 ? PLURAL_ZERO : number == 1 ? PLURAL_ONE : PLURAL_TWO;
    return rest >= 11 ? PLURAL_MANY : rest >= 3 ? PLURAL_FEW : PLURAL_OTHER;
}

enum {
    PLURALS_ONE = 1u << PLURAL_ONE | 1u << PLURAL_OTHER,
    PLURALS_MILLIONS = PLURALS_ONE | 1u << PLURAL_MANY,
    PLURALS_ALL = (1u << PLURAL_COUNT) - 1,
};

const struct language languages[LANGUAGE_COUNT] =
    {
        [LANGUAGE_EN] =
            {
                .code = "en",
                .name = "English",
                .plurals = PLURALS_ONE,
                .plural = plural_one,
                .decimal = ".",
                .group = ",",
                .minus = "-",
                .percent = "%",
                .group_min = 1,
                .symbol_first = true,
                .money_mark = "",
                .list_two = " and ",
                .list_middle = ", ",
                .list_last = ", and ",
                .months = {"January", "February", "March", "April", "May", "June", "July", "August",
                           "September", "October", "November", "December"},
                .months_short = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
                                 "Oct", "Nov", "Dec"},
                .weekdays = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
                             "Sunday"},
                .weekdays_short = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
                .day_halves = {"AM", "PM"},
                .dates = {"M/d/y", "MMM d, y", "MMMM d, y", "EEEE, MMMM d, y"},
                .date_time = {", ", ", ", ", ", ", "},
                .time = "h:mm" NNBSP "a",
            },
        [LANGUAGE_DE] =
            {
                .code = "de",
                .name = "Deutsch",
                .plurals = PLURALS_ONE,
                .plural = plural_one,
                .decimal = ",",
                .group = ".",
                .minus = "-",
                .percent = NBSP "%",
                .group_min = 1,
                .money_mark = "",
                .list_two = " und ",
                .list_middle = ", ",
                .list_last = " und ",
                .months = {"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August",
                           "September", "Oktober", "November", "Dezember"},
                .months_short = {"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.",
                                 "Sept.", "Okt.", "Nov.", "Dez."},
                .weekdays = {"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag",
                             "Sonntag"},
                .weekdays_short = {"Mo.", "Di.", "Mi.", "Do.", "Fr.", "Sa.", "So."},
                .day_halves = {"AM", "PM"},
                .dates = {"d.M.y", "dd.MM.y", "d. MMMM y", "EEEE, d. MMMM y"},
                .date_time = {", ", ", ", ", ", ", "},
                .time = "HH:mm",
            },
        [LANGUAGE_FR] =
            {
                .code = "fr",
                .name = "Français",
                .plurals = PLURALS_MILLIONS,
                .plural = plural_fr,
                .decimal = ",",
                .group = NNBSP,
                .minus = "-",
                .percent = NBSP "%",
                .group_min = 1,
                .money_mark = "",
                .list_two = " et ",
                .list_middle = ", ",
                .list_last = " et ",
                .months = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                           "septembre", "octobre", "novembre", "décembre"},
                .months_short = {"janv.", "févr.", "mars", "avr.", "mai", "juin",
                                 "juil.", "août", "sept.", "oct.", "nov.", "déc."},
                .weekdays = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi",
                             "dimanche"},
                .weekdays_short = {"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
                .day_halves = {"AM", "PM"},
                .dates = {"dd/MM/y", "d MMM y", "d MMMM y", "EEEE d MMMM y"},
                .date_time = {" ", ", ", ", ", ", "},
                .time = "HH:mm",
            },
        [LANGUAGE_ES] =
            {
                .code = "es",
                .name = "Español",
                .plurals = PLURALS_MILLIONS,
                .plural = plural_es,
                .decimal = ",",
                .group = ".",
                .minus = "-",
                .percent = NBSP "%",
                .group_min = 2,
                .money_mark = "",
                .list_two = " y ",
                .list_middle = ", ",
                .list_last = " y ",
                .list_before_i = " e ",
                .months = {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
                           "septiembre", "octubre", "noviembre", "diciembre"},
                .months_short = {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept",
                                 "oct", "nov", "dic"},
                .weekdays = {"lunes", "martes", "miércoles", "jueves", "viernes", "sábado",
                             "domingo"},
                .weekdays_short = {"lun", "mar", "mié", "jue", "vie", "sáb", "dom"},
                .day_halves = {"a." NNBSP "m.", "p." NNBSP "m."},
                .dates = {"d/M/y", "d MMM y", "d 'de' MMMM 'de' y", "EEEE, d 'de' MMMM 'de' y"},
                .date_time = {", ", ", ", ", ", ", "},
                .time = "H:mm",
            },
        [LANGUAGE_AR] =
            {
                .code = "ar",
                .name = "العربية",
                .right_to_left = true,
                .plurals = PLURALS_ALL,
                .plural = plural_ar,
                .decimal = ".",
                .group = ",",
                .minus = LRM "-",
                .percent = LRM "%" LRM,
                .group_min = 1,
                .money_mark = RLM,
                .list_two = " و",
                .list_middle = " و",
                .list_last = " و",
                .months = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس",
                           "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
                .months_short = {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو",
                                 "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
                .weekdays = {"الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت",
                             "الأحد"},
                .weekdays_short = {"الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة",
                                   "السبت", "الأحد"},
                .day_halves = {"ص", "م"},
                .dates = {"d" RLM "/M" RLM "/y", "dd" RLM "/MM" RLM "/y", "d MMMM y",
                          "EEEE، d MMMM y"},
                .date_time = {"، ", "، ", "، ", "، "},
                .time = "h:mm a",
            },
};

const struct language *language_find(struct str tag)
{
    struct str primary;
    if (!str_cut(&tag, '-', &primary))
        return NULL;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        if (str_equal_nocase(primary, str_from(languages[i].code)))
            return &languages[i];
    return NULL;
}

/* What a header says of each language: -1 is nothing. */
struct wishes {
    int quality[LANGUAGE_COUNT], any;
    int place[LANGUAGE_COUNT]; /* where it was said; of equals the first wins */
};

static void note_wish(struct wishes *wishes, const struct accept_part *part, int place)
{
    if (part->quality == ACCEPT_NONE || part->has_others)
        return;
    const struct language *language = language_find(part->value);
    if (language && part->quality > wishes->quality[language - languages]) {
        wishes->quality[language - languages] = part->quality;
        wishes->place[language - languages] = place;
    } else if (str_equal(part->value, STR("*")) && part->quality > wishes->any) {
        wishes->any = part->quality;
    }
}

const struct language *language_negotiate(struct str header)
{
    struct wishes wishes = {.any = -1};
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        wishes.quality[i] = -1;
    struct accept_part part;
    for (int place = 0; place < ACCEPT_PARTS_MAX && accept_next(&header, &part); place++)
        note_wish(&wishes, &part, place);

    int best = -1, best_quality = 0, best_place = 0;
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        bool is_named = wishes.quality[i] >= 0;
        int quality = is_named ? wishes.quality[i] : wishes.any;
        int place = is_named ? wishes.place[i] : ACCEPT_PARTS_MAX;
        if (quality > best_quality ||
            (quality == best_quality && best >= 0 && place < best_place)) {
            best = i;
            best_quality = quality;
            best_place = place;
        }
    }
    return &languages[best < 0 ? 0 : best];
}

const char *language_direction(const struct language *language)
{
    return language->right_to_left ? "rtl" : "ltr";
}

const char *plural_name(enum plural plural)
{
    static const char *const names[] = {"zero", "one", "two", "few", "many", "other"};
    ASSERT((unsigned)plural < PLURAL_COUNT);
    return names[plural];
}
