#include "train/fit.h"

#include <linear.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct fit_rows {
    struct feature_node *nodes; /* of all rows; each ends with index -1 */
    size_t nnodes, cap_nodes;
    size_t *from; /* where each row begins */
    size_t n, cap;
    uint32_t nfeatures;
};

/* rand() is one for all threads. */
static pthread_mutex_t sparse_lock = PTHREAD_MUTEX_INITIALIZER;

static void print_nothing(const char *text)
{
    (void)text;
}

struct fit_rows *fit_rows_new(uint32_t nfeatures)
{
    struct fit_rows *r = calloc(1, sizeof *r);
    if (r != NULL)
        r->nfeatures = nfeatures;
    set_print_string_function(print_nothing);
    return r;
}

void fit_rows_free(struct fit_rows *r)
{
    if (r == NULL)
        return;
    free(r->nodes);
    free(r->from);
    free(r);
}

static bool make_room(struct fit_rows *r, size_t nnodes)
{
    if (r->n == r->cap) {
        size_t cap = r->cap != 0 ? 2 * r->cap : 1024;
        size_t *from = realloc(r->from, cap * sizeof *from);
        if (from == NULL)
            return false;
        r->from = from;
        r->cap = cap;
    }
    if (r->nnodes + nnodes > r->cap_nodes) {
        size_t cap = 2 * r->cap_nodes + nnodes;
        struct feature_node *nodes = realloc(r->nodes, cap * sizeof *nodes);
        if (nodes == NULL)
            return false;
        r->nodes = nodes;
        r->cap_nodes = cap;
    }
    return true;
}

bool fit_rows_add(struct fit_rows *r, const struct feature_list *l)
{
    if (!make_room(r, (size_t)l->n + 1))
        return false;
    r->from[r->n++] = r->nnodes;
    for (uint32_t i = 0; i < l->n; i++)
        r->nodes[r->nnodes++] = (struct feature_node){(int)l->f[i].index + 1, feature_value(&l->f[i])};
    r->nodes[r->nnodes++] = (struct feature_node){-1, 0};
    return true;
}

size_t fit_rows_count(const struct fit_rows *r)
{
    return r->n;
}

double fit_score(const struct fit_rows *r, size_t row, const double *w)
{
    double sum = 0;
    for (const struct feature_node *x = r->nodes + r->from[row]; x->index > 0; x++)
        sum += w[x->index - 1] * x->value;
    return sum;
}

static struct model *train_locked(const struct problem *problem, const struct parameter *how, bool is_sparse)
{
    if (!is_sparse)
        return train(problem, how);
    (void)pthread_mutex_lock(&sparse_lock);
    srand(1);
    struct model *m = train(problem, how);
    (void)pthread_mutex_unlock(&sparse_lock);
    return m;
}

/* The score of the base as a feature is this often itself: its weight is penalised that much less. */
#define BASE_SCALE 8.0

/* A copy of row ROW at TO, with its score by BASE as one more feature; returns where the next may begin. */
static struct feature_node *copy_with_base(const struct fit_rows *r, uint32_t row, const double *base,
                                           struct feature_node *to)
{
    const struct feature_node *x = r->nodes + r->from[row];
    for (; x->index > 0; x++)
        *to++ = *x;
    *to++ = (struct feature_node){(int)r->nfeatures + 1, BASE_SCALE * fit_score(r, row, base)};
    *to++ = *x;
    return to;
}

static size_t row_nodes(const struct fit_rows *r, uint32_t row)
{
    return (row + 1 < r->n ? r->from[row + 1] : r->nnodes) - r->from[row];
}

/* LIBLINEAR's rows of T into X; with a base they are copies in *OWN, which the caller frees. */
static bool point_to_rows(const struct fit_task *t, struct feature_node **x, struct feature_node **own)
{
    size_t need = 0;
    for (size_t i = 0; i < t->n; i++) {
        x[i] = t->rows->nodes + t->rows->from[t->which[i]];
        need += row_nodes(t->rows, t->which[i]) + 1;
    }
    if (t->base == NULL)
        return true;
    struct feature_node *to = *own = malloc(need * sizeof *to);
    for (size_t i = 0; to != NULL && i < t->n; i++) {
        x[i] = to;
        to = copy_with_base(t->rows, t->which[i], t->base, to);
    }
    return to != NULL;
}

static void take_weights(const struct fit_task *t, const struct model *m, double *w)
{
    double sign = m->label[0] == 1 ? 1 : -1;
    uint32_t n = t->rows->nfeatures;
    for (uint32_t k = 0; k < n; k++)
        w[k] = sign * (m->w[k] + (t->base != NULL ? BASE_SCALE * m->w[n] * t->base[k] : 0));
}

enum err_code fit_logistic(const struct fit_task *t, const struct fit_settings *settings, double *w, bool *can,
                           struct err *e)
{
    size_t nright = 0;
    for (size_t i = 0; i < t->n; i++)
        nright += t->is_right[i];
    *can = nright > 0 && nright < t->n && t->n <= INT32_MAX;
    if (!*can && t->base != NULL)
        memcpy(w, t->base, t->rows->nfeatures * sizeof *w);
    if (!*can)
        return ERR_OK;
    struct feature_node **x = malloc(t->n * sizeof(struct feature_node *)), *own = NULL;
    double *y = malloc(t->n * sizeof *y);
    struct model *m = NULL;
    if (x != NULL && y != NULL && point_to_rows(t, x, &own)) {
        for (size_t i = 0; i < t->n; i++)
            y[i] = t->is_right[i] ? 1 : -1;
        struct problem problem = {
            .l = (int)t->n, .n = (int)t->rows->nfeatures + (t->base != NULL), .y = y, .x = x, .bias = -1};
        struct parameter how = {.solver_type = settings->is_sparse ? L1R_LR : L2R_LR,
                                .eps = 0.01,
                                .C = settings->c,
                                .init_sol = settings->is_sparse || t->base != NULL ? NULL : w};
        m = train_locked(&problem, &how, settings->is_sparse);
    }
    enum err_code rc = m != NULL ? ERR_OK : err_nomem(e);
    if (m != NULL) {
        take_weights(t, m, w);
        free_and_destroy_model(&m);
    }
    free(own);
    free(x);
    free(y);
    return rc;
}
