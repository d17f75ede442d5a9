-- The newest rejects with their places. scan: on purpose
SELECT f.path, r.line, r.byte_offset, r.reason
FROM reject AS r
JOIN source_file AS f USING (source_file_id)
ORDER BY r.reject_id DESC
LIMIT 20
