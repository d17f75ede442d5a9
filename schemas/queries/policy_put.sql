-- scan: on purpose. Because the references of episode are checked at commit, the plan has a scan of it for the case that
-- one of them hangs in the air; none ever does, and then SQLite passes the scan over.
INSERT INTO policy (external_id, title, owner, is_listed) VALUES (:external_id, :title, :owner, :is_listed)
ON CONFLICT (external_id) DO UPDATE SET
    title = excluded.title, owner = excluded.owner, is_listed = excluded.is_listed
