/*
 * inner_transcript.h - a transcript that stands within a document of another format: text or JSON of any kind -> turns
 *
 * Copies:  what is added lives in the talk's arena and borrows from nothing else.
 * Errors:  running out of memory is remembered in the talk.
 */
#ifndef INGEST_INNER_TRANSCRIPT_H
#define INGEST_INNER_TRANSCRIPT_H

#include "ingest/talk.h"

/* Add the turns of TEXT: JSON, WebVTT, lines or words with labels ("Agent: ...", also "**Agent(May)**: ..."), or else
 * its paragraphs, of nobody. */
void inner_text(struct talk *t, struct slice text);

/* Add the turns of V, a string or a tree: what any reader of JSON documents understands but the one called EXCEPT, a
 * list of words with speakers (as Deepgram's alternative has it), or a text under "transcript", "text" or "body". */
void inner_json(struct talk *t, struct json v, const char *except);

#endif
