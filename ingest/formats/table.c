#include "ingest/formats/readers.h"

#define JSON_FORMAT(id, name, title) {name, title, id##_fits, NULL, id##_parse, NULL},
#define JSON_ROWS(id, name, title)   {name, title, id##_fits, NULL, NULL, id##_read},
#define TEXT_FORMAT(id, name, title) {name, title, NULL, id##_probe, NULL, id##_read},

const struct format formats[] = {
#include "ingest/formats/formats.def"
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
