"""Shows that the property test can fail.

A model without one of its rules must disagree with what the ledger answered, and answers that were
tampered with must break a property.
"""

import copy

import properties

RULES = (
    "id-once",
    "expiry",
    "approval",
    "own-key",
    "revoked-key",
    "purpose",
    "frozen-signer",
    "new-key-waits",
    "legs-see-earlier-legs",
    "pending-is-taken",
    "retired-is-final",
    "own-units",
    "buffer-is-kept",
    "lowest-first",
    "recipient-admitted",
    "transferable",
    "settled-once",
    "only-recipient",
    "late-acceptance",
    "frozen-sender",
    "delivery-waits",
    "early-lapse",
    "beneficiary",
    "one-key-one-party",
    "closed-is-empty",
    "last-key",
    "compromised-key",
    "proposal-expiry",
    "second-person",
    "one-voice-each",
    "new-approver-waits",
    "approvers-still-stand",
    "keys-need-two",
    "initiating-keys-end-others",
)


def run(transcripts, judge):
    """How many switched-off rules and tampered answers nobody noticed."""
    unnoticed = [rule for rule in RULES if not disagrees(transcripts, judge, rule)]
    for rule in unnoticed:
        print(f"UNNOTICED: a model without the rule {rule} agrees with the ledger")
    for tamper in TAMPERINGS:
        tried, caught = tamper_all(transcripts, tamper)
        if tried == 0 or caught < tried:
            unnoticed.append(tamper.__name__)
            print(f"UNNOTICED: {tamper.__name__}: caught {caught} of {tried}")
    print(f"{len(RULES) + len(TAMPERINGS) - len(unnoticed)} mutations noticed")
    return len(unnoticed)


def disagrees(transcripts, judge, rule):
    return any(judge(transcript, {rule}) for transcript in transcripts)


def tamper_all(transcripts, tamper):
    """Each transcript that offers an occasion is tampered with once and checked."""
    tried = caught = 0
    for transcript in transcripts:
        changed = tamper(copy.deepcopy(transcript))
        if changed is not None:
            tried += 1
            caught += bool(properties.check(changed))
    return tried, caught


def moving_steps(transcript):
    """(dump before, step) of every act that moved units."""
    before = transcript["first"]
    for step in transcript["steps"]:
        if properties.changes(before, step["dump"]):
            yield before, step
        before = step["dump"]


# Each answers the transcript with one thing wrong, or None where there is no occasion.


def lose_a_unit(transcript):
    dump = transcript["steps"][-1]["dump"]
    dump["runs"] = sorted(dump["runs"])
    dump["runs"][-1][2] -= 1
    return transcript


def hold_a_unit_more(transcript):
    transcript["steps"][-1]["dump"]["holdings"][0][2] += 1
    return transcript


def fill_the_pool(transcript):
    transcript["steps"][-1]["dump"]["pools"][0][1] += 1
    return transcript


def place_a_serial_twice(transcript):
    for run in transcript["steps"][-1]["dump"]["runs"]:
        if run[1] > 1:
            run[1] -= 1
            return transcript
    return None


def cut_a_run(transcript):
    dump = transcript["steps"][-1]["dump"]
    batch, first, last, *place = dump["runs"][0]
    dump["runs"][0:1] = [[batch, first, first, *place], [batch, first + 1, last, *place]]
    return transcript if last > first else None


def forget_an_active_run(transcript):
    return transcript if transcript["steps"][-1]["dump"]["activeRuns"].pop() else None


def bring_back_retired_units(transcript):
    for before, after in zip(transcript["steps"], transcript["steps"][1:]):
        if any(run[3] == "retired" for run in before["dump"]["runs"]):
            after["dump"] = transcript["first"]
            return transcript
    return None


def move_with_a_strange_key(transcript):
    for _, step in moving_steps(transcript):
        step["act"]["key"] = "stranger"
        return transcript
    return None


def move_with_a_key_of_another_party(transcript):
    for _, step in moving_steps(transcript):
        if step["act"]["type"] in ("Transfer", "Retire"):
            step["act"]["key"] = step["act"]["party"] = "standard"
            return transcript
    return None


def move_without_acceptance(transcript):
    for _, step in moving_steps(transcript):
        if step["act"]["type"] == "AcceptTransfer":
            step["after"]["answers"][0] = {"outcome": "TRANSFER_DELAYED"}
            step["after"] = {**step["before"], "answers": step["after"]["answers"]}
            return transcript
    return None


def freeze_without_authority(transcript):
    for _, step in moving_steps(transcript):
        for party in step["dump"]["parties"]:
            if party[1] == "admitted":
                party[1] = "frozen"
                return transcript
    return None


def give_back_a_revoked_key(transcript):
    for before, after in zip(transcript["steps"], transcript["steps"][1:]):
        if any(revoked for *_, revoked in before["dump"]["keys"]):
            after["dump"] = {**before["dump"], "keys": transcript["first"]["keys"]}
            return transcript
    return None


def answer_a_repeat_otherwise(transcript):
    for step in transcript["steps"]:
        if step["after"]["answers"][0].get("repeated"):
            step["after"]["answers"][0]["index"] += 1
            return transcript
    return None


def take_a_repeat_for_a_new_act(transcript):
    for step in transcript["steps"]:
        if step["after"]["answers"][0].get("repeated"):
            step["after"]["answers"][0]["repeated"] = False
            return transcript
    return None


def change_on_refusal(transcript):
    for step in transcript["steps"]:
        if step["after"]["answers"][0]["outcome"] != "accepted":
            step["after"]["stateRoot"] = "0" * 64
            return transcript
    return None


TAMPERINGS = (
    lose_a_unit,
    hold_a_unit_more,
    fill_the_pool,
    place_a_serial_twice,
    cut_a_run,
    forget_an_active_run,
    bring_back_retired_units,
    move_with_a_strange_key,
    move_with_a_key_of_another_party,
    move_without_acceptance,
    freeze_without_authority,
    give_back_a_revoked_key,
    answer_a_repeat_otherwise,
    take_a_repeat_for_a_new_act,
    change_on_refusal,
)
