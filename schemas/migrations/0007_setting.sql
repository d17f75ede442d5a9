-- What was chosen once for the whole database.
CREATE TABLE setting (
    name         TEXT PRIMARY KEY,      -- 'day-zone': the time zone whose days are counted; without it, UTC
    value        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
