#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/option_parse.h"
#include "cli/suggest.h"
#include "core/ini.h"
#include "core/strbuf.h"
#include "core/when.h"
#include "ingest/ingest.h"

#define HELP_COMMAND_HINT "see broach %s --help"

const struct opt_row opt_rows[OPT_COUNT] = {
#define OPT_ROW(id, name, letter, kind, group, where, arg, preset, help)                                               \
    {name, letter, kind, group, where, arg, preset, help},
#include "cli/options.def"
#undef OPT_ROW
};

static char *copy(struct slice x)
{
    char *s = malloc(x.n + 1);
    if (s != NULL) {
        memcpy(s, x.n != 0 ? x.s : "", x.n);
        s[x.n] = '\0';
    }
    return s;
}

/* Keep TEXT as the value of ID unless a stronger place gave one. */
static enum err_code keep(struct options *o, enum opt_id id, struct slice text, enum opt_from from, const char *place,
                          struct err *e)
{
    struct opt_value *v = &o->values[id];
    if (v->text != NULL && v->from > from)
        return ERR_OK;
    char *new_text = copy(text);
    char *new_place = copy(slice_of(place));
    if (new_text == NULL || new_place == NULL) {
        free(new_text);
        free(new_place);
        return err_nomem(e);
    }
    free(v->text);
    free(v->place);
    *v = (struct opt_value){new_text, from, new_place};
    return ERR_OK;
}

static int find_by_name(struct slice name)
{
    for (int id = 0; id < OPT_COUNT; id++)
        if (slice_is(name, opt_rows[id].name))
            return id;
    return -1;
}

static int find_by_letter(char letter)
{
    for (int id = 0; id < OPT_COUNT; id++)
        if (opt_rows[id].letter == letter)
            return id;
    return -1;
}

/* ---- the command line ---- */

struct line {
    struct options *o;
    const char *command;
    unsigned groups;
    int argc, at;
    char **argv;
};

static enum err_code unknown_option(const struct line *l, struct slice name, struct err *e)
{
    char typed[48];
    snprintf(typed, sizeof typed, "%.*s", (int)(name.n < 40 ? name.n : 40), name.s);
    struct suggest near = SUGGEST_INIT(typed);
    for (int id = 0; id < OPT_COUNT; id++)
        if ((opt_rows[id].group & l->groups) != 0)
            suggest_offer(&near, opt_rows[id].name);
    err_set(e, ERR_USAGE, "%s: unknown option --%s", l->command, typed);
    if (near.best != NULL)
        return err_hint(e, "did you mean --%s?", near.best);
    return err_hint(e, HELP_COMMAND_HINT, l->command);
}

/* The option with the whole NAME, or the only one of the command that begins so; -1 if there is none. */
static int match_long(const struct line *l, struct slice name)
{
    int found = -1;
    for (int id = 0; id < OPT_COUNT; id++) {
        const char *full = opt_rows[id].name;
        if ((opt_rows[id].group & l->groups) == 0 || name.n == 0 || strncmp(full, name.s, name.n) != 0)
            continue;
        if (strlen(full) == name.n)
            return id;
        found = found == -1 ? id : -2;
    }
    return found < 0 ? -1 : found;
}

/* Take the option ID, shown as SHOWN; GIVEN is what stood behind "=" or the letter (s == NULL: nothing). */
static enum err_code take(struct line *l, enum opt_id id, const char *shown, struct slice given, struct err *e)
{
    const struct opt_row *row = &opt_rows[id];
    struct slice text = given;
    if (given.s == NULL && row->kind == KIND_FLAG) {
        text = SLICE_LIT("yes");
    } else if (given.s == NULL) {
        if (l->at >= l->argc) {
            err_set(e, ERR_USAGE, "%s: option %s needs a value", l->command, shown);
            return err_hint(e, "--%s %s: %s", row->name, row->arg, row->help);
        }
        text = slice_of(l->argv[l->at++]);
    }
    enum err_code rc = option_check(row, text.s, e);
    if (rc != ERR_OK)
        return err_wrap(e, "%s", l->command);
    return keep(l->o, id, text, FROM_LINE, "command line", e);
}

