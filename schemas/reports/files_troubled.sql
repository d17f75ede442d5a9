-- scan: on purpose (files with rejects, or not read to their end; the worst first)
SELECT path, format, encoding, conversations, rejects,
       CASE WHEN is_whole THEN 'yes' ELSE 'no' END AS is_whole
FROM source_file
WHERE rejects > 0 OR NOT is_whole
ORDER BY source_file.is_whole, rejects DESC, path
LIMIT :limit
