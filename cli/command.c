#include "cli/command.h"

#include <string.h>

#include "cli/suggest.h"

const struct command commands[] = {
    {"run", "[PATH...]", "the nightly job: ingest, analyze and report under one lock",
     GROUP_DB | GROUP_RULES | GROUP_SOURCE | GROUP_READ | GROUP_INGEST | GROUP_JOBS | GROUP_REPORT | GROUP_KEEP,
     NEED_LOCK | NEED_DB_CREATE | NEED_RULES | NEED_USE_RULES | NEED_RUN, 0, OPERANDS_ANY, cmd_run,
     "Reads the transcripts under each PATH (or the path lines of broach.conf), tags what is new, tags history again "
     "where the rules have changed, and writes the report of a period: the newest ISO week that has data, unless "
     "--week, --from, --to or --last name another. Safe to run twice and safe to kill."},
    {"init", "", "make an empty database and a commented broach.conf", GROUP_DB, NEED_NO_CONFIG, 0, 0, cmd_init,
     "The database is --db, or broach.db. The configuration is --config, or broach.conf in this folder; one that is "
     "there already is left as it is."},
    {"ingest", "[PATH...]", "read transcripts into the database, without tagging them",
     GROUP_DB | GROUP_SOURCE | GROUP_READ | GROUP_INGEST | GROUP_JOBS | GROUP_DRY,
     NEED_LOCK | NEED_DB_CREATE | NEED_RUN, 0, OPERANDS_ANY, cmd_ingest,
     "The first stage of run. PATH is a file or a folder, plain, gzipped or in a zip or tar archive."},
    {"analyze", "", "tag the conversations that lack tags of the current rules",
     GROUP_DB | GROUP_RULES | GROUP_JOBS | GROUP_KEEP,
     NEED_LOCK | NEED_DB_WRITE | NEED_RULES | NEED_USE_RULES | NEED_RUN, 0, 0, cmd_analyze,
     "The second stage of run. Prints which tags the history gained and lost where the rules have changed."},
    {"report", "", "write the report of a period", GROUP_DB | GROUP_REPORT, NEED_DB_READ, 0, 0, cmd_report,
     "The third stage of run: index.html and CSV files in the folder --out."},
    {"tag", "[FILE...]", "tag conversations, JSON Lines in and out, without a database",
     GROUP_RULES | GROUP_SOURCE | GROUP_READ | GROUP_JOBS, NEED_RULES, 0, OPERANDS_ANY, cmd_tag,
     "Reads standard input (or FILE) and writes one JSON object a conversation, in the same order. A record that "
     "cannot "
     "be read is told on standard error, and the exit status is 1. The forms are schemas/conversation.schema.json and "
     "schemas/tags.schema.json."},
    {"explain", "TEXT | CONVERSATION TURN", "show how a turn is tagged, and which words made it so",
     GROUP_DB | GROUP_RULES | GROUP_EXPLAIN | GROUP_SOURCE, NEED_RULES, 1, 2, cmd_explain,
     "TEXT is one turn of an agent (of a customer: --customer). With two operands, the turn number TURN (from 0) of a "
     "conversation in the database."},
    {"check", "", "run the examples of all cues and check the policy catalogue", GROUP_RULES, NEED_RULES, 0, 0,
     cmd_check, "Prints each example that does not hold with its file and line; then the exit status is 3."},
    {"eval", "FILE...", "tag labelled conversations and tell how often the tags are right",
     GROUP_RULES | GROUP_SOURCE | GROUP_EVAL, NEED_RULES, 1, OPERANDS_ANY, cmd_eval,
     "FILE (or a folder of *.jsonl) holds labelled conversations, one a line: see train/README.md. Prints precision, "
     "recall and F1 of every class with 95 % intervals, kappa and AC1, the styles' confusion, the figures by source, "
     "how well the probabilities are calibrated, and how often certain and uncertain tags are right. A style counts as "
     "right only where delivery and style are."},
    {"train", "FILE...", "fit the weights to labelled conversations, and tell how good they are",
     GROUP_RULES | GROUP_TRAIN | GROUP_JOBS, NEED_RULES, 1, OPERANDS_ANY, cmd_train,
     "FILE is a labelled file as for eval; \"FILE:3\" counts three times. All settings are chosen by cross-validation; "
     "prints F1 leaving one source out and by conversation, always of what was held out. With --weights the weights "
     "are "
     "written; put them as weights.txt into a folder for --rules."},
    {"review", "[SHEET...]", "judge conversations by hand, to know how good the tags are here", GROUP_DB | GROUP_REVIEW,
     NEED_LOCK | NEED_DB_WRITE, 0, OPERANDS_ANY, cmd_review,
     "Without SHEET, prints a CSV sheet of --sample conversations drawn by lot, a row a turn, without their tags. Fill "
     "in: "
     "delivery for turns of agents (confrontational, choice, neutral, offrecord; empty: no policy is told), dispute "
     "and "
     "hostile for turns of customers (yes; empty: no), and labeller, a name, in every row you have judged; the others "
     "are "
     "passed over. With SHEET, reads it back. The report then says how good the tags are, and corrects rates for their "
     "errors once 20 disputed and 20 undisputed episodes are judged. With --labels, prints what was judged as a "
     "labelled file for eval and train."},
    {"policies", "suggest", "propose entries for the catalogue from what was told and is not in it",
     GROUP_DB | GROUP_RULES | GROUP_POLICIES, NEED_DB_READ | NEED_RULES, 1, 1, cmd_policies,
     "Groups what agents told and no policy of the catalogue covers by the words it shares, and prints for each group "
     "an "
     "id, a title and phrases, in how many conversations it was told and disputed, how, and examples. With --csv, rows "
     "in "
     "the order of the columns of --policies (with a header where none is given, which a catalogue may have again): "
     "broach policies suggest --csv >>policies.csv. Strike what is no policy, and put in titles and owners."},
    {"show", "CONVERSATION", "print a conversation with its tags in the margin", GROUP_DB | GROUP_SOURCE, NEED_DB_READ,
     1, 1, cmd_show, "CONVERSATION is the id that the export gave it; --source tells which, if several have it."},
    {"status", "", "print what is in the database: counts, last runs, rejects, rules", GROUP_DB | GROUP_RULES,
     NEED_DB_READ | NEED_RULES, 0, 0, cmd_status, "Prints what the newest run left to look after, rejects first."},
    {"formats", "", "list the formats of transcripts that can be read", 0, 0, 0, 0, cmd_formats, ""},
    {"config", "", "print the value of every option, and where it comes from",
     GROUP_DB | GROUP_RULES | GROUP_SOURCE | GROUP_READ | GROUP_INGEST | GROUP_JOBS | GROUP_REPORT | GROUP_KEEP, 0, 0,
     0, cmd_config, "The command line goes before the environment, that before broach.conf, that before the default."},
    {"help", "[COMMAND | TOPIC]", "say how to use a command; topics: exit-codes, broach.conf, completion", 0, 0, 0, 1,
     cmd_help, ""},
    {NULL, NULL, NULL, 0, 0, 0, 0, NULL, NULL},
};

const struct command *command_find(const char *name, struct err *e)
{
    struct suggest near = SUGGEST_INIT(name);
    for (const struct command *c = commands; c->name != NULL; c++) {
        if (strcmp(c->name, name) == 0)
            return c;
        suggest_offer(&near, c->name);
    }
    err_set(e, ERR_USAGE, "unknown command \"%.60s\"", name);
    if (near.best != NULL)
        err_hint(e, "did you mean \"%s\"?", near.best);
    else
        err_hint(e, "see broach help");
    return NULL;
}
