-- scan: on purpose (labels are few)
-- Of each kind of judgement: how many were tagged and labelled yes or no. Of several labellers the majority counts; where
-- they are even, the label is left out. 'confrontational' is about turns that were both tagged and labelled as
-- deliveries; 'episode' about episodes as they were tagged: disputed, if any turn in their reach is labelled as a dispute; both leave out the
-- uncertain where the rates that are corrected by them do.
WITH vote AS (
    SELECT conversation_id, turn, kind, sum(value <> 'no') AS yes, sum(value = 'confrontational') AS hard, count(*) AS n
    FROM label
    WHERE kind IN ('delivery', 'dispute', 'hostile')
    GROUP BY conversation_id, turn, kind
), v AS (
    SELECT vote.*, 2 * yes > n AS labelled, 2 * hard > n AS labelled_hard
    FROM vote JOIN conversation AS c ON c.conversation_id = vote.conversation_id AND c.ruleset_id IS NOT NULL
    WHERE 2 * yes <> n
), judged (kind, tagged, labelled) AS (
    SELECT 'delivery', d.turn IS NOT NULL, labelled
    FROM v LEFT JOIN delivery AS d ON d.conversation_id = v.conversation_id AND d.turn = v.turn
    WHERE v.kind = 'delivery'
    UNION ALL
    SELECT 'confrontational', d.style = 'confrontational', labelled_hard
    FROM v JOIN delivery AS d ON d.conversation_id = v.conversation_id AND d.turn = v.turn
    WHERE v.kind = 'delivery' AND labelled AND d.is_uncertain <= :most_uncertain
    UNION ALL
    SELECT v.kind, r.turn IS NOT NULL, labelled
    FROM v LEFT JOIN reaction AS r ON r.conversation_id = v.conversation_id AND r.turn = v.turn AND r.kind = v.kind
    WHERE v.kind <> 'delivery'
    UNION ALL
    SELECT 'episode', e.is_disputed, max(labelled)
    FROM v JOIN delivery AS d ON d.conversation_id = v.conversation_id AND d.turn = (
            SELECT max(b.turn) FROM delivery AS b WHERE b.conversation_id = v.conversation_id AND b.turn < v.turn)
        JOIN episode AS e ON e.conversation_id = v.conversation_id AND e.policy_id = d.policy_id
    WHERE v.kind = 'dispute' AND e.is_uncertain <= :most_uncertain
    GROUP BY e.conversation_id, e.policy_id
)
SELECT kind, tagged, labelled, count(*) AS n
FROM judged
GROUP BY kind, tagged, labelled
ORDER BY kind, tagged, labelled
