DELETE FROM reject WHERE source_file_id = :source_file_id
