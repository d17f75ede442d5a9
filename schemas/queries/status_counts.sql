-- What there is in the database, one row a number; :hash is the ruleset of today. scan: on purpose
SELECT 1 AS place, 'files' AS name, count(*) AS value FROM source_file
UNION ALL SELECT 2, 'files not read to their end', count(*) FROM source_file WHERE is_whole = 0
UNION ALL SELECT 3, 'rejects', count(*) FROM reject
UNION ALL SELECT 4, 'conversations', count(*) FROM conversation
UNION ALL SELECT 5, 'conversations without a day', count(*) FROM conversation WHERE day = ''
UNION ALL SELECT 6, 'conversations to tag again', count(*) FROM conversation
    WHERE ruleset_id IS NULL OR ruleset_id <> (SELECT ifnull(max(ruleset_id), 0) FROM ruleset WHERE hash = :hash)
UNION ALL SELECT 7, 'agents', count(*) FROM agent
UNION ALL SELECT 8, 'policies', count(*) FROM policy WHERE is_listed = 1
UNION ALL SELECT 9, 'deliveries', count(*) FROM delivery
UNION ALL SELECT 10, 'disputes', count(*) FROM reaction WHERE kind = 'dispute'
UNION ALL SELECT 11, 'episodes', count(*) FROM episode
UNION ALL SELECT 12, 'episodes disputed', count(*) FROM episode WHERE is_disputed = 1
ORDER BY place
