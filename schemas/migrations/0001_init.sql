-- The database of broach. Facts first, then what is derived from them, then the aggregates.
-- Instants are ISO 8601 UTC text, days are 'YYYY-MM-DD' (UTC), booleans are is_*.

-- ---- facts --------------------------------------------------------------------------------------------------

CREATE TABLE run (                      -- one row a command that wrote
    run_id       INTEGER PRIMARY KEY,
    command      TEXT NOT NULL,         -- "run", "ingest", "analyze", ...
    version      TEXT NOT NULL,         -- of broach
    started_at   TEXT NOT NULL,
    ended_at     TEXT,                  -- NULL: killed, or still running
    exit_status  INTEGER
) STRICT;

CREATE TABLE source_file (              -- one row a path; a new reading of the path replaces it
    source_file_id INTEGER PRIMARY KEY,
    path         TEXT NOT NULL UNIQUE,
    bytes        INTEGER NOT NULL,
    mtime_ns     INTEGER NOT NULL,
    settings     TEXT NOT NULL,         -- hash of the settings it was read with
    run_id       INTEGER NOT NULL REFERENCES run,
    format       TEXT NOT NULL DEFAULT '',
    encoding     TEXT NOT NULL DEFAULT '',
    conversations INTEGER NOT NULL DEFAULT 0, -- found in it: added + replaced + skipped
    added        INTEGER NOT NULL DEFAULT 0,
    replaced     INTEGER NOT NULL DEFAULT 0,
    skipped      INTEGER NOT NULL DEFAULT 0,
    turns        INTEGER NOT NULL DEFAULT 0,
    rejects      INTEGER NOT NULL DEFAULT 0,
    masked       INTEGER NOT NULL DEFAULT 0, -- pieces of personal data
    is_whole     INTEGER NOT NULL DEFAULT 0  -- 0: not read to its end; it is read again in the next run
) STRICT;

CREATE TABLE reject (                   -- one row a record that was refused
    reject_id    INTEGER PRIMARY KEY,
    source_file_id INTEGER NOT NULL REFERENCES source_file ON DELETE CASCADE,
    line         INTEGER,               -- from 1
    byte_offset  INTEGER,               -- in the unpacked, decoded text
    reason       TEXT NOT NULL
) STRICT;
CREATE INDEX reject_by_file ON reject (source_file_id);

CREATE TABLE agent (
    agent_id     INTEGER PRIMARY KEY,
    external_id  TEXT NOT NULL UNIQUE,  -- the export's id; its name where it has no id
    name         TEXT NOT NULL DEFAULT '',
    team         TEXT NOT NULL DEFAULT '' -- from the roster
) STRICT;

CREATE TABLE conversation (
    conversation_id INTEGER PRIMARY KEY,
    source       TEXT NOT NULL,
    external_id  TEXT NOT NULL,         -- (source, external_id) is the identity
    source_file_id INTEGER REFERENCES source_file, -- the file it was read from last; its row stays
    started_at   TEXT,                  -- NULL: not known
    started_at_ms INTEGER,              -- the same as a number: ms since 1970
    day          TEXT NOT NULL,         -- of started_at; '' if not known
    time_origin  TEXT NOT NULL,         -- where started_at comes from: see model.h
    channel      TEXT NOT NULL,
    queue        TEXT NOT NULL,
    agent_id     INTEGER REFERENCES agent,
    customer_key TEXT NOT NULL,         -- the customer's id, or a hash of it where it is personal data
    nturns       INTEGER NOT NULL,
    nagent       INTEGER NOT NULL,      -- turns of agents
    ncustomer    INTEGER NOT NULL,
    nunknown     INTEGER NOT NULL,      -- turns whose speaker's role is not known
    nmasked      INTEGER NOT NULL,
    content      BLOB NOT NULL,         -- XXH3-128 of all the export said
    ruleset_id   INTEGER REFERENCES ruleset, -- whose tags it has; NULL: none yet
    raw_bytes    INTEGER NOT NULL,      -- of turns, unpacked
    turns        BLOB NOT NULL,         -- all turns, packed (store/turns.h); last, so that nothing stands behind it
    UNIQUE (external_id, source)        -- in this order to find a conversation by its external id alone, too
) STRICT;
CREATE INDEX conversation_by_day ON conversation (day);
CREATE INDEX conversation_untagged ON conversation (conversation_id) WHERE ruleset_id IS NULL;

CREATE TABLE label (                    -- human judgements, for measuring the tagger
    conversation_id INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    turn         INTEGER NOT NULL,
    kind         TEXT NOT NULL,         -- 'delivery', 'dispute', 'hostile'
    value        TEXT NOT NULL,         -- the style, or 'yes' / 'no'
    labeller     TEXT NOT NULL,
    labelled_at  TEXT NOT NULL,
    PRIMARY KEY (conversation_id, turn, kind, labeller)
) STRICT, WITHOUT ROWID;

-- ---- derived: rebuilt from the facts and a ruleset ----------------------------------------------------------------

CREATE TABLE ruleset (
    ruleset_id   INTEGER PRIMARY KEY,
    hash         TEXT NOT NULL UNIQUE,  -- of cues, weights and catalogue
    first_used_at TEXT NOT NULL,
    ncues        INTEGER NOT NULL,
    npolicies    INTEGER NOT NULL
) STRICT;

CREATE TABLE ruleset_change (           -- what re-analysis of history gained and lost
    run_id       INTEGER PRIMARY KEY REFERENCES run,
    ruleset_id   INTEGER NOT NULL REFERENCES ruleset,
    conversations INTEGER NOT NULL,
    deliveries_gained INTEGER NOT NULL,
    deliveries_lost INTEGER NOT NULL,
    styles_changed INTEGER NOT NULL,
    policies_changed INTEGER NOT NULL,
    disputes_gained INTEGER NOT NULL,
    disputes_lost INTEGER NOT NULL,
    hostile_gained INTEGER NOT NULL,
    hostile_lost INTEGER NOT NULL
) STRICT;

