-- What the verdicts and the practices are computed from; added up in C, in the order of the table.
SELECT day, policy_id, style, episodes, disputed, upset_before, upset_disputed,
       reason, acknowledge, align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute,
       reason_disputed, acknowledge_disputed, align_disputed, apology_disputed, alternative_disputed, probe_disputed,
       escalate_disputed, advocate_disputed, autonomy_disputed, blame_disputed, absolute_disputed, hostile, rounds
FROM agg_policy_day
WHERE day >= :from AND day < :to AND is_uncertain <= :most_uncertain
ORDER BY day, policy_id, style
