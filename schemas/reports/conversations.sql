-- Conversations to listen to: each episode has a score by what happened in it, a conversation the sum. The episode that
-- adds most (the earliest of equals) is the one to look at first.
WITH e AS (
    SELECT conversation_id, first_turn, rounds, is_disputed,
           is_hostile_after > is_hostile_before AS turned_hostile,
           is_disputed AND style = 'confrontational' AS is_confronted,
           style = 'offrecord' AS is_offrecord,
           is_disputed AND rounds >= 3 AND NOT is_escalated AS is_stuck
    FROM episode
    WHERE day >= :from AND day < :to
      AND (is_disputed OR is_hostile_after OR style = 'offrecord')
), s AS (
    SELECT *, 4 * turned_hostile + 3 * is_offrecord + 2 * is_confronted + 2 * is_stuck + is_disputed AS score
    FROM e
), c AS (
    SELECT conversation_id, sum(score) AS score, max(score * 1000000 + 999999 - first_turn) AS worst, max(rounds) AS rounds, sum(is_disputed) AS disputed, sum(turned_hostile) AS turned_hostile,
           sum(is_confronted) AS confronted, sum(is_offrecord) AS offrecord, sum(is_stuck) AS stuck
    FROM s
    WHERE score > 0
    GROUP BY conversation_id
    ORDER BY score DESC, conversation_id
    LIMIT :limit
)
SELECT c.conversation_id, e.first_turn, v.source, v.external_id AS conversation, v.day,
       coalesce(v.started_at, '') AS started_at, v.channel, v.queue,
       coalesce(a.external_id, '') AS agent, coalesce(nullif(a.name, ''), a.external_id, '') AS name,
       p.external_id AS policy, p.title, v.nturns, c.score,
       substr(CASE WHEN c.turned_hostile > 0 THEN '; the customer became hostile after it was told' ELSE '' END ||
              CASE WHEN c.offrecord > 0 THEN '; a way round the rule was hinted at' ELSE '' END ||
              CASE WHEN c.confronted > 0 THEN '; told as a confrontation and disputed' ELSE '' END ||
              CASE WHEN c.stuck > 0 THEN '; told ' || c.rounds || ' times without an offer to escalate' ELSE '' END ||
              CASE WHEN c.disputed > 1 THEN '; ' || c.disputed || ' policies disputed' ELSE '' END ||
              CASE WHEN c.disputed = 1 AND c.confronted = 0 THEN '; disputed' ELSE '' END, 3) AS reasons
FROM c
JOIN conversation v ON v.conversation_id = c.conversation_id
JOIN episode e ON e.conversation_id = c.conversation_id AND e.first_turn = 999999 - c.worst % 1000000
JOIN policy p ON p.policy_id = e.policy_id
LEFT JOIN agent a ON a.agent_id = e.agent_id
ORDER BY c.score DESC, c.conversation_id
