#include "ingest/roles.h"

#include <stdlib.h>

#define MOST_WORD 40

/* Sorted by the word; the words in lower case, without blanks and punctuation (formats/FORMATS.md, section 8). */
static const struct role_word {
    const char *word;
    enum role role;
} words[] = {
    {"action", ROLE_SYSTEM},
    {"admin", ROLE_AGENT},
    {"administrator", ROLE_AGENT},
    {"adviser", ROLE_AGENT},
    {"advisor", ROLE_AGENT},
    {"agent", ROLE_AGENT},
    {"agente", ROLE_AGENT},
    {"agentmessage", ROLE_AGENT},
    {"aiagent", ROLE_BOT},
    {"aiassistant", ROLE_BOT},
    {"assistant", ROLE_AGENT},
    {"associate", ROLE_AGENT},
    {"autoattendant", ROLE_BOT},
    {"automatedagent", ROLE_BOT},
    {"bot", ROLE_BOT},
    {"botagent", ROLE_BOT},
    {"business", ROLE_AGENT},
    {"buyer", ROLE_CUSTOMER},
    {"callcenteragent", ROLE_AGENT},
    {"callcenterrep", ROLE_AGENT},
    {"caller", ROLE_CUSTOMER},
    {"chatagent", ROLE_AGENT},
    {"chatbot", ROLE_BOT},
    {"client", ROLE_CUSTOMER},
    {"cliente", ROLE_CUSTOMER},
    {"consumer", ROLE_CUSTOMER},
    {"contact", ROLE_CUSTOMER},
    {"contactcenteragent", ROLE_AGENT},
    {"csr", ROLE_AGENT},
    {"custombot", ROLE_BOT},
    {"customer", ROLE_CUSTOMER},
    {"customercare", ROLE_AGENT},
    {"customermessage", ROLE_CUSTOMER},
    {"customerrep", ROLE_AGENT},
    {"customerservice", ROLE_AGENT},
    {"customerserviceagent", ROLE_AGENT},
    {"customerserviceassociate", ROLE_AGENT},
    {"customerservicerep", ROLE_AGENT},
    {"customerservicerepresentative", ROLE_AGENT},
    {"customersuccessmanager", ROLE_AGENT},
    {"customersupport", ROLE_AGENT},
    {"customersupportagent", ROLE_AGENT},
    {"customersupportrepresentative", ROLE_AGENT},
    {"dispatcher", ROLE_AGENT},
    {"employee", ROLE_AGENT},
    {"enduser", ROLE_CUSTOMER},
    {"event", ROLE_SYSTEM},
    {"external", ROLE_CUSTOMER},
    {"gpt", ROLE_AGENT},
    {"guest", ROLE_CUSTOMER},
    {"helpdesk", ROLE_AGENT},
    {"human", ROLE_CUSTOMER},
    {"humanagent", ROLE_AGENT},
    {"humanrepresentative", ROLE_AGENT},
    {"in", ROLE_CUSTOMER},
    {"inbound", ROLE_CUSTOMER},
    {"incoming", ROLE_CUSTOMER},
    {"internal", ROLE_AGENT},
    {"internalnote", ROLE_NOTE},
    {"ivr", ROLE_BOT},
    {"kh\xc3\xa1"
     "chh\xc3\xa0"
     "ng",
     ROLE_CUSTOMER},
    {"kunde", ROLE_CUSTOMER},
    {"lead", ROLE_CUSTOMER},
    {"liveagent", ROLE_AGENT},
    {"member", ROLE_CUSTOMER},
    {"mitarbeiter", ROLE_AGENT},
    {"note", ROLE_NOTE},
    {"notification", ROLE_SYSTEM},
    {"operator", ROLE_AGENT},
    {"out", ROLE_AGENT},
    {"outbound", ROLE_AGENT},
    {"outgoing", ROLE_AGENT},
    {"patient", ROLE_CUSTOMER},
    {"privatenote", ROLE_NOTE},
    {"rep", ROLE_AGENT},
    {"representative", ROLE_AGENT},
    {"salesagent", ROLE_AGENT},
    {"salesrep", ROLE_AGENT},
    {"salesrepresentative", ROLE_AGENT},
    {"serviceagent", ROLE_AGENT},
    {"servicerep", ROLE_AGENT},
    {"servicerepresentative", ROLE_AGENT},
    {"shopper", ROLE_CUSTOMER},
    {"staff", ROLE_AGENT},
    {"subscriber", ROLE_CUSTOMER},
    {"supervisor", ROLE_AGENT},
    {"support", ROLE_AGENT},
    {"supportagent", ROLE_AGENT},
    {"supportrep", ROLE_AGENT},
    {"supportrepresentative", ROLE_AGENT},
    {"supportspecialist", ROLE_AGENT},
    {"system", ROLE_SYSTEM},
    {"systemmessage", ROLE_SYSTEM},
    {"technicalsupport", ROLE_AGENT},
    {"techsupport", ROLE_AGENT},
    {"trigger", ROLE_BOT},
    {"user", ROLE_CUSTOMER},
    {"usr", ROLE_CUSTOMER},
    {"virtualagent", ROLE_BOT},
    {"virtualassistant", ROLE_BOT},
    {"visitor", ROLE_CUSTOMER},
    {"voicebot", ROLE_BOT},
    {"whisper", ROLE_NOTE},
};

