#!/usr/bin/env python3
"""Write conversations of canonical sentences: train/sense/canonical.py >FILE

The labelling guide's kinds of deliveries, of disputes and of the traps that are neither, each said about many matters,
put together by chance with a fixed seed. They teach the tagger the plain cases, which real labels have seldom."""
import json
import random

R = random.Random(20261122)

# what is asked for: to do, the thing, doing it
MATTERS = [
    ("refund this", "a refund", "refunds"), ("waive the late fee", "a waiver", "fee waivers"),
    ("change the name on the ticket", "a name change", "name changes"), ("cancel the order", "a cancellation", "cancellations"),
    ("exchange the shoes", "an exchange", "exchanges"), ("unlock the account", "access", "account unlocks"),
    ("install that software", "an installation", "software installs"), ("move the appointment", "another slot", "slot changes"),
    ("extend the loan", "an extension", "extensions"), ("ship it abroad", "delivery abroad", "foreign deliveries"),
    ("reset the password by phone", "a reset", "phone resets"), ("take the dog on board", "a pet on board", "pets"),
    ("open the file for you", "the file", "outside access"), ("let you in early", "early entry", "early entries"),
    ("pay that out in cash", "cash", "cash payments"), ("accept a copy", "a copy", "copies"),
    ("upgrade the seat", "an upgrade", "upgrades"), ("store the bags", "storage", "bag storage"),
    ("transfer the number", "a transfer", "number transfers"), ("end the contract", "an early end", "early terminations"),
    ("split the bill", "separate bills", "split bills"), ("repair it for free", "a free repair", "free repairs"),
    ("give out the address", "the address", "personal details"), ("issue the permit", "a permit", "permits"),
    ("borrow five books", "more books", "extra loans"), ("park here overnight", "a parking spot", "overnight parking"),
    ("raise the limit", "a higher limit", "limit increases"), ("backdate the claim", "an earlier date", "backdated claims"),
]
PAPERS = ["the receipt", "a photo ID", "form B", "the original invoice", "a signed letter", "proof of address",
          "your manager's approval", "a doctor's note", "the booking code and your passport"]
LIMITS = ["30 days", "two weeks", "48 hours", "three working days", "fourteen days", "ten minutes", "one year"]
MONEY = ["$75", "25 euros", "£10", "$150", "a fee of 12 dollars", "40 percent"]
OTHERS = ["a voucher", "store credit", "another date", "a partial credit", "a free month", "the basic version", "a callback from the team"]
ENDS = ["it gets removed automatically", "the booking is cancelled", "the account is locked", "the deposit is lost", "the request is closed"]
REASONS = ["because the fare was sold at a discount", "since the data belongs to somebody else", "for your own security",
           "because the items are sealed for hygiene", "as the law requires it", "because others are waiting for the same place"]

