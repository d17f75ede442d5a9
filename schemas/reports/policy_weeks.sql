-- Dispute counts of each policy in the WEEKS seven-day spans that end with the period; span 0 is the oldest.
SELECT policy_id,
       :weeks - 1 - CAST((julianday(:to) - julianday(day) - 1) / 7 AS INTEGER) AS week,
       sum(episodes) AS n, sum(disputed) AS d
FROM agg_policy_day
WHERE day >= date(:to, '-' || (7 * :weeks) || ' days') AND day < :to
    AND is_uncertain <= :most_uncertain
GROUP BY policy_id, week
ORDER BY policy_id, week
