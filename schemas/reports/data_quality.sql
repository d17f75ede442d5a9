-- scan: on purpose (source_file is small)
WITH f AS (
    SELECT count(*) AS files, coalesce(sum(conversations), 0) AS conversations, coalesce(sum(rejects), 0) AS rejects,
           coalesce(sum(skipped), 0) AS skipped, coalesce(sum(masked), 0) AS masked,
           coalesce(sum(NOT is_whole), 0) AS cut
    FROM source_file
), c AS (
    SELECT coalesce(sum(conversations), 0) AS conversations, coalesce(sum(turns), 0) AS turns,
           coalesce(sum(unknown), 0) AS unknown, coalesce(sum(no_agent), 0) AS no_agent,
           coalesce(sum(no_customer), 0) AS no_customer,
           coalesce(sum(conversations) FILTER (WHERE time_origin NOT IN ('record', 'record-in-zone', 'record-no-zone')), 0) AS guessed,
           coalesce(sum(conversations) FILTER (WHERE ruleset_id = 0), 0) AS untagged,
           coalesce(sum(masked), 0) AS masked
    FROM agg_conversation_day
    WHERE day >= :from AND day < :to
), e AS (
    SELECT coalesce(sum(episodes), 0) AS uncertain
    FROM agg_policy_day
    WHERE day >= :from AND day < :to AND is_uncertain
), rows (place, scope, measure, value) AS (
    SELECT 1, 'period', 'conversations', conversations FROM c
    UNION ALL SELECT 2, 'period', 'turns', turns FROM c
    UNION ALL SELECT 3, 'period', 'turns by a speaker whose role is not known', unknown FROM c
    UNION ALL SELECT 4, 'period', 'conversations without an agent turn', no_agent FROM c
    UNION ALL SELECT 5, 'period', 'conversations without a customer turn', no_customer FROM c
    UNION ALL SELECT 6, 'period', 'conversations dated by side data, file name or file date', guessed FROM c
    UNION ALL SELECT 7, 'period', 'conversations not analysed yet', untagged FROM c
    UNION ALL SELECT 8, 'period', 'pieces of personal data masked', masked FROM c
    UNION ALL SELECT 9, 'period', 'conversations whose roles were guessed by the words',
                     -- in most databases there are none: then no conversation is looked at
                     CASE WHEN EXISTS (SELECT 1 FROM conversation_note WHERE role_origin = 'guessed') THEN
                     (SELECT count(*) FROM conversation_note AS n JOIN conversation AS c USING (conversation_id)
                      WHERE n.role_origin = 'guessed' AND c.day >= :from AND c.day < :to) ELSE 0 END
    UNION ALL SELECT 10, 'period', CASE WHEN :most_uncertain THEN 'uncertain episodes, counted like all others'
                                        ELSE 'uncertain episodes, left out of all statistics' END, uncertain FROM e
    UNION ALL SELECT 11, 'database', 'conversations without a time, in no period',
                     (SELECT coalesce(sum(conversations), 0) FROM agg_conversation_day WHERE day = '')
    UNION ALL SELECT 12, 'database', 'files read', files FROM f
    UNION ALL SELECT 13, 'database', 'files not read to their end', cut FROM f
    UNION ALL SELECT 14, 'database', 'conversations found in the files', conversations FROM f
    UNION ALL SELECT 15, 'database', 'conversations skipped, as they were known already', skipped FROM f
    UNION ALL SELECT 16, 'database', 'records rejected', rejects FROM f
)
SELECT scope, measure, value FROM rows ORDER BY place
