-- What the turns of an exchange are tagged with.
SELECT d.turn AS turn, 'delivery' AS kind, d.style AS word, p.title AS title, d.is_uncertain
FROM delivery d JOIN policy p ON p.policy_id = d.policy_id
WHERE d.conversation_id = :conversation AND d.turn >= :from AND d.turn < :to
UNION ALL
SELECT turn, 'reaction', kind, '', is_uncertain
FROM reaction
WHERE conversation_id = :conversation AND turn >= :from AND turn < :to
ORDER BY 1, 2, 3
