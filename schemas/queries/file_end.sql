UPDATE source_file SET
    format = :format, encoding = :encoding, conversations = :conversations, added = :added, replaced = :replaced,
    skipped = :skipped, turns = :turns, rejects = :rejects, masked = :masked, is_whole = :is_whole
WHERE source_file_id = :source_file_id
