-- The episodes of a conversation, for broach show.
SELECT p.external_id AS policy, e.first_turn, e.style, e.rounds, e.is_upset_before, e.is_hostile_before, e.is_disputed,
       e.outcome, e.is_uncertain
FROM episode AS e
JOIN policy AS p USING (policy_id)
WHERE e.conversation_id = :conversation_id
ORDER BY e.first_turn, p.external_id
