#include "train/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A feature of a row. */
struct cell {
    uint32_t at;
    float value;
};

struct fit_rows {
    struct cell *cells; /* of all rows */
    size_t ncells, cap_cells;
    size_t *from; /* [n + 1]: where each row begins */
    size_t n, cap;
    uint32_t nfeatures;
};

struct fit_rows *fit_rows_new(uint32_t nfeatures)
{
    struct fit_rows *r = calloc(1, sizeof *r);
    if (r != NULL)
        r->nfeatures = nfeatures;
    return r;
}

void fit_rows_free(struct fit_rows *r)
{
    if (r == NULL)
        return;
    free(r->cells);
    free(r->from);
    free(r);
}

static bool make_room(struct fit_rows *r, size_t ncells)
{
    if (r->n + 1 >= r->cap) {
        size_t cap = r->cap != 0 ? 2 * r->cap : 1024;
        size_t *from = realloc(r->from, cap * sizeof *from);
        if (from == NULL)
            return false;
        from[0] = 0;
        r->from = from;
        r->cap = cap;
    }
    if (r->cells == NULL || r->ncells + ncells > r->cap_cells) {
        size_t cap = 2 * r->cap_cells + ncells + 1;
        struct cell *cells = realloc(r->cells, cap * sizeof *cells);
        if (cells == NULL)
            return false;
        r->cells = cells;
        r->cap_cells = cap;
    }
    return true;
}

bool fit_rows_add(struct fit_rows *r, const struct feature_list *l)
{
    if (!make_room(r, l->n))
        return false;
    for (uint32_t i = 0; i < l->n; i++)
        r->cells[r->ncells++] = (struct cell){l->f[i].index, l->f[i].value};
    r->from[++r->n] = r->ncells;
    return true;
}

static double dot(const struct fit_rows *r, size_t row, const double *w)
{
    double sum = 0;
    for (size_t i = r->from[row]; i < r->from[row + 1]; i++)
        sum += w[r->cells[i].at] * (double)r->cells[i].value;
    return sum;
}

double fit_score(const struct fit_rows *r, size_t row, const double *w)
{
    return dot(r, row, w);
}

/* ---- the problem: the examples' own rows, with what is seen ---- */

/* The score of the base as a feature is this often itself: its weight is penalised that much less. */
#define BASE_SCALE 8.0

struct problem {
    const struct fit_task *t;
    struct fit_rows *x; /* a row an example; with a base, its score is one more feature */
    double c;
    uint32_t n;                                /* of features */
    double *p, *curve;                         /* by example: probability; c weight p (1 - p) */
    double *grad, *step, *rest, *way, *turned; /* by feature */
    double *diagonal, *tried;
};

static bool copy_rows(struct problem *q)
{
    const struct fit_task *t = q->t;
    for (size_t i = 0; i < t->n; i++) {
        const struct fit_rows *r = t->rows;
        size_t from = r->from[t->examples[i].row], to = r->from[t->examples[i].row + 1];
        if (!make_room(q->x, to - from + 1))
            return false;
        for (size_t k = from; k < to; k++)
            if (t->sees == NULL || t->sees[r->cells[k].at])
                q->x->cells[q->x->ncells++] = r->cells[k];
        if (t->base != NULL)
            q->x->cells[q->x->ncells++] =
                (struct cell){r->nfeatures, (float)(BASE_SCALE * dot(r, t->examples[i].row, t->base))};
        q->x->from[++q->x->n] = q->x->ncells;
    }
    return true;
}

/* How many numbers a problem needs room for. */
static size_t problem_size(const struct fit_task *t)
{
    return 2 * t->n + 7 * ((size_t)t->rows->nfeatures + 1);
}

/* MEMORY has room for problem_size() numbers, all zero. */
static bool problem_begin(struct problem *q, const struct fit_task *t, double c, double *memory)
{
    uint32_t n = t->rows->nfeatures + (t->base != NULL);
    *q = (struct problem){.t = t, .x = fit_rows_new(n), .c = c, .n = n};
    if (q->x == NULL || !copy_rows(q))
        return false;
    q->p = memory;
    q->curve = q->p + t->n;
    q->grad = q->curve + t->n;
    q->step = q->grad + n;
    q->rest = q->step + n;
    q->way = q->rest + n;
    q->turned = q->way + n;
    q->diagonal = q->turned + n;
    q->tried = q->diagonal + n;
    return true;
}

static double inner(const double *a, const double *b, uint32_t n)
{
    double sum = 0;
    for (uint32_t k = 0; k < n; k++)
        sum += a[k] * b[k];
    return sum;
}

/* The loss at W; the probabilities there into q->p. */
static double loss_at(struct problem *q, const double *w)
{
    double sum = inner(w, w, q->n) / 2;
    for (size_t i = 0; i < q->t->n; i++) {
        double z = dot(q->x, i, w), small = exp(-fabs(z));
        q->p[i] = z > 0 ? 1 / (1 + small) : small / (1 + small);
        sum += q->c * q->t->examples[i].weight * (log1p(small) + fmax(q->t->examples[i].is_right ? -z : z, 0));
    }
    return sum;
}

