-- The row keeps its id, so that conversations read from the file before still point to it.
INSERT INTO source_file (path, bytes, mtime_ns, settings, run_id) VALUES (:path, :bytes, :mtime_ns, :settings, :run_id)
ON CONFLICT (path) DO UPDATE SET
    bytes = excluded.bytes, mtime_ns = excluded.mtime_ns, settings = excluded.settings, run_id = excluded.run_id,
    format = '', encoding = '', conversations = 0, added = 0, replaced = 0, skipped = 0, turns = 0, rejects = 0,
    masked = 0, is_whole = 0
RETURNING source_file_id
