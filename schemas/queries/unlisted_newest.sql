-- scan: on purpose (from the newest day back, until there are enough)
-- The newest conversations in which something was told that is in no catalogue.
SELECT conversation_id
FROM episode
WHERE policy_id = (SELECT policy_id FROM policy WHERE external_id = 'unlisted')
ORDER BY day DESC, conversation_id DESC
LIMIT :most
