-- Every record that was refused, whatever the period: where, and why.
SELECT f.path, r.line, r.byte_offset, r.reason
FROM source_file f CROSS JOIN reject r ON r.source_file_id = f.source_file_id
ORDER BY f.path, r.reject_id
