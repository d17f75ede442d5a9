/*
 * dump_store - every conversation of a database with all its turns, as JSON Lines in the order of their rows:
 *     {"source","id","started_ms","origin","channel","agent","turns":[{"role","id","name","start_ms","text"}]}
 * For tests that compare what was read with what should have been.   usage: dump_store DATABASE
 */
#include <stdio.h>

#include "core/arena.h"
#include "core/json_write.h"
#include "store/db.h"

static void put_ms(struct strbuf *out, const char *name, int64_t ms)
{
    if (ms == MS_NONE)
        strbuf_printf(out, ",\"%s\":null", name);
    else
        strbuf_printf(out, ",\"%s\":%lld", name, (long long)ms);
}

static void put_text(struct strbuf *out, const char *name, struct slice text)
{
    strbuf_printf(out, ",\"%s\":", name);
    json_escape(out, text, false);
}

static void put_conversation(struct strbuf *out, const struct conversation *c)
{
    strbuf_puts(out, "{\"source\":");
    json_escape(out, c->source, false);
    put_text(out, "id", c->external_id);
    put_text(out, "origin", slice_of(time_origin_name(c->time_origin)));
    put_text(out, "channel", c->channel);
    put_text(out, "agent", c->agent_id.n != 0 ? c->agent_id : c->agent_name);
    put_ms(out, "started_ms", c->started_at_ms);
    strbuf_puts(out, ",\"turns\":[");
    for (uint32_t i = 0; i < c->nturns; i++) {
        const struct turn *t = &c->turns[i];
        strbuf_puts(out, i != 0 ? ",{\"role\":" : "{\"role\":");
        json_escape(out, slice_of(role_name(t->role)), false);
        put_text(out, "id", t->speaker_id);
        put_text(out, "name", t->speaker_name);
        put_ms(out, "start_ms", t->start_ms);
        put_text(out, "text", t->text);
        strbuf_putc(out, '}');
    }
    strbuf_puts(out, "]}\n");
}

static enum err_code dump(struct store *db, struct err *e)
{
    struct arena *a = arena_new(0);
    struct strbuf out = STRBUF_INIT;
    sqlite3_stmt *ids = NULL;
    enum err_code rc = a != NULL ? ERR_OK : err_nomem(e);
    if (sqlite3_prepare_v2(db->conn, "SELECT conversation_id FROM conversation ORDER BY 1", -1, &ids, NULL) !=
        SQLITE_OK)
        rc = err_set(e, ERR_DB, "%s", sqlite3_errmsg(db->conn));
    while (rc == ERR_OK && sqlite3_step(ids) == SQLITE_ROW) {
        struct conversation c;
        rc = store_conversation_get(db, sqlite3_column_int64(ids, 0), a, &c, e);
        if (rc == ERR_OK)
            put_conversation(&out, &c);
        if (rc == ERR_OK && strbuf_failed(&out))
            rc = err_nomem(e);
        if (rc == ERR_OK)
            (void)fwrite(out.s, 1, out.n, stdout);
        strbuf_clear(&out);
        arena_reset(a);
    }
    (void)sqlite3_finalize(ids);
    strbuf_free(&out);
    arena_free(a);
    return rc;
}

int main(int argc, char **argv)
{
    struct err e = {.code = ERR_OK};
    struct store *db = NULL;
    if (argc != 2)
        return 2;
    enum err_code rc = store_open(argv[1], STORE_READ, &db, &e);
    if (rc == ERR_OK)
        rc = dump(db, &e);
    if (rc != ERR_OK)
        (void)fprintf(stderr, "dump_store: %s\n", e.msg);
    store_close(db);
    return rc == ERR_OK ? 0 : 1;
}
