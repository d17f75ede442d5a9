INSERT INTO reject (source_file_id, line, byte_offset, reason) VALUES (:source_file_id, :line, :byte_offset, :reason)
