#include "ingest/csv_columns.h"

#include <stdio.h>

#include "ingest/roles.h"
#include "ingest/times.h"

#define MOST_NAME 48

/* The names of the fields in --columns. */
static const char *const field_names[CSV_FIELD_COUNT] = {
    [CSV_ID] = "id",
    [CSV_TURN] = "turn",
    [CSV_TEXT] = "text",
    [CSV_TRANSCRIPT] = "transcript",
    [CSV_ROLE] = "role",
    [CSV_NAME] = "name",
    [CSV_SPEAKER_ID] = "speakerid",
    [CSV_TIME] = "time",
    [CSV_START] = "start",
    [CSV_END] = "end",
    [CSV_STARTED] = "startedat",
    [CSV_AGENT_ID] = "agentid",
    [CSV_AGENT_NAME] = "agentname",
    [CSV_CUSTOMER] = "customerid",
    [CSV_CHANNEL] = "channel",
    [CSV_QUEUE] = "queue",
    [CSV_SOURCE] = "source",
    [CSV_KIND] = "kind",
    [CSV_PUBLIC] = "public",
    [CSV_PRIVATE] = "private",
    [CSV_ACTIVE] = "active",
    [CSV_ROW_ID] = "rowid",
    [CSV_REPLY] = "replyto",
    [CSV_ANSWERS] = "answers",
    [CSV_DAY] = "day",
};

/* Synonyms (formats/FORMATS.md, section 8) by field, the surest first; a column is taken once. FORM: T one row a turn,
 * W the same, but better than nothing at most, C one row a conversation, B both. The order of the fields matters: what
 * is sure goes before what could be several things ("contact_id" is the customer only if something else is the
 * conversation). */
