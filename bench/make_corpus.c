/*
 * make_corpus - write a large corpus of JSON Lines from a few conversations, for measuring
 *
 *     zcat -f itdesk.jsonl harbor-bank.jsonl.gz | make_corpus MEGABYTES [FIRST] > corpus.jsonl
 *
 * Reads conversations in the contract form from standard input (lines that break off are left out) and writes them in
 * turn, over and over, each time with a fresh conversation_id (numbered from FIRST, default 1), customer_id and
 * started_at (the seven days of 2026-W47), until at least MEGABYTES x 1,000,000 bytes are written. The same input and
 * arguments give the same bytes. The texts come back only after all others, so that gzip, whose window is 32 KiB, does
 * not find them again.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum field { FIELD_ID, FIELD_CUSTOMER, FIELD_START, FIELD_COUNT };

static const char *const field_keys[FIELD_COUNT] = {"\"conversation_id\":\"", "\"customer_id\":\"",
                                                    "\"started_at\":\""};

/* A conversation, cut at the values that are written afresh. */
struct line {
    char *text;
    size_t len;
    struct cut {
        size_t from, to; /* of the value, between its quotes */
        enum field field;
    } cuts[FIELD_COUNT];
    size_t ncuts;
};

struct corpus {
    struct line *lines;
    size_t n, cap;
};

static int by_place(const void *a, const void *b)
{
    const struct cut *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* Find the values of L that are to be replaced; they stand before the turns. False if the conversation has no id. */
static bool line_cut(struct line *l)
{
    const char *turns = strstr(l->text, "\"turns\":");
    if (turns == NULL || l->text[l->len - 1] != '}')
        return false;
    bool has_id = false;
    l->ncuts = 0;
    for (int f = 0; f < FIELD_COUNT; f++) {
        const char *key = strstr(l->text, field_keys[f]);
        if (key == NULL || key > turns)
            continue;
        const char *value = key + strlen(field_keys[f]);
        const char *end = strchr(value, '"');
        if (end == NULL)
            return false;
        l->cuts[l->ncuts++] = (struct cut){(size_t)(value - l->text), (size_t)(end - l->text), (enum field)f};
        has_id = has_id || f == FIELD_ID;
    }
    qsort(l->cuts, l->ncuts, sizeof l->cuts[0], by_place);
    return has_id;
}

/* Read all lines of IN that are whole conversations. False when memory or IN fails. */
static bool corpus_read(struct corpus *c, FILE *in)
{
    char *text = NULL;
    size_t cap = 0;
    bool ok = false;
    for (;;) {
        ssize_t got = getline(&text, &cap, in);
        if (got < 0)
            break;
        size_t len = (size_t)got;
        while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
            text[--len] = '\0';
        struct line l = {.text = text, .len = len};
        if (len == 0 || !line_cut(&l))
            continue;
        if (c->n == c->cap) {
            size_t more = c->cap == 0 ? 64 : c->cap * 2;
            struct line *grown = realloc(c->lines, more * sizeof *grown);
            if (grown == NULL)
                goto cleanup;
            c->lines = grown;
            c->cap = more;
        }
        c->lines[c->n++] = l; /* the text now belongs to the corpus */
        text = NULL;
        cap = 0;
    }
    ok = feof(in) != 0;
cleanup:
    free(text);
    return ok;
}

static void corpus_free(struct corpus *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->lines[i].text);
    free(c->lines);
}

/* Write L as the conversation numbered SERIAL; the number of bytes comes back. */
static size_t line_write(const struct line *l, uint64_t serial, FILE *out)
{
    size_t at = 0, bytes = 0;
    for (size_t i = 0; i < l->ncuts; i++) {
        const struct cut *c = &l->cuts[i];
        char value[64];
        int n = 0;
        /* Steps that share no factor with their range go through all of it before one comes back. */
        if (c->field == FIELD_ID)
            n = snprintf(value, sizeof value, "bench-%09" PRIu64, serial);
        else if (c->field == FIELD_CUSTOMER)
            n = snprintf(value, sizeof value, "u%06" PRIu64, serial * 7919 % 1000003);
        else
            n = snprintf(value, sizeof value, "2026-11-%02dT%02d:%02d:%02dZ", (int)(16 + serial % 7),
                         (int)(8 + serial * 5 % 11), (int)(serial * 37 % 60), (int)(serial * 13 % 60));
        bytes += fwrite(l->text + at, 1, c->from - at, out);
        bytes += fwrite(value, 1, (size_t)n, out);
        at = c->to;
    }
    bytes += fwrite(l->text + at, 1, l->len - at, out);
    return bytes + fwrite("\n", 1, 1, out);
}

static bool number(const char *arg, uint64_t max, uint64_t *out)
{
    char *end = NULL;
    errno = 0;
    unsigned long long v = strtoull(arg, &end, 10);
    if (arg[0] < '0' || arg[0] > '9' || *end != '\0' || errno != 0 || v > max)
        return false;
    *out = v;
    return true;
}

int main(int argc, char **argv)
{
    uint64_t megabytes = 0, serial = 1;
    if (argc < 2 || argc > 3 || !number(argv[1], 1000000, &megabytes) ||
        (argc == 3 && !number(argv[2], UINT32_MAX, &serial))) {
        fputs("usage: make_corpus MEGABYTES [FIRST] < conversations.jsonl > corpus.jsonl\n", stderr);
        return 2;
    }
    struct corpus corpus = {0};
    int status = 1;
    if (!corpus_read(&corpus, stdin)) {
        fputs("make_corpus: cannot read the conversations\n", stderr);
        goto cleanup;
    }
    if (corpus.n == 0) {
        fputs("make_corpus: no conversation on standard input\n", stderr);
        goto cleanup;
    }
    uint64_t bytes = 0;
    for (size_t i = 0; bytes < megabytes * 1000000 && !ferror(stdout); i = (i + 1) % corpus.n)
        bytes += line_write(&corpus.lines[i], serial++, stdout);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("make_corpus: cannot write the corpus\n", stderr);
        goto cleanup;
    }
    status = 0;
cleanup:
    corpus_free(&corpus);
    return status;
}