static enum err_code read_long(struct line *l, const char *arg, struct err *e)
{
    const char *equals = strchr(arg, '=');
    struct slice name = {arg, equals != NULL ? (size_t)(equals - arg) : strlen(arg)};
    struct slice given = {NULL, 0};
    if (equals != NULL)
        given = slice_of(equals + 1);
    bool is_no = false;
    int id = match_long(l, name);
    if (id < 0 && slice_starts(name, "no-") && equals == NULL) {
        id = match_long(l, (struct slice){name.s + 3, name.n - 3});
        is_no = id >= 0 && opt_rows[id].kind == KIND_FLAG;
        if (!is_no)
            id = -1;
    }
    if (id < 0)
        return unknown_option(l, name, e);
    if (is_no)
        given = SLICE_LIT("no");
    char shown[48];
    snprintf(shown, sizeof shown, "--%s", opt_rows[id].name);
    return take(l, (enum opt_id)id, shown, given, e);
}

/* A bundle of letters: "-vq", "-dFILE", "-d FILE". */
static enum err_code read_short(struct line *l, const char *letters, struct err *e)
{
    for (const char *at = letters; *at != '\0'; at++) {
        char shown[3] = {'-', *at, '\0'};
        int id = find_by_letter(*at);
        if (id < 0 || (opt_rows[id].group & l->groups) == 0) {
            err_set(e, ERR_USAGE, "%s: unknown option %s", l->command, shown);
            return err_hint(e, HELP_COMMAND_HINT, l->command);
        }
        bool has_rest = opt_rows[id].kind != KIND_FLAG && at[1] != '\0';
        struct slice given = {NULL, 0};
        if (has_rest)
            given = slice_of(at + 1);
        enum err_code rc = take(l, (enum opt_id)id, shown, given, e);
        if (rc != ERR_OK || has_rest)
            return rc;
    }
    return ERR_OK;
}

