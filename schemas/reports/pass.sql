-- Every episode of the period, a conversation's side by side: for what is counted or picked in one pass (report/pass.c).
-- No joins: there may be millions.
SELECT conversation_id, policy_id, agent_id, style, practices, p, first_turn, rounds, is_hostile_before, is_disputed,
       is_hostile_after, is_escalated, outcome, is_uncertain
FROM episode
WHERE day >= :from AND day < :to AND is_uncertain <= :most_uncertain
ORDER BY day, conversation_id, policy_id