CONFRONT = [
    ("That's against {our} policy.", []), ("No. {Things} are not allowed.", []), ("No {things}. No exceptions.", ["absolute"]),
    ("It's against policy, so no.", []), ("There's nothing I can do, policy is policy.", ["absolute"]),
    ("We don't {do}. Full stop.", ["absolute"]), ("You should have read the terms before you signed.", ["blame"]),
    ("You can't do that.", []), ("That is not permitted. You have to bring {paper}.", []), ("You must hand in {paper}. Nothing happens without it.", []),
    ("As I said already, we won't {do}.", []), ("I already told you no.", []), ("Rules are rules and they go for everybody.", ["absolute"]),
    ("You missed the deadline. It was {limit}. Too late now.", ["blame"]), ("You broke the rules, so {end}.", ["blame"]),
    ("That's your problem, not ours.", ["blame"]), ("I'm not going to argue about it. The answer is no.", ["absolute"]),
    ("{Limit}. Not a minute more.", []), ("Then you should have come on time, like everyone else.", ["blame"]),
    ("And what do I tell all the others who kept to it?", []), ("It says so on the sign. Can you read?", ["blame"]),
    ("Sorry, but that's just how it is. The decision is final.", ["apology", "absolute"]), ("You signed it, so you pay it.", ["blame"]),
    ("Pay {money} or {end}.", []), ("nope. not possible. next", []), ("you have to pay {money}, end of story", ["absolute"]),
    ("we can't do that sir it's the rule", []), ("If you don't like it, you can go somewhere else.", []),
    ("I don't make the rules. Without {paper} you get nothing.", []), ("Come back with {paper}. Next please.", []),
    ("Unfortunately that's not my problem, you agreed to it.", ["blame"]), ("Absolutely not. {Things} are forbidden.", ["absolute"]),
]
CHOICE = [
    ("I can't {do}, but I can offer you {other}. Would that work for you?", ["alternative"]),
    ("We don't normally {do}. What I can do is {other}, if you would like that.", ["alternative", "autonomy"]),
    ("Keep in mind that after {limit} {end}, so you may want to do it before.", ["autonomy"]),
    ("{Things} aren't covered here. You're welcome to take {other} instead, it's up to you.", ["alternative", "autonomy"]),
    ("If you send {paper} within {limit}, we can still {do}.", []), ("I'm sorry, the rules don't allow me to {do}, but I can ask my supervisor for an exception.", ["apology", "escalate"]),
    ("I understand, that is annoying. {Things} cost {money}; or you wait until Monday and it's free. Which would you prefer?", ["acknowledge", "alternative", "autonomy"]),
    ("You could either pay {money} now or take {other}, whichever suits you.", ["alternative", "autonomy"]),
    ("It's not in our terms {reason}. You can appeal within {limit} if you disagree.", ["reason", "escalate"]),
    ("just so you know, without {paper} {end}. your call", ["autonomy"]),
    ("I'd love to, but {things} need approval. Shall I put in a request for you?", ["align", "escalate"]),
    ("we can't {do} {reason}, but i could put you down for {other}", ["reason", "alternative"]),
    ("That fee is {money}. If you'd rather not pay it, {other} is possible too.", ["alternative", "autonomy"]),
    ("I agree it makes little sense here. I can't {do}, though I'll raise it with the team and give you {other}.", ["align", "advocate", "alternative"]),
]
NEUTRAL = [
    ("I'm sorry, unfortunately we are unable to {do}.", ["apology"]), ("Unfortunately we can't {do}.", []),
    ("{Things} are only possible within {limit}.", []), ("You need {paper} for that.", []), ("There is a fee of {money} for {things}.", []),
    ("For security reasons I can't {do} until you have verified your identity.", ["reason"]),
    ("Our policy is that {things} have to be requested within {limit}.", []), ("I'm afraid that isn't covered {reason}.", ["reason"]),
    ("The limit is {limit}.", []), ("I understand how frustrating this is, but I'm not able to {do}.", ["acknowledge"]),
    ("{Things} are for members only.", []), ("that needs {paper}, otherwise {end}", []), ("sorry we don't {do} {reason}", ["apology", "reason"]),
    ("I apologise, the terms don't allow {things}.", ["apology"]), ("It takes {limit} before we may {do}.", []),
    ("The minimum is {money} and it has to be booked {limit} ahead.", []),
]
OFFRECORD = [
    ("Officially {things} aren't allowed, but nobody looks. I didn't say that.", []), ("Technically we don't, but if you just don't mention it, who would know.", []),
    ("Between you and me, tick the other box and it goes through.", []), ("i'm not supposed to, but say it arrived broken and you'll get it", []),
    ("The rule says {limit}, but put yesterday's date on it and it will pass.", []),
]
PLAIN = [
    "May I have your order number, please?", "Could you confirm your date of birth and postcode?", "What's the number on the insurance policy?",
    "No problem at all, glad to help.", "Of course, let me have a look.", "You don't have to do anything, it is all taken care of.",
    "Your claim was approved this morning.", "I've taken the fee off for you.", "Please switch it off and on again.", "Sorry, my system is slow today.",
    "I can't hear you well, the line is bad.", "We're out of stock in that size.", "I don't know, I'm afraid.", "It leaves at ten past five from platform two.",
    "The plan costs 30 dollars a month.", "Thanks for calling, how can I help?", "one moment please", "Is there anything else I can do for you?",
    "That's done, you will get a mail.", "I have made an exception for you and it is refunded.", "It should be with you on Thursday.",
    "Could you send me a photo of it?", "I can see two bookings here, which one is it?", "Not a problem, I've changed it.", "Have a good day!",
    "I have waived that charge for you.", "Good news, I've refunded the fee and you are all set.", "I waived the {thing} fee, so you're fine.", "That's okay, you can have it for free.",
    "Done, no charge at all.", "That must be frustrating, I'm sorry to hear it.", "That isn't nice, let me look into it.", "We open at nine.", "The blue one is a bit larger.", "I've asked the driver to wait.", "yes you can do that in the app", "sure, go ahead",
    "Your car policy runs until the end of March.", "I have your home policy here in front of me.", "The new policy starts on Monday.",
    "We have renewed the policy for another year.", "Your policy papers were posted yesterday.", "You have two policies with us, the van and the bike.",
    "My supervisor has agreed, so that charge is taken off.", "The manager said yes, it is all refunded.",
]
ASK = ["Hello, can you {do}?", "I'd like {thing}, please.", "hi i need {thing}", "Would it be possible to {do}?", "Could you {do} for me today?", "How does it work with {things}?"]
DATA = ["Sure, it's 4821.", "Yes, Maria Jensen, 14 May.", "ok one sec, 77-201", "It's the blue one.", "The name is Okafor.", "yes that's right"]
DISPUTE = [
    "That's not fair.", "That's ridiculous.", "Nobody told me that.", "I was told it would be free.", "Your colleague promised me I could have it.",
    "Can't you make an exception?", "I want to speak to your manager.", "Then I'll take my business elsewhere.", "I'm not paying that.",
    "But it was only one day late!", "That makes no sense at all.", "it doesn't say that anywhere on your site", "You can't be serious.",
    "I've been a customer for ten years and this is how you treat me?", "I'll put that in a review, believe me.", "no way, i refuse", "surely you can do something",
    "Why should I pay for your mistake?", "This is a rip off.", "That can't be legal.", "Last time it was no problem.", "So I lose my money because of a form?",
    "other shops do it", "I don't accept that.", "That rule is stupid.", "Come on, it's two minutes.", "I shall complain about this.",
]
CALM = [
    "Oh, ok. Thanks.", "Right, I see. Then I'll leave it.", "How long is the window?", "What do I need for that?", "That's a pity, but fine.", "ok thank you, bye",
    "Alright, let's do that.", "yes please", "Good to know, thanks for explaining.", "I understand.", "Fine, I'll bring it tomorrow.", "So I need the receipt, yes?",
    "Oh no. Okay then.", "And where do I find the form?", "no worries", "That works for me.",
]
FAULT = ["My line has been down for three days, this is unacceptable!", "The parcel still hasn't come and nobody answers.", "It broke after one day, what a terrible product.",
         "I've been waiting for an hour now.", "your app keeps crashing, so annoying", "My train was cancelled and nobody said a word to us.",
         "The app is so slow today, I can't believe it.", "I got the same bill twice, how can that be?"]
