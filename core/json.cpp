extern "C" {
#include "core/json.h"
#include "core/json_check.h"
}

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>

#include <simdjson.h>

namespace dom = simdjson::dom;

/* A struct json is a dom::element, an iterator in a struct json_iter is one of simdjson's: copied bit by bit. */
static_assert(sizeof(struct json) == sizeof(dom::element), "struct json must hold an element");
static_assert(sizeof(struct json) == sizeof(dom::array::iterator), "struct json must hold an iterator");
static_assert(sizeof(struct json) == sizeof(dom::object::iterator), "struct json must hold an iterator");
static_assert(std::is_trivially_copyable<dom::element>::value, "elements are copied by memcpy");
static_assert(std::is_trivially_copyable<dom::array::iterator>::value, "iterators are copied by memcpy");
static_assert(std::is_trivially_copyable<dom::object::iterator>::value, "iterators are copied by memcpy");
static_assert(JSON_PADDING >= simdjson::SIMDJSON_PADDING, "the parser reads further behind a text than we promise");

static const size_t SMALL_CAPACITY = (size_t)8 << 10; /* the least a parser is made for */
static const size_t LARGE_CAPACITY = (size_t)4 << 20; /* beyond this, memory is given back after the document */

struct json_parser {
    dom::parser parser;
    struct strbuf repaired = STRBUF_INIT; /* the text of the last document, if it was repaired */
    size_t nrepairs = 0;
};

template <typename T> static T unpack(struct json v) noexcept
{
    T x;
    memcpy(static_cast<void *>(&x), &v, sizeof x);
    return x;
}

template <typename T> static struct json pack(const T &x) noexcept
{
    struct json v;
    memcpy(&v, static_cast<const void *>(&x), sizeof v);
    return v;
}

struct json_parser *json_parser_new(void)
{
    void *room = malloc(sizeof(struct json_parser));
    return room != nullptr ? new (room) json_parser : nullptr;
}

void json_parser_free(struct json_parser *p)
{
    if (p != nullptr) {
        strbuf_free(&p->repaired);
        p->~json_parser();
        free(p);
    }
}

/* Make P able to parse N bytes: growing by doubling, and small again after an outsized document. */
static simdjson::error_code make_room(dom::parser &p, size_t n) noexcept
{
    size_t cap = p.capacity();
    bool is_outsized = cap > LARGE_CAPACITY && n <= LARGE_CAPACITY;
    if (cap >= n && cap > 0 && !is_outsized)
        return simdjson::SUCCESS;
    size_t want = is_outsized || cap == 0 ? SMALL_CAPACITY : cap;
    while (want < n && want < LARGE_CAPACITY)
        want *= 2;
    if (want < n)
        want = n;
    simdjson::error_code code = p.allocate(want, JSON_MAX_DEPTH);
    if (code == simdjson::SUCCESS)
        code = p.doc.allocate(want);
    return code;
}

/* The four hex digits at S as a number; -1 if they are none. */
static int hex4(const char *s) noexcept
{
    int x = 0;
    for (int i = 0; i < 4; i++) {
        int c = (unsigned char)s[i];
        int d = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (d < 0)
            return -1;
        x = x * 16 + d;
    }
    return x;
}

/* Does TEXT hold half of a surrogate pair ("\ud83d" alone)? The parser lets some through, as broken UTF-8. */
static bool has_lone_surrogate(struct slice text) noexcept
{
    const char *at = text.s, *end = text.s + text.n;
    while (at < end && (at = static_cast<const char *>(memchr(at, '\\', (size_t)(end - at)))) != nullptr) {
        if (end - at < 6 || at[1] != 'u' || (at[2] | 32) != 'd') {
            at += 2;
            continue;
        }
        int first = hex4(at + 2);
        at += 6;
        if (first < 0xd800 || first > 0xdfff)
            continue;
        int second = first < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u' ? hex4(at + 2) : -1;
        if (second < 0xdc00 || second > 0xdfff)
            return true;
        at += 6;
    }
    return false;
}

/* Why TEXT was refused. */
static enum err_code parse_failed(simdjson::error_code code, struct slice text, struct err *e) noexcept
{
    struct json_fault fault;
    if (code == simdjson::MEMALLOC)
        return err_nomem(e);
    if (code == simdjson::DEPTH_ERROR)
        return err_set(e, ERR_INPUT, "bad JSON: nested deeper than %d", JSON_MAX_DEPTH);
    if (code == simdjson::CAPACITY)
        return err_set(e, ERR_INPUT, "bad JSON: a document of more than 4 GB");
    if (!json_check(text, nullptr, &fault))
        return err_set(e, ERR_INPUT, "bad JSON: %s", fault.what);
    return err_set(e, ERR_INPUT, "bad JSON: %s", simdjson::error_message(code));
}

static simdjson::error_code parse_text(struct json_parser *p, struct slice text, dom::element *top) noexcept
{
    simdjson::error_code code = make_room(p->parser, text.n);
    return code != simdjson::SUCCESS ? code : p->parser.parse(text.s, text.n, false).get(*top);
}

/* The same with TEXT repaired; ERR_INPUT if there is something else to it, or nothing to repair. */
static enum err_code parse_repaired(struct json_parser *p, struct slice text, dom::element *top, struct err *e) noexcept
{
    struct json_fault fault;
    bool is_whole = json_check(text, &p->repaired, &fault);
    size_t n = p->repaired.n;
    if (!is_whole || fault.nnumbers + fault.nhalves == 0)
        return ERR_INPUT;
    char *padding = strbuf_reserve(&p->repaired, JSON_PADDING);
    if (padding == nullptr)
        return err_nomem(e);
    memset(padding, ' ', JSON_PADDING);
    struct slice repaired = {p->repaired.s, n};
    simdjson::error_code code = parse_text(p, repaired, top);
    if (code != simdjson::SUCCESS)
        return code == simdjson::MEMALLOC ? err_nomem(e) : ERR_INPUT;
    p->nrepairs = fault.nnumbers + fault.nhalves;
    return ERR_OK;
}

