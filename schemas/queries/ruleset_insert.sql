INSERT INTO ruleset (hash, first_used_at, ncues, npolicies) VALUES (:hash, :first_used_at, :ncues, :npolicies)