static const struct synonyms {
    enum csv_field field;
    char form;
    const char *words; /* blank between two */
} synonyms[] = {
    {CSV_ID, 'B',
     "conversationid convid convoid dialogueid dialogid chatid chatkey sessionid threadid contentthreadid callid "
     "callsid "
     "interactionid engagementid transcriptid ticketid recordingid conversationuuid chatsessionid callguid"},
    {CSV_TRANSCRIPT, 'C',
     "transcript fulltranscript conversationtext conversationtranscript chattranscript calltranscript chatlog "
     "transcription conversation dialogue dialog messages history chat context body content text message notes "
     "description"},
    {CSV_TEXT, 'T',
     "text message msg body bodyastext plainbody content utterance messagetext messagebody messagecontent displaytext "
     "utterancetext transcripttext commenttext commentbody transcript transcription sentence comment chat dialogue "
     "line "
     "description value extract"},
    {CSV_ROW_ID, 'T', "tweetid messageid msgid commentid postid statusid"},
    {CSV_ID, 'T', "contactid caseid casenumber conversation dialogue dialog session thread ticket uuid guid id"},
    {CSV_ID, 'C', "uuid guid id contactid caseid casenumber"}, /* of one customer there are several conversations */
    {CSV_ROLE, 'T',
     "role authorrole speakerrole participantrole senderrole sendertype authortype actortype fromtype speakertype "
     "messageauthortype "
     "participanttype usertype userrole participantpurpose purpose affiliation isagent issupport party direction "
     "inbound isinbound speaker sender from author who "
     "speakername sendername authorname participant name user sentby createdby createdbyname senderdisplayname"},
    {CSV_NAME, 'T',
     "speakername sendername authorname messageauthorname actorname displayname senderdisplayname speaker sender "
     "author from "
     "name username"},
    {CSV_ROLE, 'W',
     "participantid actorid authorid senderid speakerid userid speakerlabel speakertag speakerno speakernumber "
     "mediachannel speakerchannel "
     "audiochannel channelid channeltag source"},
    {CSV_SPEAKER_ID, 'T', "speakerid senderid authorid messageauthorid participantid actorid userid"},
    {CSV_TURN, 'T',
     "turn turnid turnnumber turnindex turnno messagesequence sequence seq sequencenumber sentenceindex messageindex "
     "chatindex lineno linenumber line index order stagenumber utteranceid"},
    {CSV_TIME, 'T',
     "timestamp datetime messagetime messagetimestamp clienttimestamp messagecreatedat sentat createdat createdtime "
     "eventtime entrytime absolutetime created createddate sent time date messagedate sentdate senddate datetimeutc "
     "utc ts at "
     "startedon startedat starttime"},
    {CSV_STARTED, 'B',
     "startedat conversationstart conversationstartedat chatstart callstart starttime startedon createdat created "
     "conversationdate calldate chatdate"},
    {CSV_STARTED, 'C', "timestamp datetime time date created utc ts"},
    {CSV_START, 'T',
     "startms starttimems beginoffsetmillis offsetms offset begin start stime starts startsec startseconds "
     "startoffset"},
    {CSV_END, 'T',
     "endms endtimems endoffsetmillis end etime ends endsec endseconds endoffset endtime durationms duration"},
    {CSV_AGENT_ID, 'B', "agentid assigneeid adminid operatorid repid advisorid ownerid employeeid"},
    {CSV_AGENT_NAME, 'B',
     "agentname agent advisor rep repname representative operator operatorname csr assignee owner creatorname "
     "handledby "
     "employee staff"},
    {CSV_CUSTOMER, 'B',
     "customerid clientid visitorid requesterid enduserid callerid memberid contactid customer customername client "
     "visitor requester contact caller phone ani member fromnumber visitorname clientname contactname callername"},
    {CSV_CHANNEL, 'B', "channel media mediatype medium sourcetype via platform calltype chattype origin"},
    {CSV_QUEUE, 'B', "queue queuename department group skill team"},
    {CSV_SOURCE, 'B', "source"},
    {CSV_KIND, 'T', "parttype messagetype eventtype entrytype type"},
    {CSV_PUBLIC, 'T', "public ispublic ispublished"},
    {CSV_PRIVATE, 'T', "private isprivate isinternal internal"},
    {CSV_ACTIVE, 'T', "fivetranactive"},
    {CSV_REPLY, 'T',
     "inresponsetotweetid inreplytoid inreplytostatusid inreplyto replyto replytoid parentmessageid parentid"},
    {CSV_ANSWERS, 'T', "responsetweetid"},
    {CSV_DAY, 'T', "date day messagedate eventdate chatdate calldate"},
    {CSV_DAY, 'C', "date day chatdate calldate"},
};

/* A name in the form in which names are compared: lower case, letters and digits only. */
static void plain_form(struct slice name, char out[MOST_NAME])
{
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if (((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) && n < MOST_NAME - 1)
            out[n++] = c;
    }
    out[n] = '\0';
}

/* The first free column of HEADER whose name is NAME (in plain form); -1 if there is none. */
static int find_column(const struct csv_columns *c, const struct csv_record *header, const char *name)
{
    for (size_t i = 0; i < header->nfields; i++) {
        char form[MOST_NAME];
        plain_form(header->fields[i], form);
        bool is_taken = false;
        for (int f = 0; f < CSV_FIELD_COUNT; f++)
            is_taken = is_taken || c->at[f] == (int)i;
        if (!is_taken && strcmp(form, name) == 0)
            return (int)i;
    }
    return -1;
}

/* Note what the name of a column tells beside which field it is. */
static void note_kind(struct csv_columns *c, enum csv_field f, const char *name)
{
    bool in_ms = strstr(name, "ms") != NULL || strstr(name, "millis") != NULL;
    size_t n = strlen(name);
    if (f == CSV_ROLE)
        c->role_is_id = (n > 2 && strcmp(name + n - 2, "id") == 0) || strstr(name, "channel") != NULL;
    if (f == CSV_ROLE)
        c->role_kind = strcmp(name, "isagent") == 0 || strcmp(name, "issupport") == 0 ? CSV_ROLE_IS_AGENT
                       : strcmp(name, "inbound") == 0 || strcmp(name, "isinbound") == 0 || strcmp(name, "incoming") == 0
                           ? CSV_ROLE_IS_INBOUND
                           : CSV_ROLE_WORD;
    else if (f == CSV_AGENT_NAME)
        c->agent_writes = strcmp(name, "creatorname") == 0;
    else if (f == CSV_ID)
        c->id_is_plain =
            !c->is_mapped && (strcmp(name, "id") == 0 || strcmp(name, "uuid") == 0 || strcmp(name, "guid") == 0);
    else if (f == CSV_START)
        c->start_in_ms = in_ms;
    else if (f == CSV_END) {
        c->end_in_ms = in_ms;
        c->end_is_duration = strncmp(name, "duration", 8) == 0;
    }
}