HOSTILE = ["You people are idiots.", "Are you stupid or what?", "Go to hell.", "shut up you useless clown", "You're a liar and a thief.", "what an incompetent moron you are",
           "I hope you lose your job, you pathetic little man."]


def fill(text, matter):
    do, thing, things = matter
    limit = R.choice(LIMITS)
    slots = {"do": do, "thing": thing, "things": things, "Things": things[0].upper() + things[1:], "limit": limit,
             "Limit": limit[0].upper() + limit[1:], "paper": R.choice(PAPERS), "money": R.choice(MONEY), "other": R.choice(OTHERS),
             "end": R.choice(ENDS), "reason": R.choice(REASONS), "our": R.choice(["our", "company", "our"])}
    return text.format(**slots)


def conversation(number):
    matter = R.choice(MATTERS)
    turns, labels = [], {"deliveries": [], "disputes": [], "hostile": []}

    def say(role, text):
        lower = speech and R.random() < 0.8
        text = fill(text, matter)
        turns.append({"role": role, "text": "".join(c for c in text.lower() if c not in ".,!?;") if lower else text})

    speech = R.random() < 0.25
    if R.random() < 0.3:
        say("agent", R.choice(["Thanks for calling, how can I help?", "Good morning!", "Hi, you're through to support."]))
    say("customer", R.choice(FAULT if R.random() < 0.15 else ASK))
    for _ in range(R.choice([0, 1, 1, 2])):
        say("agent", R.choice(PLAIN))
        say("customer", R.choice(DATA + CALM) if R.random() < 0.9 else R.choice(FAULT))
    for _ in range(R.choice([0, 1, 1, 1, 2])):
        style, table = R.choice([("confrontational", CONFRONT)] * 4 + [("choice", CHOICE)] * 3 + [("neutral", NEUTRAL)] * 3 + [("offrecord", OFFRECORD)])
        text, practices = R.choice(table)
        labels["deliveries"].append({"turn": len(turns), "style": style, "practices": practices, "topic": matter[2]})
        say("agent", text)
        kind = R.random()
        if kind < 0.4:
            labels["disputes"].append(len(turns))
            say("customer", R.choice(DISPUTE) + (" " + R.choice(DISPUTE) if R.random() < 0.2 else ""))
        elif kind < 0.5:
            labels["hostile"].append(len(turns))
            hostile = R.choice(HOSTILE)
            if R.random() < 0.5:
                labels["disputes"].append(len(turns))
                hostile = R.choice(DISPUTE) + " " + hostile
            say("customer", hostile)
        else:
            say("customer", R.choice(CALM))
    say("agent", R.choice(PLAIN))
    if R.random() < 0.5:
        say("customer", R.choice(["thanks, bye", "Thank you.", "ok", "bye then"]))
    return {"conversation_id": f"canonical-{number:03}", "source": "canonical", "channel": "call" if speech else "chat", "turns": turns, "labels": labels}


for i in range(320):
    print(json.dumps(conversation(i + 1)))
