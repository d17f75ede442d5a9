SELECT 1 FROM source_file
WHERE path = :path AND bytes = :bytes AND mtime_ns = :mtime_ns AND settings = :settings AND is_whole
