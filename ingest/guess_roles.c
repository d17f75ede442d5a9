#include "ingest/guess_roles.h"

#include <math.h>

#define MOST_BYTES 1500 /* of a turn that are looked at */
#define STRONG     2.0  /* phrases of this weight are said by one side only, */
#define MOST_WEAK  1.4  /* and the others, which are said in any talk, count no more than this together */

/* Phrases in lower case, without punctuation, and what they weigh: above 0 for the agent. */
static const struct cue {
    const char *phrase;
    double weight;
} cues[] = {
    {" thank you for calling ", 4},
    {" thanks for calling ", 4},
    {" thank you for contacting ", 4},
    {" thanks for contacting ", 4},
    {" thank you for reaching out ", 4},
    {" thanks for reaching out ", 4},
    {" thank you for choosing ", 2},
    {" how can i help ", 4},
    {" how may i help ", 4},
    {" how can i assist ", 4},
    {" how may i assist ", 4},
    {" how can we help ", 4},
    {" what can i do for you ", 3},
    {" what can i help you with ", 4},
    {" happy to help ", 2},
    {" happy to assist ", 2},
    {" glad to help ", 2},
    {" be able to help you with that ", 1.5},
    {" i can help you with ", 3},
    {" i'll help you ", 2},
    {" anything else i can ", 4},
    {" anything else you need ", 2},
    {" else i can help ", 4},
    {" may i have your ", 3},
    {" can i have your ", 3},
    {" could i have your ", 3},
    {" can i get your ", 3},
    {" could i get your ", 3},
    {" may i get your ", 3},
    {" may i know your ", 3},
    {" provide your ", 2},
    {" provide me with your ", 2.5},
    {" verify your ", 2.5},
    {" confirm your ", 2},
    {" can you tell me your ", 2},
    {" what is your account ", 2},
    {" what's your account ", 2},
    {" what is your order ", 2},
    {" what's your order ", 2},
    {" let me check ", 2},
    {" let me take a look ", 2},
    {" let me look ", 1.5},
    {" let me pull up ", 3},
    {" pull up your ", 3},
    {" bear with me ", 2},
    {" one moment please ", 2},
    {" put you on hold ", 3},
    {" place you on hold ", 3},
    {" thank you for holding ", 3},
    {" thank you for waiting ", 2},
    {" thank you for your patience ", 3},
    {" i can see here ", 2},
    {" i see here that ", 2},
    {" on my end ", 1},
    {" our policy ", 2},
    {" our records ", 2},
    {" our system ", 1},
    {" we are unable to ", 2},
    {" we're unable to ", 2},
    {" i apologize for ", 2},
    {" i do apologize ", 2},
    {" sorry for the inconvenience ", 3},
    {" sorry to hear ", 2},
    {" i understand your frustration ", 3},
    {" i understand how ", 1},
    {" your account ", 1},
    {" your order ", 1},
    {" your booking ", 1},
    {" your reservation ", 1},
    {" your subscription ", 1},
    {" sir ", 0.5},
    {" ma'am ", 0.7},
    {" transfer you ", 2.5},
    {" escalate this ", 1.5},

    {" i'm calling about ", -4},
    {" i am calling about ", -4},
    {" i'm calling because ", -4},
    {" i am calling because ", -4},
    {" i'm calling to ", -2.5},
    {" calling in regards to ", -3},
    {" i was calling ", -2},
    {" i have a problem ", -3},
    {" i have an issue ", -3},
    {" i have a question ", -1.5},
    {" i'm having trouble ", -3},
    {" i'm having issues ", -3},
    {" i'm having a problem ", -3},
    {" i need help ", -3},
    {" can you help me ", -3},
    {" could you help me ", -3},
    {" i'd like to ", -1.2},
    {" i would like to ", -1},
    {" i want to ", -1.2},
    {" i want my ", -2.5},
    {" i wanted to ", -1},
    {" i need to ", -1},
    {" my order ", -1.5},
    {" my account ", -1.5},
    {" my bill ", -2},
    {" my card ", -1.5},
    {" my money ", -2},
    {" my refund ", -2},
    {" my booking ", -1.5},
    {" my reservation ", -1.5},
    {" my flight ", -1.5},
    {" my subscription ", -2},
    {" my package ", -2},
    {" my internet ", -2},
    {" my phone ", -1},
    {" want a refund ", -3},
    {" i ordered ", -2},
    {" i bought ", -2},
    {" i purchased ", -2},
    {" i paid ", -1.5},
    {" i received ", -1},
    {" i was charged ", -2.5},
    {" i got charged ", -2.5},
    {" you charged me ", -3},
    {" i've been waiting ", -2},
    {" speak to a manager ", -4},
    {" speak to your manager ", -4},
    {" talk to a manager ", -4},
    {" speak to a supervisor ", -4},
    {" speak with a supervisor ", -4},
    {" your company ", -1.5},
    {" your website ", -1},
    {" you guys ", -1.5},
    {" your policy ", -1.5},
    {" ridiculous ", -1.5},
    {" unacceptable ", -1.5},
};
#define NCUES (sizeof cues / sizeof *cues)

