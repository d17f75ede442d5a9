#include "ingest/read_json.h"

const struct format formats[] = {
    {"json", "JSON conversations: objects with a list of turns (messages, turns, ...), JSON Lines or arrays",
     json_conversation_probe, json_conversation_parse, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
