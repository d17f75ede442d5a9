/* day_zone.c - the time zone whose days are counted: one for the whole database, as days add up */
#include <stdlib.h>
#include <string.h>

#include "core/when.h"
#include "core/zone.h"
#include "store/db.h"
#include "store/store.h"

enum { NAME_BYTES = 64 };

int64_t store_day_of(const struct store *db, int64_t at_ms)
{
    return when_day_of(at_ms + (db->day_zone != NULL ? zone_offset_ms(db->day_zone, at_ms) : 0));
}

struct slice db_day(const struct store *db, int64_t at_ms, char buf[DB_DAY_BYTES])
{
    if (at_ms == MS_NONE)
        return (struct slice){"", 0};
    int64_t day = store_day_of(db, at_ms);
    int year = when_civil(day).year;
    return year < 0 || year > 9999 ? (struct slice){"", 0} : slice_of(when_format_date(day, buf));
}

/* "" if none was chosen. */
static enum err_code chosen(struct store *db, char name[NAME_BYTES], struct err *e)
{
    bool has;
    struct stmt *s = stmt_get(db, query_setting_get);
    stmt_bind_text(s, "name", SLICE_LIT("day-zone"));
    enum err_code rc = stmt_step(s, &has, e);
    name[0] = '\0';
    if (rc != ERR_OK || !has)
        return rc;
    struct slice value = stmt_text(s, 0);
    if (value.n >= NAME_BYTES)
        return err_set(e, ERR_DB, "setting day-zone is damaged");
    memcpy(name, value.s, value.n);
    name[value.n] = '\0';
    return stmt_step(s, &has, e);
}

static enum err_code load(struct store *db, const char *name, struct err *e)
{
    struct zone *zone = NULL;
    enum err_code rc = zone_load(name, &zone, e);
    if (rc != ERR_OK)
        return err_wrap(e, "day-zone");
    zone_free(db->day_zone);
    db->day_zone = zone;
    return ERR_OK;
}

enum err_code day_zone_open(struct store *db, struct err *e)
{
    char name[NAME_BYTES];
    enum err_code rc = chosen(db, name, e);
    return rc != ERR_OK || name[0] == '\0' ? rc : load(db, name, e);
}

static enum err_code put(struct store *db, const char *name, struct err *e)
{
    enum err_code rc = store_begin(db, e);
    if (rc != ERR_OK)
        return rc;
    struct stmt *s = stmt_get(db, query_setting_put);
    stmt_bind_text(s, "name", SLICE_LIT("day-zone"));
    stmt_bind_text(s, "value", slice_of(name));
    if ((rc = stmt_run(s, e)) == ERR_OK)
        return store_commit(db, e);
    store_rollback(db);
    return rc;
}

enum err_code store_use_day_zone(struct store *db, const char *name, struct err *e)
{
    char now[NAME_BYTES];
    bool has = false;
    enum err_code rc = chosen(db, now, e);
    if (rc != ERR_OK || strcmp(now[0] != '\0' ? now : "UTC", name) == 0)
        return rc;
    if ((rc = db_has_conversations(db, &has, e)) != ERR_OK)
        return rc;
    if (has) {
        err_set(e, ERR_CONFIG, "the days of this database are those of %s: --day-zone %.60s cannot be had afterwards",
                now[0] != '\0' ? now : "UTC", name);
        return err_hint(e, "begin a new database, or leave --day-zone as it was");
    }
    if (strlen(name) >= NAME_BYTES)
        return err_set(e, ERR_CONFIG, "day-zone: there is no time zone %.60s", name);
    rc = load(db, name, e);
    return rc == ERR_OK ? put(db, name, e) : rc;
}
