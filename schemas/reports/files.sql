-- scan: on purpose (every file that was read, whatever the period)
SELECT path, format, encoding, bytes, conversations, added, replaced, skipped, turns, rejects, masked, is_whole
FROM source_file
ORDER BY path
