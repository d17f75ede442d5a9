#include "ingest/read_csv.h"
#include "ingest/read_json.h"

const struct format formats[] = {
    {"json", "JSON conversations: objects with a list of turns (messages, turns, ...), JSON Lines or arrays",
     json_conversation_probe, json_conversation_parse, NULL},
    {"convokit", "JSON utterances, one an object with id, speaker, conversation_id and text", json_utterances_probe,
     NULL, json_utterances_read},
    {"csv-cell", "CSV or TSV, one row a conversation, the transcript in one cell", csv_cell_probe, NULL, csv_cell_read},
    {"csv-turns", "CSV or TSV, one row a turn", csv_turns_probe, NULL, csv_turns_read},
    {NULL, NULL, NULL, NULL, NULL},
};