static const char *const bot_phrases[] = {" i'm a virtual assistant ",
                                          " i am a virtual assistant ",
                                          " your virtual assistant ",
                                          " i'm an automated ",
                                          " i am an automated ",
                                          " press 1 ",
                                          " press one ",
                                          " i'm a chatbot ",
                                          " i am a chatbot "};

struct speaker {
    struct slice label;
    enum role role; /* what the export says of him, or what is decided */
    bool is_bot;
    double score, weak;
    unsigned char said[NCUES]; /* how often each phrase, at most 2 */
};

struct room {
    struct speaker speakers[GUESS_MOST_SPEAKERS];
    size_t n;
};

static struct slice label_of(const struct turn *t)
{
    return t->speaker_id.n != 0 ? t->speaker_id : t->speaker_name;
}

/* The speaker of T; NULL if he has no label, or there are too many. */
static struct speaker *speaker_of(struct room *r, const struct turn *t)
{
    struct slice label = label_of(t);
    if (label.n == 0)
        return NULL;
    for (size_t i = 0; i < r->n; i++)
        if (slice_eq(r->speakers[i].label, label))
            return &r->speakers[i];
    if (r->n == GUESS_MOST_SPEAKERS)
        return NULL;
    struct speaker *s = &r->speakers[r->n++];
    *s = (struct speaker){.label = label, .role = t->role};
    return s;
}

/* TEXT in lower case, a blank for each run of other signs, blanks around it. */
static void plain_text(struct slice text, char out[MOST_BYTES + 3])
{
    size_t n = 0;
    out[n++] = ' ';
    for (size_t i = 0; i < text.n && n <= MOST_BYTES; i++) {
        unsigned char c = (unsigned char)text.s[i];
        bool is_quote = c == 0xe2 && i + 2 < text.n && (unsigned char)text.s[i + 1] == 0x80 &&
                        (unsigned char)text.s[i + 2] == 0x99; /* U+2019 */
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        if (is_quote) {
            c = '\'';
            i += 2;
        }
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'' || c >= 0x80)
            out[n++] = (char)c;
        else if (out[n - 1] != ' ')
            out[n++] = ' ';
    }
    if (out[n - 1] != ' ')
        out[n++] = ' ';
    out[n] = '\0';
}

static void listen(struct speaker *s, struct slice text)
{
    char plain[MOST_BYTES + 3];
    plain_text(text, plain);
    for (size_t i = 0; i < NCUES; i++)
        if (s->said[i] < 2 && strstr(plain, cues[i].phrase) != NULL) {
            s->said[i]++;
            *(fabs(cues[i].weight) < STRONG ? &s->weak : &s->score) += cues[i].weight;
        }
    for (size_t i = 0; i < sizeof bot_phrases / sizeof *bot_phrases; i++)
        s->is_bot = s->is_bot || strstr(plain, bot_phrases[i]) != NULL;
}

