/*
 * read_json.h - conversations from JSON: the formats "json" and "convokit"
 *
 * "json" is every shape in which one object holds the list of a conversation's turns: messages, turns, transcript, ...
 * (../schemas has our own, the contract). The rule: the deepest list whose items have a text-like and a speaker-like
 * key, or are [speaker, text] pairs; the object that holds the list is the conversation. Of several such lists in one
 * object the first counts in the order messages, turns, transcript, utterances, entries, events, history, parts,
 * original, then any other in the object's own order. One document may hold many conversations.
 * "convokit" is one utterance an object: id, speaker, conversation_id, text.
 */
#ifndef INGEST_READ_JSON_H
#define INGEST_READ_JSON_H

#include "ingest/reader.h"

int json_conversation_probe(const struct sample *s, struct reader_options *o, struct layout *layout, struct err *e);
CHECKED enum err_code json_conversation_parse(struct json doc, const struct place *at, const struct reader_options *o,
                                              struct arena *a, const struct reader_sink *sink, struct err *e);

int json_utterances_probe(const struct sample *s, struct reader_options *o, struct layout *layout, struct err *e);
CHECKED enum err_code json_utterances_read(const struct reader_input *in, const char *path,
                                           const struct reader_options *o, const struct reader_sink *sink,
                                           struct err *e);

#endif
