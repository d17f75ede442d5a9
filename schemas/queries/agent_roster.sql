INSERT INTO agent (external_id, name, team) VALUES (:external_id, :name, :team)
ON CONFLICT (external_id) DO UPDATE SET
    name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END,
    team = CASE excluded.team WHEN '' THEN team ELSE excluded.team END
WHERE name <> excluded.name OR team <> excluded.team
