INSERT INTO policy (external_id, title, owner, is_listed) VALUES (:external_id, :title, :owner, :is_listed)
ON CONFLICT (external_id) DO UPDATE SET
    title = excluded.title, owner = excluded.owner, is_listed = excluded.is_listed