CREATE TABLE policy (
    policy_id    INTEGER PRIMARY KEY,
    external_id  TEXT NOT NULL UNIQUE,  -- the catalogue's id; 'unlisted' for what matches none
    title        TEXT NOT NULL,
    owner        TEXT NOT NULL,
    is_listed    INTEGER NOT NULL       -- 0: 'unlisted', or no longer in the catalogue
) STRICT;

CREATE TABLE cue (
    cue_id       INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE delivery (                 -- agent turns that told a policy
    conversation_id INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    turn         INTEGER NOT NULL,      -- from 0
    policy_id    INTEGER NOT NULL REFERENCES policy,
    agent_id     INTEGER REFERENCES agent, -- NULL: not known
    style        TEXT NOT NULL CHECK (
        style = 'confrontational' OR style = 'choice' OR style = 'neutral' OR style = 'offrecord'),
    practices    INTEGER NOT NULL,      -- bits, in the order of table practice
    p            REAL NOT NULL,         -- that it is a delivery
    p_style      REAL NOT NULL,         -- of the style, given that it is one
    key_phrases  TEXT NOT NULL,         -- telling words of an unlisted policy
    PRIMARY KEY (conversation_id, turn)
) STRICT, WITHOUT ROWID;

CREATE TABLE reaction (                 -- customer turns that dispute, are hostile or upset
    conversation_id INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    turn         INTEGER NOT NULL,
    kind         TEXT NOT NULL CHECK (kind = 'dispute' OR kind = 'hostile' OR kind = 'upset'),
    p            REAL NOT NULL,
    PRIMARY KEY (conversation_id, turn, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE hit_list (                 -- the words behind the tags; the view cue_hit has a row a hit
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation ON DELETE CASCADE,
    hits         TEXT NOT NULL          -- JSON, an array a hit: [turn, cue_id, byte_from, byte_to, kind, 1000 * weight]
) STRICT;

CREATE TABLE practice (                 -- the bits of delivery.practices and episode.practices
    bit          INTEGER PRIMARY KEY,   -- 1, 2, 4, ...
    name         TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO practice (bit, name) VALUES
    (1, 'reason'), (2, 'acknowledge'), (4, 'align'), (8, 'apology'), (16, 'alternative'), (32, 'probe'),
    (64, 'escalate'), (128, 'advocate'), (256, 'autonomy'), (512, 'blame'), (1024, 'absolute');

CREATE TABLE episode (                  -- one policy in one conversation: the unit of every statistic
    conversation_id INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    policy_id    INTEGER NOT NULL REFERENCES policy,
    day          TEXT NOT NULL,
    agent_id     INTEGER NOT NULL,      -- who told it first; 0 if not known
    style        TEXT NOT NULL,         -- of the first delivery, as practices and p
    practices    INTEGER NOT NULL,
    p            REAL NOT NULL,
    first_turn   INTEGER NOT NULL,
    rounds       INTEGER NOT NULL,      -- how often it was told
    is_upset_before INTEGER NOT NULL,   -- the customer was upset before it was told
    is_hostile_before INTEGER NOT NULL,
    is_disputed  INTEGER NOT NULL,      -- after the first delivery, before another policy took over
    dispute_turn INTEGER,
    is_hostile_after INTEGER NOT NULL,
    is_escalated INTEGER NOT NULL,
    outcome      TEXT NOT NULL CHECK (
        outcome = 'silent' OR outcome = 'accepted' OR outcome = 'disputed' OR outcome = 'hostile'),
    PRIMARY KEY (day, conversation_id, policy_id) -- the order of the report, which reads all of a period
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX episode_by_conversation ON episode (conversation_id, policy_id);

-- ---- aggregates: additive; 0002_aggregates.sql says who keeps them ----------------------------------------------------

CREATE TABLE agg_policy_day (
    day          TEXT NOT NULL,
    policy_id    INTEGER NOT NULL,
    style        TEXT NOT NULL,
    episodes     INTEGER NOT NULL,
    disputed     INTEGER NOT NULL,
    hostile      INTEGER NOT NULL,      -- hostile after the delivery
    upset_before INTEGER NOT NULL,
    rounds       INTEGER NOT NULL,
    PRIMARY KEY (day, policy_id, style)
) STRICT, WITHOUT ROWID;

CREATE TABLE agg_agent_day (
    day          TEXT NOT NULL,
    agent_id     INTEGER NOT NULL,
    policy_id    INTEGER NOT NULL,
    style        TEXT NOT NULL,
    episodes     INTEGER NOT NULL,
    disputed     INTEGER NOT NULL,
    hostile      INTEGER NOT NULL,
    upset_before INTEGER NOT NULL,
    rounds       INTEGER NOT NULL,
    PRIMARY KEY (day, agent_id, policy_id, style)
) STRICT, WITHOUT ROWID;

CREATE TABLE agg_conversation_day (      -- what there is to report on
    day          TEXT NOT NULL,
    ruleset_id   INTEGER NOT NULL,      -- 0: not tagged yet
    time_origin  TEXT NOT NULL,
    conversations INTEGER NOT NULL,
    turns        INTEGER NOT NULL,
    unknown      INTEGER NOT NULL,      -- turns whose speaker's role is not known
    no_agent     INTEGER NOT NULL,      -- conversations without an agent's turn
    no_customer  INTEGER NOT NULL,
    masked       INTEGER NOT NULL,      -- pieces of personal data
    PRIMARY KEY (day, ruleset_id, time_origin)
) STRICT, WITHOUT ROWID;