/* WORD in the form of the table in BUF; false if it is too long for any word of it. */
static bool plain_form(struct slice word, char buf[MOST_WORD + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.s[i];
        if (c >= 'A' && c <= 'Z')
            c |= 0x20;
        bool is_word = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_word && n == MOST_WORD)
            return false;
        if (is_word)
            buf[n++] = (char)c;
    }
    buf[n] = '\0';
    return true;
}

static int by_word(const void *key, const void *row)
{
    return strcmp(key, ((const struct role_word *)row)->word);
}

bool roles_is_numbered(struct slice label)
{
    static const char *const stems[] = {"speaker", "user", "participant", "person", "spk", "spkr"};
    char buf[MOST_WORD + 1];
    if (!plain_form(label, buf))
        return false;
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        size_t n = strlen(stems[i]);
        if (strncmp(buf, stems[i], n) == 0 && buf[n] != '\0' && strspn(buf + n, "0123456789") == strlen(buf + n))
            return true;
    }
    return false;
}

enum role roles_of(struct slice word)
{
    char buf[MOST_WORD + 1];
    if (!plain_form(word, buf))
        return ROLE_UNKNOWN;
    size_t n = strlen(buf); /* "Agent 2": the number is not part of the word */
    while (n > 0 && buf[n - 1] >= '0' && buf[n - 1] <= '9')
        n--;
    if (roles_is_numbered(word))
        return ROLE_UNKNOWN;
    buf[n] = '\0';
    const struct role_word *w = bsearch(buf, words, sizeof words / sizeof *words, sizeof *words, by_word);
    return w != NULL ? w->role : ROLE_UNKNOWN;
}

/* "Agent Ada" names an agent; "Member Services" and "Support Team" do not name a member and a supporter. */
static bool goes_before_names(struct slice word)
{
    static const char *const titles[] = {"agent", "customer", "caller", "operator", "advisor", "rep", "representative"};
    char buf[MOST_WORD + 1];
    if (!plain_form(word, buf))
        return false;
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(buf, titles[i]) == 0)
            return true;
    return false;
}

/* Does LABEL say that who speaks is not known? */
static bool is_nobody(struct slice label)
{
    static const char *const labels[] = {"unknown", "unknownspeaker", "unidentified", "unidentifiedspeaker",
                                         "unknowncaller"};
    char buf[MOST_WORD + 1];
    if (!plain_form(label, buf))
        return false;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(buf, labels[i]) == 0)
            return true;
    return false;
}

enum role roles_of_label(struct slice label, struct slice *name)
{
    label = slice_trim(label);
    *name = label.n == 0 || is_nobody(label) ? SLICE_LIT("") : label;
    if (label.n == 0)
        return ROLE_UNKNOWN;
    enum role role = roles_of(label);
    if (role != ROLE_UNKNOWN) {
        *name = SLICE_LIT("");
        return role;
    }
    size_t i = 0;
    while (i < label.n && label.s[i] != '(' && !(label.s[i] == '-' && i > 0 && label.s[i - 1] == ' '))
        i++;
    struct slice before = slice_trim((struct slice){label.s, i}), behind = {label.s + i, label.n - i};
    if (behind.n > 1) {
        size_t bracket = behind.s[0] == '(' && behind.s[behind.n - 1] == ')';
        behind = slice_trim((struct slice){behind.s + 1, behind.n - 1 - bracket});
    } else {
        i = 0;
        while (i < label.n && label.s[i] != ' ')
            i++;
        before = (struct slice){label.s, i};
        behind = slice_trim((struct slice){label.s + i, label.n - i});
        if (!goes_before_names(before))
            return ROLE_UNKNOWN;
    }
    if (before.n == 0 || behind.n == 0)
        return ROLE_UNKNOWN;
    role = roles_of(before);
    if (role != ROLE_UNKNOWN) {
        *name = behind;
        return role;
    }
    role = roles_of(behind);
    if (role != ROLE_UNKNOWN)
        *name = before;
    return role;
}

enum role roles_of_flag(struct slice word, enum role when_true, enum role when_false)
{
    static const char *const yes[] = {"true", "t", "1", "yes", "y"}, *const no[] = {"false", "f", "0", "no", "n"};
    char buf[MOST_WORD + 1];
    if (!plain_form(word, buf))
        return ROLE_UNKNOWN;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcmp(buf, yes[i]) == 0)
            return when_true;
        if (strcmp(buf, no[i]) == 0)
            return when_false;
    }
    return ROLE_UNKNOWN;
}