static void take_synonyms(struct csv_columns *c, const struct csv_record *header, const struct synonyms *s)
{
    for (const char *w = s->words; *w != '\0' && c->at[s->field] < 0;) {
        char word[MOST_NAME];
        size_t n = strcspn(w, " ");
        plain_form((struct slice){w, n}, word);
        c->at[s->field] = find_column(c, header, word);
        if (c->at[s->field] >= 0)
            note_kind(c, s->field, word);
        w += n + (w[n] == ' ');
    }
}

/* One "field=Column" of the user's map. */
static enum err_code take_mapping(struct csv_columns *c, const struct csv_record *header, struct slice field,
                                  struct slice column, struct err *e)
{
    char form[MOST_NAME];
    int f = 0;
    plain_form(field, form);
    while (f < CSV_FIELD_COUNT && strcmp(form, field_names[f]) != 0)
        f++;
    if (f == CSV_FIELD_COUNT) {
        (void)err_set(e, ERR_INPUT, "--columns: no field is called \"%.*s\"", SLICE_ARG(slice_trim(field)));
        return err_hint(e, "fields: id, turn, text, transcript, role, name, speaker_id, time, start, end, started_at, "
                           "agent_id, agent_name, customer_id, channel, queue, source, kind, public, private, active, "
                           "row_id, reply_to, answers, day");
    }
    if (f == CSV_ROLE && slice_starts(column, "=")) {
        struct slice word = {column.s + 1, column.n - 1};
        c->role_kind = CSV_ROLE_CONSTANT;
        c->role = roles_of(word);
        c->is_mapped = true;
        return ERR_OK;
    }
    plain_form(column, form);
    c->at[f] = find_column(c, header, form);
    if (c->at[f] < 0) {
        char what[100];
        (void)snprintf(what, sizeof what, "%.*s: --columns says \"%.*s\"", SLICE_ARG(slice_trim(field)),
                       SLICE_ARG(slice_trim(column)));
        return csv_columns_missing(header, what, "text", e);
    }
    c->is_mapped = true;
    note_kind(c, (enum csv_field)f, form);
    return ERR_OK;
}

static enum err_code take_map(struct csv_columns *c, const struct csv_record *header, const char *map, struct err *e)
{
    while (*map != '\0') {
        size_t n = strcspn(map, ","), name = strcspn(map, "=,");
        if (name == n) {
            (void)err_set(e, ERR_INPUT, "--columns: \"%.*s\" is not field=column", (int)n, map);
            return err_hint(e, "for example: --columns \"text=Message,role=Sender\"");
        }
        enum err_code rc =
            take_mapping(c, header, (struct slice){map, name}, (struct slice){map + name + 1, n - name - 1}, e);
        if (rc != ERR_OK)
            return rc;
        map += n + (map[n] == ',');
    }
    return ERR_OK;
}

