-- Policies by the style of the first delivery.
SELECT p.external_id AS policy, p.title, a.style,
       sum(a.episodes) AS n, sum(a.disputed) AS d, sum(a.hostile) AS hostile,
       sum(a.upset_before) AS upset_before, sum(a.rounds) AS rounds
FROM agg_policy_day a JOIN policy p ON p.policy_id = a.policy_id
WHERE a.day >= :from AND a.day < :to
GROUP BY a.policy_id, a.style
HAVING sum(a.episodes) > 0
ORDER BY p.external_id, a.style
