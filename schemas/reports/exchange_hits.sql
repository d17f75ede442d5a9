-- The words behind the tags of an exchange: those that spoke for them, and those that spoke against.
SELECT h.turn, h.byte_from, h.byte_to, h.kind, q.name, h.weight
FROM cue_hit h JOIN cue q ON q.cue_id = h.cue_id
WHERE h.conversation_id = :conversation AND h.turn >= :from AND h.turn < :to AND h.weight <> 0
ORDER BY h.turn, h.byte_from, h.byte_to DESC, h.hit