enum err_code csv_columns_find(struct csv_columns *c, const struct csv_record *header, const char *map, bool is_cell,
                               struct err *e)
{
    *c = (struct csv_columns){.nheader = header->nfields};
    for (int f = 0; f < CSV_FIELD_COUNT; f++)
        c->at[f] = -1;
    if (map != NULL) {
        enum err_code rc = take_map(c, header, map, e);
        if (rc != ERR_OK)
            return rc;
    }
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++) {
        const struct synonyms *s = &synonyms[i];
        bool is_constant = s->field == CSV_ROLE && c->role_kind == CSV_ROLE_CONSTANT;
        bool had_role = c->at[CSV_ROLE] >= 0;
        if (!is_constant && (s->form == 'B' || (s->form == 'C') == is_cell))
            take_synonyms(c, header, s);
        if (s->form == 'W' && !had_role && c->at[CSV_ROLE] >= 0)
            c->role_is_weak = true;
    }
    if (c->id_is_plain && c->at[CSV_REPLY] >= 0 && c->at[CSV_ROW_ID] < 0) { /* rows that answer rows: it is theirs */
        c->at[CSV_ROW_ID] = c->at[CSV_ID];
        c->at[CSV_ID] = -1;
    }
    return ERR_OK;
}

bool csv_columns_have(const struct csv_columns *c, enum csv_field f)
{
    return c->at[f] >= 0 || (f == CSV_ROLE && c->role_kind == CSV_ROLE_CONSTANT);
}

bool csv_columns_are_segments(const struct csv_columns *c)
{
    return c->nheader == 3 && csv_columns_have(c, CSV_START) && csv_columns_have(c, CSV_END) &&
           csv_columns_have(c, CSV_TEXT);
}

void csv_columns_use_channel(struct csv_columns *c)
{
    c->at[CSV_ROLE] = c->at[CSV_CHANNEL];
    c->at[CSV_CHANNEL] = -1;
    c->role_is_id = true;
}

struct slice csv_columns_get(const struct csv_columns *c, enum csv_field f, const struct csv_record *rec)
{
    static const char *const nothing[] = {"NULL", "null", "None", "none", "NaN", "nan", "N/A", "n/a", "NA", "\\N"};
    if (c->at[f] < 0 || (size_t)c->at[f] >= rec->nfields)
        return SLICE_LIT("");
    struct slice x = slice_trim(rec->fields[c->at[f]]);
    if (f == CSV_TEXT || f == CSV_TRANSCRIPT)
        return x;
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        if (slice_is(x, nothing[i]))
            return SLICE_LIT("");
    return x;
}

struct slice csv_columns_time_text(const struct csv_columns *c, enum csv_field f, const struct csv_record *rec,
                                   char room[CSV_TIME_BYTES])
{
    struct slice time = csv_columns_get(c, f, rec), day = csv_columns_get(c, CSV_DAY, rec);
    if (day.n == 0 || time.n == 0 || day.n + time.n + 2 > CSV_TIME_BYTES)
        return time;
    (void)snprintf(room, CSV_TIME_BYTES, "%.*s %.*s", SLICE_ARG(day), SLICE_ARG(time));
    return slice_of(room);
}

bool csv_columns_time(const struct csv_columns *c, enum csv_field f, const struct csv_record *rec,
                      const char *date_format, int64_t *at_ms, bool *has_zone)
{
    char room[CSV_TIME_BYTES];
    return times_parse(csv_columns_get(c, f, rec), date_format, at_ms, has_zone) ||
           times_parse(csv_columns_time_text(c, f, rec, room), date_format, at_ms, has_zone);
}

enum err_code csv_columns_missing(const struct csv_record *header, const char *what, const char *field, struct err *e)
{
    struct slice names[8];
    size_t n = header->nfields < 8 ? header->nfields : 8;
    int shown = 0;
    char seen[160] = "";
    for (size_t i = 0; i < n && shown < (int)sizeof seen; i++) {
        names[i] = header->fields[i].n > 24 ? (struct slice){header->fields[i].s, 24} : header->fields[i];
        shown += snprintf(seen + shown, sizeof seen - (size_t)shown, "%s%.*s", i > 0 ? ", " : "", SLICE_ARG(names[i]));
    }
    (void)err_set(e, ERR_INPUT, "no column for %s", what);
    return err_hint(e, "name it with --columns %s=COLUMN%s; columns seen: %s%s", field,
                    strcmp(field, "role") == 0 ? " (or for all rows role==customer)" : "", seen,
                    header->nfields > n ? ", ..." : "");
}
