-- What the findings on agents are computed from; added up in C, in the order of the table.
SELECT day, agent_id, policy_id, style, episodes, disputed, upset_before, upset_disputed, hostile, rounds,
       reason, acknowledge, align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute
FROM agg_agent_day
WHERE day >= :from AND day < :to AND is_uncertain <= :most_uncertain
ORDER BY day, agent_id, policy_id, style
