/* check: do the examples of all cues hold? */
#include <stdio.h>

#include "analyze/analyze.h"
#include "cli/command.h"

static void print_failed(void *ctx, const char *message)
{
    (void)ctx;
    printf("%s\n", message);
}

enum err_code cmd_check(struct session *s, struct err *e)
{
    struct ruleset_info info = ruleset_info(s->rules);
    size_t nexamples = 0;
    size_t nfailed = 0;
    enum err_code rc = ruleset_check(s->rules, NULL, print_failed, &nexamples, &nfailed, e);
    if (rc != ERR_OK)
        return rc;
    printf("check: ruleset %.*s: %lu cues, %lu policies, %zu examples, %zu failed\n", SLICE_ARG(info.hash),
           (unsigned long)info.ncues, info.npolicies > 0 ? (unsigned long)info.npolicies - 1 : 0UL, nexamples, nfailed);
    if (nfailed == 0)
        return ERR_OK;
    return err_set(e, ERR_CONFIG, "check: %zu of %zu examples do not hold", nfailed, nexamples);
}