/* Hear everybody; false if somebody could not be told apart. */
static bool hear_all(struct room *r, const struct conversation *c)
{
    for (uint32_t i = 0; i < c->nturns && i < GUESS_MOST_TURNS; i++) {
        const struct turn *t = &c->turns[i];
        if (t->role == ROLE_SYSTEM || t->role == ROLE_NOTE)
            continue;
        struct speaker *s = speaker_of(r, t);
        if (s == NULL && t->role == ROLE_UNKNOWN && label_of(t).n != 0)
            return false;
        if (s != NULL && s->role == ROLE_UNKNOWN)
            listen(s, t->text);
    }
    for (size_t i = 0; i < r->n; i++) {
        struct speaker *s = &r->speakers[i];
        s->weak += slice_is(s->label, "ch_0");
        s->score += fmax(-MOST_WEAK, fmin(MOST_WEAK, s->weak));
    }
    return true;
}

static double sureness(double x)
{
    return 1 / (1 + exp(-x));
}

/* Of two: the one who speaks more like an agent. */
static double decide_two(struct speaker *a, struct speaker *b)
{
    bool is_a = a->score >= b->score;
    a->role = is_a ? ROLE_AGENT : ROLE_CUSTOMER;
    b->role = is_a ? ROLE_CUSTOMER : ROLE_AGENT;
    return sureness(fabs(a->score - b->score));
}

/* One is left, and the others are known: he is what is missing. */
static double decide_last(struct speaker *s, bool has_agent, bool has_customer)
{
    if (has_agent == has_customer)
        return 0;
    s->role = has_agent ? ROLE_CUSTOMER : ROLE_AGENT;
    double against = has_agent ? s->score : -s->score;
    return sureness(3.5 - against);
}

/* Of many: each by himself. */
static double decide_each(struct speaker **s, size_t n, bool has_agent, bool has_customer)
{
    double least = 1;
    for (size_t i = 0; i < n; i++) {
        double sure = sureness(fabs(s[i]->score));
        s[i]->role = s[i]->score > 0 ? ROLE_AGENT : ROLE_CUSTOMER;
        if (sure < GUESS_LEAST) {
            s[i]->role = ROLE_UNKNOWN; /* the others may still be clear */
            continue;
        }
        has_agent = has_agent || s[i]->role == ROLE_AGENT;
        has_customer = has_customer || s[i]->role == ROLE_CUSTOMER;
        least = sure < least ? sure : least;
    }
    return has_agent && has_customer ? least : 0;
}

static double decide(struct room *r)
{
    struct speaker *open[GUESS_MOST_SPEAKERS];
    size_t n = 0;
    bool has_agent = false, has_customer = false;
    for (size_t i = 0; i < r->n; i++) {
        struct speaker *s = &r->speakers[i];
        if (s->role == ROLE_UNKNOWN && s->is_bot)
            s->role = ROLE_BOT;
        else if (s->role == ROLE_UNKNOWN)
            open[n++] = s;
        has_agent = has_agent || s->role == ROLE_AGENT;
        has_customer = has_customer || s->role == ROLE_CUSTOMER;
    }
    if (n == 2 && !has_agent && !has_customer)
        return decide_two(open[0], open[1]);
    if (n == 1)
        return decide_last(open[0], has_agent, has_customer);
    return n > 1 ? decide_each(open, n, has_agent, has_customer) : 0;
}

bool guess_roles(struct conversation *c)
{
    struct room r = {.n = 0};
    bool any = false;
    if (!hear_all(&r, c))
        return false;
    double sure = decide(&r);
    if (sure < GUESS_LEAST)
        return false;
    for (uint32_t i = 0; i < c->nturns; i++) {
        struct turn *t = &c->turns[i];
        if (t->role != ROLE_UNKNOWN || label_of(t).n == 0)
            continue;
        for (size_t s = 0; s < r.n; s++)
            if (slice_eq(r.speakers[s].label, label_of(t)))
                t->role = r.speakers[s].role;
        any = any || t->role != ROLE_UNKNOWN;
    }
    if (any) {
        c->role_origin = ROLES_GUESSED;
        c->role_confidence = sure;
    }
    return any;
}
