-- scan: on purpose (the rejects are few)
SELECT reason, count(*) AS rejects, count(DISTINCT source_file_id) AS files
FROM reject
GROUP BY reason
ORDER BY rejects DESC, reason
LIMIT :limit