enum err_code json_parse(struct json_parser *p, struct slice text, struct json *root, struct err *e)
{
    static const char nothing[JSON_PADDING] = {0};
    dom::element top;
    p->nrepairs = 0;
    strbuf_clear(&p->repaired);
    if (p->repaired.cap > LARGE_CAPACITY)
        strbuf_free(&p->repaired);
    if (text.n == 0)
        text.s = nothing;
    simdjson::error_code code = parse_text(p, text, &top);
    bool may_be_repaired =
        code == simdjson::NUMBER_ERROR || code == simdjson::STRING_ERROR || code == simdjson::TAPE_ERROR;
    if (may_be_repaired || (code == simdjson::SUCCESS && has_lone_surrogate(text))) {
        enum err_code rc = parse_repaired(p, text, &top, e);
        if (rc == ERR_NOMEM)
            return rc;
        if (rc != ERR_OK && code == simdjson::SUCCESS)
            code = simdjson::STRING_ERROR;
        else if (rc == ERR_OK)
            code = simdjson::SUCCESS;
    }
    if (code != simdjson::SUCCESS)
        return parse_failed(code, text, e);
    *root = pack(top);
    return ERR_OK;
}

size_t json_repairs(const struct json_parser *p)
{
    return p->nrepairs;
}

enum json_type json_type_of(struct json v)
{
    switch (unpack<dom::element>(v).type()) {
    case dom::element_type::ARRAY:
        return JSON_ARRAY;
    case dom::element_type::OBJECT:
        return JSON_OBJECT;
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
    case dom::element_type::DOUBLE:
        return JSON_NUMBER;
    case dom::element_type::STRING:
        return JSON_STRING;
    case dom::element_type::BOOL:
        return JSON_BOOL;
    default:
        return JSON_NULL;
    }
}

bool json_get(struct json v, const char *key, struct json *out)
{
    dom::object object;
    dom::element member;
    if (unpack<dom::element>(v).get_object().get(object) != simdjson::SUCCESS ||
        object.at_key(key).get(member) != simdjson::SUCCESS)
        return false;
    *out = pack(member);
    return true;
}

bool json_string(struct json v, struct slice *out)
{
    const char *s;
    size_t n;
    dom::element x = unpack<dom::element>(v);
    if (x.get_c_str().get(s) != simdjson::SUCCESS || x.get_string_length().get(n) != simdjson::SUCCESS)
        return false;
    *out = (struct slice){s, n};
    return true;
}

bool json_int(struct json v, int64_t *out)
{
    dom::element x = unpack<dom::element>(v);
    if (x.get_int64().get(*out) == simdjson::SUCCESS)
        return true;
    double real;
    if (!x.is_double() || x.get_double().get(real) != simdjson::SUCCESS)
        return false;
    if (!(real >= -9223372036854775808.0 && real < 9223372036854775808.0) || real != std::floor(real))
        return false;
    *out = (int64_t)real;
    return true;
}

bool json_real(struct json v, double *out)
{
    return unpack<dom::element>(v).get_double().get(*out) == simdjson::SUCCESS;
}

bool json_bool(struct json v, bool *out)
{
    return unpack<dom::element>(v).get_bool().get(*out) == simdjson::SUCCESS;
}

bool json_text(struct json v, char room[JSON_TEXT_BYTES], struct slice *out)
{
    if (json_string(v, out))
        return true;
    dom::element x = unpack<dom::element>(v);
    int64_t i;
    uint64_t u;
    double real;
    int n;
    if (x.get_int64().get(i) == simdjson::SUCCESS)
        n = snprintf(room, JSON_TEXT_BYTES, "%lld", (long long)i);
    else if (x.get_uint64().get(u) == simdjson::SUCCESS)
        n = snprintf(room, JSON_TEXT_BYTES, "%llu", (unsigned long long)u);
    else if (x.get_double().get(real) == simdjson::SUCCESS)
        n = snprintf(room, JSON_TEXT_BYTES, "%.17g", real);
    else
        return false;
    *out = (struct slice){room, (size_t)n};
    return true;
}

struct json_iter json_iterate(struct json v)
{
    dom::element x = unpack<dom::element>(v);
    dom::array array;
    dom::object object;
    if (x.get_array().get(array) == simdjson::SUCCESS)
        return (struct json_iter){pack(array.begin()), pack(array.end()), false};
    if (x.get_object().get(object) == simdjson::SUCCESS)
        return (struct json_iter){pack(object.begin()), pack(object.end()), true};
    return (struct json_iter){v, v, false};
}

bool json_next(struct json_iter *it, struct slice *key, struct json *value)
{
    if (it->is_object) {
        dom::object::iterator now = unpack<dom::object::iterator>(it->now);
        if (now == unpack<dom::object::iterator>(it->end))
            return false;
        if (key != nullptr)
            *key = (struct slice){now.key_c_str(), now.key_length()};
        *value = pack(now.value());
        it->now = pack(++now);
    } else {
        dom::array::iterator now = unpack<dom::array::iterator>(it->now);
        if (now == unpack<dom::array::iterator>(it->end))
            return false;
        if (key != nullptr)
            *key = (struct slice){"", 0};
        *value = pack(*now);
        it->now = pack(++now);
    }
    return true;
}

size_t json_count(struct json v)
{
    size_t n = 0;
    struct json item;
    for (struct json_iter it = json_iterate(v); json_next(&it, nullptr, &item);)
        n++;
    return n;
}