/* Gradient, curvatures and the Hessian's diagonal at W, for which q->p was made. Returns the gradient's length. */
static double slopes_at(struct problem *q, const double *w)
{
    for (uint32_t k = 0; k < q->n; k++) {
        q->grad[k] = w[k];
        q->diagonal[k] = 1;
    }
    for (size_t i = 0; i < q->t->n; i++) {
        double weight = q->c * q->t->examples[i].weight, d = weight * (q->p[i] - q->t->examples[i].is_right);
        double curve = q->curve[i] = weight * q->p[i] * (1 - q->p[i]);
        for (size_t k = q->x->from[i]; k < q->x->from[i + 1]; k++) {
            const struct cell *f = &q->x->cells[k];
            q->grad[f->at] += d * (double)f->value;
            q->diagonal[f->at] += curve * (double)f->value * (double)f->value;
        }
    }
    return sqrt(inner(q->grad, q->grad, q->n));
}

/* q->turned = Hessian q->way. */
static void turn(struct problem *q)
{
    memcpy(q->turned, q->way, q->n * sizeof *q->way);
    for (size_t i = 0; i < q->t->n; i++) {
        double d = q->curve[i] * dot(q->x, i, q->way);
        for (size_t k = q->x->from[i]; k < q->x->from[i + 1]; k++)
            q->turned[q->x->cells[k].at] += d * (double)q->x->cells[k].value;
    }
}

/* q->step, so that Hessian step = -grad but for a rest of the length WANTED. */
static void find_step(struct problem *q, double wanted)
{
    double was = 0;
    for (uint32_t k = 0; k < q->n; k++) {
        q->step[k] = 0;
        q->rest[k] = -q->grad[k];
        q->way[k] = q->rest[k] / q->diagonal[k];
        was += q->rest[k] * q->way[k];
    }
    for (uint32_t i = 0; i < 2 * q->n && sqrt(inner(q->rest, q->rest, q->n)) > wanted; i++) {
        turn(q);
        double far = was / inner(q->way, q->turned, q->n), is = 0;
        for (uint32_t k = 0; k < q->n; k++) {
            q->step[k] += far * q->way[k];
            q->rest[k] -= far * q->turned[k];
            is += q->rest[k] * q->rest[k] / q->diagonal[k];
        }
        for (uint32_t k = 0; k < q->n; k++)
            q->way[k] = q->rest[k] / q->diagonal[k] + is / was * q->way[k];
        was = is;
    }
}

enum { STEPS_MAX = 100, HALVED_MAX = 30 };
#define PRECISION 1e-6

/* Move V to where the loss is least. */
static void minimise(struct problem *q, double *v)
{
    for (uint32_t k = 0; k < q->n; k++)
        q->tried[k] = 0;
    (void)loss_at(q, q->tried);
    double first = slopes_at(q, q->tried), loss = loss_at(q, v), length = slopes_at(q, v);
    for (int i = 0; i < STEPS_MAX && length > PRECISION * first; i++) {
        find_step(q, length * fmin(0.1, sqrt(length / first)));
        double down = inner(q->grad, q->step, q->n), part = 1, better = loss;
        int halved = 0;
        for (; halved < HALVED_MAX; halved++, part /= 2) {
            for (uint32_t k = 0; k < q->n; k++)
                q->tried[k] = v[k] + part * q->step[k];
            better = loss_at(q, q->tried);
            if (better <= loss + 1e-4 * part * down)
                break;
        }
        if (halved == HALVED_MAX)
            break; /* no nearer in this arithmetic */
        memcpy(v, q->tried, q->n * sizeof *v);
        loss = better;
        length = slopes_at(q, v);
    }
}

/* ---- */

static enum err_code fit_with_base(struct problem *q, const double *base, double *w, struct err *e)
{
    double *v = calloc(q->n, sizeof *v);
    if (v == NULL)
        return err_nomem(e);
    v[q->n - 1] = 1 / BASE_SCALE;
    minimise(q, v);
    for (uint32_t k = 0; k + 1 < q->n; k++)
        w[k] = v[k] + BASE_SCALE * v[q->n - 1] * base[k];
    free(v);
    return ERR_OK;
}

enum err_code fit_logistic(const struct fit_task *t, double c, double *w, bool *can, struct err *e)
{
    struct problem q;
    size_t nright = 0;
    for (size_t i = 0; i < t->n; i++)
        nright += t->examples[i].is_right;
    *can = nright > 0 && nright < t->n;
    if (!*can && t->base != NULL)
        memcpy(w, t->base, t->rows->nfeatures * sizeof *w);
    if (!*can)
        return ERR_OK;
    double *memory = calloc(problem_size(t), sizeof *memory);
    if (memory == NULL)
        return err_nomem(e);
    enum err_code rc = ERR_OK;
    if (!problem_begin(&q, t, c, memory))
        rc = err_nomem(e);
    else if (t->base != NULL)
        rc = fit_with_base(&q, t->base, w, e);
    else
        minimise(&q, w);
    fit_rows_free(q.x);
    free(memory);
    return rc;
}
