INSERT INTO ruleset_change (
    run_id, ruleset_id, conversations, deliveries_gained, deliveries_lost, styles_changed, policies_changed,
    disputes_gained, disputes_lost, hostile_gained, hostile_lost)
VALUES (
    :run_id, :ruleset_id, :conversations, :deliveries_gained, :deliveries_lost, :styles_changed, :policies_changed,
    :disputes_gained, :disputes_lost, :hostile_gained, :hostile_lost)
