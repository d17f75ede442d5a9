-- What only some conversations have: pieces that came in several files, copies from which personal data was taken out, and
-- roles that the export did not tell. In tables of their own, so that all others cost nothing.

CREATE TABLE conversation_note (
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation ON DELETE CASCADE,
    is_redacted  INTEGER NOT NULL,      -- the exporter's redacted copy: a raw one does not replace it
    role_origin  TEXT NOT NULL,         -- 'told', 'roster', 'option', 'guessed': see model.h
    role_confidence REAL NOT NULL       -- of guessed roles, 0..1
) STRICT;

CREATE TABLE conversation_part (        -- the pieces of a conversation, which holds them joined by time
    conversation_id INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    part         TEXT NOT NULL,         -- its name within the conversation
    is_redacted  INTEGER NOT NULL,
    role_origin  TEXT NOT NULL,
    role_confidence REAL NOT NULL,
    started_at_ms INTEGER,
    time_origin  TEXT NOT NULL,
    channel      TEXT NOT NULL,
    queue        TEXT NOT NULL,
    agent_id     TEXT NOT NULL,         -- as the export has it
    agent_name   TEXT NOT NULL,
    customer_key TEXT NOT NULL,
    nmasked      INTEGER NOT NULL,
    content      BLOB NOT NULL,
    raw_bytes    INTEGER NOT NULL,
    turns        BLOB NOT NULL,         -- as in conversation
    PRIMARY KEY (conversation_id, part)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER conversation_notes_gone AFTER DELETE ON conversation BEGIN
    DELETE FROM conversation_note WHERE conversation_id = OLD.conversation_id;
    DELETE FROM conversation_part WHERE conversation_id = OLD.conversation_id;
END;
