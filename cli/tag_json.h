/*
 * tag_json.h - the tags of a conversation as JSON: the output of `broach tag` (schemas/tags.schema.json)
 */
#ifndef CLI_TAG_JSON_H
#define CLI_TAG_JSON_H

#include "core/model.h"
#include "core/strbuf.h"

/* Append one line (with its line end) to OUT. Running out of memory is remembered by OUT. */
void tag_json_write(struct strbuf *out, const struct conversation *c, const struct tags *t,
                    const struct ruleset_info *rules);

#endif
