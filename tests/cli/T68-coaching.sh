#!/bin/sh
# An agent who confronts and is disputed far beyond the others' mix gets a coaching card with real turns; nobody else does.
. "$SRC/tests/support/runs.sh"

awk 'BEGIN {
    for (agent = 0; agent < 8; agent++)
        for (i = 0; i < 60; i++) {
            confronts = agent == 3 ? i % 10 < 8 : i % 10 < 2
            said = confronts ? "We do not give refunds after 30 days. That is against our policy and there is nothing I can do." : \
                "Refunds are possible within 30 days. I can offer you store credit instead, or ask my manager. Which would you prefer?"
            answer = confronts ? "That is ridiculous and unfair, I want to speak to a supervisor." : \
                "Oh ok, the store credit sounds good, thank you."
            printf "{\"conversation_id\":\"c%d-%d\",\"started_at\":\"2026-11-17T10:00:00Z\",\"turns\":[{\"role\":\"customer\",\"text\":" \
                "\"I want a refund for the toaster.\"},{\"role\":\"agent\",\"agent_id\":\"agent-%d\",\"text\":\"%s\"}," \
                "{\"role\":\"customer\",\"text\":\"%s\"}]}\n", agent, i, agent, said, answer
        }
}' >talks.jsonl
"$BROACH" run --db a.db --out report --policies "$SRC/examples/policies.csv" talks.jsonl
is 'the run' 0 $?
is 'one agent is to be coached' agent-3 "$(sed 1d report/coaching.csv | cut -d, -f1 | sort -u)"
is 'on the policy that was disputed' refund-window "$(sed 1d report/coaching.csv | cut -d, -f4)"
card=$(sed -n '/id="coaching"/,/<\/section>/p' report/index.html | sed 's/<[^>]*>//g')
has() { # WHAT TEXT
    case $card in *"$2"*) echo "ok - $1" ;; *) echo "not ok - $1" ;; esac
}
has 'the card shows what was disputed' 'What was disputed'
has 'with the words of the agent' 'nothing I can do'
has 'and of the customer' 'ridiculous and unfair'
has 'and one real turn that was accepted' 'store credit instead'
