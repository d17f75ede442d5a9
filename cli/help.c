#include "cli/help.h"

#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "core/err.h"

#define HELP_WIDTH 100

/* TEXT, wrapped at HELP_WIDTH, behind the COLUMN that the cursor is at already. */
static void put_wrapped(struct strbuf *out, size_t column, const char *margin, const char *text)
{
    size_t room = HELP_WIDTH - column;
    while (strlen(text) > room) {
        size_t cut = room;
        while (cut > 0 && text[cut] != ' ')
            cut--;
        if (cut == 0)
            break;
        strbuf_printf(out, "%.*s\n%s", (int)cut, text, margin);
        text += cut + 1;
    }
    strbuf_printf(out, "%s\n", text);
}

static void put_option(struct strbuf *out, const struct opt_row *row)
{
    static const char margin[] = "                             ";
    char left[64];
    struct strbuf b = STRBUF_INIT;
    if (row->letter != 0)
        strbuf_printf(&b, "  -%c, --%s", row->letter, row->name);
    else
        strbuf_printf(&b, "      --%s", row->name);
    if (*row->arg != '\0')
        strbuf_printf(&b, " %s", row->arg);
    struct slice s = strbuf_slice(&b);
    size_t n = s.n < sizeof left ? s.n : sizeof left - 1;
    if (n > 0)
        memcpy(left, s.s, n);
    left[n] = '\0';
    strbuf_free(&b);
    strbuf_printf(out, "%-28s ", left);
    struct strbuf help = STRBUF_INIT;
    strbuf_puts(&help, row->help);
    if (row->kind != KIND_FLAG && *row->preset != '\0')
        strbuf_printf(&help, " (default: %s)", row->preset);
    if (strbuf_failed(&help))
        strbuf_puts(out, row->help);
    else
        put_wrapped(out, sizeof margin - 1, margin, help.s);
    strbuf_free(&help);
}

void help_overview(struct strbuf *out)
{
    strbuf_puts(out, "usage: broach COMMAND [OPTION...] [OPERAND...]\n\n"
                     "Finds how agents tell customers policies, and whether the customers dispute them.\n\n");
    for (const struct command *c = commands; c->name != NULL; c++)
        strbuf_printf(out, "  %-10s %s\n", c->name, c->title);
    strbuf_puts(out, "\nbroach COMMAND --help tells the options of a command; the manual page is broach(1).\n");
}

void help_command(struct strbuf *out, const struct command *c)
{
    strbuf_printf(out, "usage: broach %s [OPTION...]%s%s\n\n%s\n", c->name, *c->synopsis != '\0' ? " " : "",
                  c->synopsis, c->title);
    if (*c->text != '\0') {
        strbuf_putc(out, '\n');
        put_wrapped(out, 0, "", c->text);
    }
    strbuf_puts(out, "\noptions:\n");
    for (int pass = 0; pass < 2; pass++)
        for (int id = 0; id < OPT_COUNT; id++)
            if ((opt_rows[id].group & (pass == 0 ? c->groups : (unsigned)GROUP_ALL)) != 0)
                put_option(out, &opt_rows[id]);
}

void help_exit_codes(struct strbuf *out)
{
    for (int code = 0; code < ERR_COUNT; code++)
        strbuf_printf(out, "%3d  %-9s %s\n", err_exit_status((enum err_code)code), err_name((enum err_code)code),
                      err_meaning((enum err_code)code));
}

static void put_completion_options(struct strbuf *out, unsigned groups)
{
    const char *space = "";
    for (int id = 0; id < OPT_COUNT; id++) {
        if ((opt_rows[id].group & groups) == 0)
            continue;
        strbuf_printf(out, "%s--%s", space, opt_rows[id].name);
        space = " ";
    }
}

void help_completion(struct strbuf *out)
{
    strbuf_puts(out, "# bash completion for broach, made by `broach help completion`\n"
                     "_broach()\n{\n"
                     "    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
                     "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='");
    const char *space = "";
    for (const struct command *c = commands; c->name != NULL; c++, space = " ")
        strbuf_printf(out, "%s%s", space, c->name);
    strbuf_puts(out, "'\n    else\n        case ${COMP_WORDS[1]} in\n");
    for (const struct command *c = commands; c->name != NULL; c++) {
        strbuf_printf(out, "        %s) words='", c->name);
        put_completion_options(out, c->groups | GROUP_ALL);
        strbuf_puts(out, "' ;;\n");
    }
    strbuf_puts(out, "        esac\n"
                     "        case $word in -*) ;; *) words= ;; esac\n"
                     "    fi\n"
                     "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                     "    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$word\"))\n"
                     "}\n"
                     "complete -o filenames -F _broach broach\n");
}

void help_config_file(struct strbuf *out, const char *db_path)
{
    strbuf_puts(out, "# broach.conf - what `broach run` does every night\n"
                     "#\n"
                     "# The keys are the long options of broach(1). The command line and the environment (BROACH_DB\n"
                     "# for db) go before this file. Relative paths count from the folder of this file.\n"
                     "# `broach config` prints every value and where it comes from.\n\n"
                     "[broach]\n\n"
                     "# a file or folder of transcripts; there may be several such lines\n"
                     "#path = transcripts\n");
    for (int id = 0; id < OPT_COUNT; id++) {
        const struct opt_row *row = &opt_rows[id];
        if (row->where != WHERE_ANY)
            continue;
        bool is_set = (enum opt_id)id == OPT_DB && db_path != NULL;
        strbuf_printf(out, "\n# %s\n%s%s = %s\n", row->help, is_set ? "" : "#", row->name,
                      is_set                 ? db_path
                      : *row->preset != '\0' ? row->preset
                                             : row->arg);
    }
    strbuf_puts(out, "\n# What holds for the conversations of one source only; there may be several such sections.\n"
                     "#[source zendesk]\n#timezone = Europe/Berlin\n#roles = spk_0=agent,spk_1=customer\n");
}