static enum err_code read_line(struct line *l, struct err *e)
{
    struct options *o = l->o;
    bool only_operands = false;
    o->operands = calloc((size_t)l->argc + 1, sizeof *o->operands);
    if (o->operands == NULL)
        return err_nomem(e);
    while (l->at < l->argc) {
        const char *arg = l->argv[l->at++];
        enum err_code rc = ERR_OK;
        if (only_operands || arg[0] != '-' || arg[1] == '\0')
            o->operands[o->noperands++] = arg;
        else if (strcmp(arg, "--") == 0)
            only_operands = true;
        else if (arg[1] == '-')
            rc = read_long(l, arg + 2, e);
        else
            rc = read_short(l, arg + 1, e);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

/* ---- the environment ---- */

const char *option_env(const struct opt_row *row, char out[OPT_ENV_BYTES])
{
    snprintf(out, OPT_ENV_BYTES, "BROACH_%s", row->name);
    for (char *c = out; *c != '\0'; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
        else if (*c == '-')
            *c = '_';
    }
    return out;
}

static enum err_code read_env(struct options *o, struct err *e)
{
    for (int id = 0; id < OPT_COUNT; id++) {
        char name[OPT_ENV_BYTES];
        const char *text = getenv(option_env(&opt_rows[id], name));
        if (opt_rows[id].where == WHERE_LINE || text == NULL || *text == '\0')
            continue;
        enum err_code rc = option_check(&opt_rows[id], text, e);
        if (rc != ERR_OK)
            return err_wrap(e, "environment: %s", name);
        rc = keep(o, (enum opt_id)id, slice_of(text), FROM_ENV, name, e);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

/* ---- the file ---- */

struct conf {
    struct options *o;
    const char *path;
};

/* TEXT as seen from the folder of the file, into OUT. */
static void from_folder(const struct conf *c, const char *text, struct strbuf *out)
{
    const char *slash = strrchr(c->path, '/');
    bool is_whole = text[0] == '/' || strcmp(text, "-") == 0 || strcmp(text, ":memory:") == 0;
    if (slash != NULL && !is_whole)
        strbuf_add(out, c->path, (size_t)(slash - c->path) + 1);
    strbuf_puts(out, text);
}

static enum err_code keep_path(struct conf *c, const char *value, struct err *e)
{
    struct options *o = c->o;
    if (*value == '\0')
        return err_set(e, ERR_CONFIG, "path is empty");
    char **more = realloc(o->paths, (o->npaths + 1) * sizeof *more);
    if (more == NULL)
        return err_nomem(e);
    o->paths = more;
    struct strbuf b = STRBUF_INIT;
    from_folder(c, value, &b);
    if (strbuf_failed(&b)) {
        strbuf_free(&b);
        return err_nomem(e);
    }
    o->paths[o->npaths++] = b.s;
    return ERR_OK;
}

static enum err_code unknown_key(const char *key, struct err *e)
{
    struct suggest near = SUGGEST_INIT(key);
    suggest_offer(&near, "path");
    for (int id = 0; id < OPT_COUNT; id++)
        if (opt_rows[id].where == WHERE_ANY)
            suggest_offer(&near, opt_rows[id].name);
    err_set(e, ERR_CONFIG, "unknown key \"%.60s\"", key);
    if (near.best != NULL)
        return err_hint(e, "did you mean \"%s\"?", near.best);
    return err_hint(e, "the keys are the long option names: see broach help broach.conf");
}

/* The settings of the source NAME; made if there are none. NULL when out of memory. */
static struct ingest_source *source_named(struct options *o, const char *name)
{
    for (size_t i = 0; i < o->nsources; i++)
        if (strcmp(o->sources[i].name, name) == 0)
            return &o->sources[i];
    struct ingest_source *more = realloc(o->sources, (o->nsources + 1) * sizeof *more);
    if (more == NULL)
        return NULL;
    o->sources = more;
    struct ingest_source *s = &more[o->nsources];
    *s = (struct ingest_source){.name = strdup(name)};
    o->nsources += s->name != NULL;
    return s->name != NULL ? s : NULL;
}

/* A key under [source NAME]. */
static enum err_code keep_of_source(struct options *o, const char *name, const char *key, const char *value,
                                    struct err *e)
{
    struct ingest_source *s = source_named(o, name);
    char *copy = strdup(value);
    if (s == NULL || copy == NULL) {
        free(copy);
        return err_nomem(e);
    }
    if (strcmp(key, "timezone") == 0) {
        free((char *)s->timezone);
        s->timezone = copy;
        return ERR_OK;
    }
    if (strcmp(key, "roles") == 0) {
        free((char *)s->roles);
        s->roles = copy;
        return ERR_OK;
    }
    free(copy);
    err_set(e, ERR_CONFIG, "unknown key \"%.60s\" of a source", key);
    return err_hint(e, "under [source NAME] there are timezone and roles");
}

static enum err_code conf_entry(void *ctx, const char *section, const char *key, const char *value, long line,
                                struct err *e)
{
    struct conf *c = ctx;
    if (strncmp(section, "source ", 7) == 0 && section[7] != '\0')
        return keep_of_source(c->o, section + 7, key, value, e);
    if (strcmp(section, "broach") != 0) {
        err_set(e, ERR_CONFIG, "unknown section [%.60s]", section);
        return err_hint(e, "all keys stand under [broach], or under [source NAME]");
    }
    if (strcmp(key, "path") == 0)
        return keep_path(c, value, e);
    int id = find_by_name(slice_of(key));
    if (id < 0 || opt_rows[id].where != WHERE_ANY)
        return unknown_key(key, e);
    if (option_check(&opt_rows[id], value, e) != ERR_OK) {
        e->code = ERR_CONFIG;
        return ERR_CONFIG;
    }
    struct strbuf text = STRBUF_INIT;
    struct strbuf place = STRBUF_INIT;
    if (opt_rows[id].kind == KIND_PATH)
        from_folder(c, value, &text);
    else
        strbuf_puts(&text, value);
    strbuf_printf(&place, "%s:%ld", c->path, line);
    enum err_code rc = strbuf_failed(&text) || strbuf_failed(&place)
                           ? err_nomem(e)
                           : keep(c->o, (enum opt_id)id, strbuf_slice(&text), FROM_FILE, place.s, e);
    strbuf_free(&text);
    strbuf_free(&place);
    return rc;
}

/* The first file of the usual places that is there, into OUT; nothing if none is. */
static enum err_code usual_file(struct strbuf *out, struct err *e)
{
    const char *home = getenv("HOME");
    const char *xdg = getenv("XDG_CONFIG_HOME");
    for (int i = 0; i < 3; i++) {
        struct stat st;
        strbuf_clear(out);
        if (i == 0)
            strbuf_puts(out, "./broach.conf");
        else if (i == 1 && xdg != NULL && *xdg != '\0')
            strbuf_printf(out, "%s/broach/broach.conf", xdg);
        else if (i == 1 && home != NULL && *home != '\0')
            strbuf_printf(out, "%s/.config/broach/broach.conf", home);
        else if (i == 2)
            strbuf_puts(out, "/etc/broach.conf");
        if (strbuf_failed(out))
            return err_nomem(e);
        if (out->n > 0 && stat(out->s, &st) == 0)
            return ERR_OK;
    }
    strbuf_clear(out);
    return ERR_OK;
}

static enum err_code read_file(struct options *o, bool may_lack, struct err *e)
{
    struct stat st;
    struct strbuf path = STRBUF_INIT;
    const char *given = options_text(o, OPT_CONFIG);
    enum err_code rc = ERR_OK;
    if (given == NULL)
        rc = usual_file(&path, e);
    else if (!may_lack || stat(given, &st) == 0)
        strbuf_puts(&path, given);
    if (rc == ERR_OK && strbuf_failed(&path))
        rc = err_nomem(e);
    if (rc == ERR_OK && path.n > 0) {
        o->config_path = path.s;
        path = (struct strbuf)STRBUF_INIT;
        /* "./" is for stat; places are told without it */
        if (given == NULL && strcmp(o->config_path, "./broach.conf") == 0)
            memmove(o->config_path, o->config_path + 2, strlen(o->config_path) - 1);
        struct conf c = {o, o->config_path};
        rc = ini_read_file(o->config_path, conf_entry, &c, e);
    }
    strbuf_free(&path);
    return rc;
}

enum err_code options_read(struct options *o, const struct options_reader *reader, int argc, char **argv, struct err *e)
{
    *o = (struct options){.npaths = 0};
    struct line l = {o, reader->command, reader->groups | GROUP_ALL, argc, 0, argv};
    enum err_code rc = read_line(&l, e);
    if (rc != ERR_OK || options_flag(o, OPT_HELP) || options_flag(o, OPT_VERSION))
        return rc;
    rc = read_env(o, e);
    return rc != ERR_OK ? rc : read_file(o, reader->may_lack_config, e);
}

void options_free(struct options *o)
{
    for (int id = 0; id < OPT_COUNT; id++) {
        free(o->values[id].text);
        free(o->values[id].place);
    }
    for (size_t i = 0; i < o->npaths; i++)
        free(o->paths[i]);
    free(o->paths);
    free(o->operands);
    free(o->config_path);
    for (size_t i = 0; i < o->nsources; i++) {
        free((char *)o->sources[i].name);
        free((char *)o->sources[i].timezone);
        free((char *)o->sources[i].roles);
    }
    free(o->sources);
    *o = (struct options){.npaths = 0};
}

/* ---- values ---- */

const char *options_text(const struct options *o, enum opt_id id)
{
    if (o->values[id].text != NULL)
        return o->values[id].text;
    return *opt_rows[id].preset != '\0' ? opt_rows[id].preset : NULL;
}

bool options_flag(const struct options *o, enum opt_id id)
{
    const char *text = options_text(o, id);
    bool is_set = false;
    return text != NULL && option_parse_flag(text, &is_set) && is_set;
}

int64_t options_number(const struct options *o, enum opt_id id)
{
    const char *text = options_text(o, id);
    int64_t v = 0;
    if (text == NULL)
        return 0;
    bool is_right = opt_rows[id].kind == KIND_BYTES     ? option_parse_bytes(text, &v)
                    : opt_rows[id].kind == KIND_DAY     ? when_parse_date(slice_of(text), &v)
                    : opt_rows[id].kind == KIND_WEEK    ? when_parse_week(slice_of(text), &v)
                    : opt_rows[id].kind == KIND_WEEKDAY ? option_parse_weekday(text, &v)
                                                        : option_parse_count(text, &v);
    return is_right ? v : 0;
}

unsigned options_mask(const struct options *o, enum opt_id id)
{
    const char *text = options_text(o, id);
    unsigned bits = 0;
    return text != NULL && option_parse_mask(text, &bits) ? bits : 0;
}

enum opt_from options_from(const struct options *o, enum opt_id id)
{
    return o->values[id].text != NULL ? o->values[id].from : FROM_DEFAULT;
}

const char *options_place(const struct options *o, enum opt_id id)
{
    return o->values[id].place != NULL ? o->values[id].place : "default";
}

enum err_code options_need(const struct options *o, enum opt_id id, const char **out, struct err *e)
{
    char env[OPT_ENV_BYTES];
    *out = options_text(o, id);
    if (*out != NULL)
        return ERR_OK;
    err_set(e, ERR_USAGE, "no --%s was given: %s", opt_rows[id].name, opt_rows[id].help);
    return err_hint(e, "give --%s %s, set %s, or write \"%s = ...\" into broach.conf", opt_rows[id].name,
                    opt_rows[id].arg, option_env(&opt_rows[id], env), opt_rows[id].name);
}
