/*
 * documents.h - what every reader of JSON documents is tested for, given one document that it reads
 */
#ifndef TESTS_SUPPORT_DOCUMENTS_H
#define TESTS_SUPPORT_DOCUMENTS_H

#include <stddef.h>

/* A case: TEXT (with ' for ") is recognised as FORMAT and gives WANT (see listing.h). PATH: NULL for "a.json". */
struct document_case {
    const char *label, *format, *path, *text, *want;
};

/* Fails the test unless the document gives what it should, and
 * - each value of it in turn replaced by null, a number, a text, empty and full lists and objects, or left out, gives
 *   conversations or a reject with a reason, and no error;
 * - when the Nth request for memory fails, that is told. */
void expect_document(const struct document_case *c);

/* Several tables of cases. */
struct document_cases {
    const struct document_case *rows;
    size_t n;
};
void expect_documents(const struct document_cases *all, size_t n);

#endif
