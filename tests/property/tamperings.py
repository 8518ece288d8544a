"""Wrong answers that a property must catch.

Each function answers the transcript with one thing wrong, or nothing where there is no occasion.
"""

import authority
import properties


def rows_with(step, tag):
    return [(key, row) for key, row in step["rows"].by_key.items() if key[0] == tag]


def changing_steps(transcript):
    """(rows before, step) of every act that changed rows."""
    before = transcript["first"]
    for step in transcript["steps"]:
        if step["rows"] is not before:
            yield before, step
        before = step["rows"]


def moving_steps(transcript):
    """(rows before, step) of every act that moved units."""
    for before, step in changing_steps(transcript):
        if before.of(0x01) and authority.moves(before, step["rows"]):
            yield before, step


def last_change(transcript, tag, change):
    """The change made to one row of the kind, after the last act that changed anything."""
    steps = [step for _, step in changing_steps(transcript)]
    for _, row in rows_with(steps[-1], tag) if steps else []:
        if change(row):
            return transcript
    return None


def lose_a_unit(transcript):
    def change(row):
        if int(row["last"]) > int(row["first"]):
            row["last"] = str(int(row["last"]) - 1)
            return True
        return False

    return last_change(transcript, 0x0E, change)


def hold_a_unit_more(transcript):
    def change(row):
        row["active"] = str(int(row["active"]) + 1)
        return True

    return last_change(transcript, 0x0F, change)


def fill_the_pool(transcript):
    def change(row):
        row["units"] = str(int(row["units"]) + 1)
        return True

    return last_change(transcript, 0x12, change)


def place_a_serial_twice(transcript):
    def change(row):
        if int(row["first"]) > 1:
            row["first"] = str(int(row["first"]) - 1)
            return True
        return False

    return last_change(transcript, 0x0E, change)


def issue_a_unit_more(transcript):
    def change(row):
        row["quantity"] = str(int(row["quantity"]) + 1)
        return True

    return last_change(transcript, 0x0D, change)


def cut_a_run(transcript):
    steps = [step for _, step in changing_steps(transcript)]
    for (tag, key), row in rows_with(steps[-1], 0x0E) if steps else []:
        first, last = int(row["first"]), int(row["last"])
        if last > first:
            rows = steps[-1]["rows"].by_key
            rows[(tag, key)] = {**row, "last": str(first)}
            rows[(tag, key + "x")] = {**row, "first": str(first + 1)}
            return transcript
    return None


def forget(transcript, tag):
    steps = [step for _, step in changing_steps(transcript)]
    for key, _ in rows_with(steps[-1], tag) if steps else []:
        del steps[-1]["rows"].by_key[key]
        return transcript
    return None


def forget_an_active_run(transcript):
    return forget(transcript, 0x80)


def forget_an_open_proposal(transcript):
    return forget(transcript, 0x81)


def forget_a_pending_transfer(transcript):
    return forget(transcript, 0x82)


def forget_an_obligation(transcript):
    return forget(transcript, 0x85)


def forget_a_lock(transcript):
    return forget(transcript, 0x88)


def bring_back_ended_units(transcript):
    for before, step in changing_steps(transcript):
        ended = [run for run in properties.runs_of(before) if run[3] in properties.TERMINAL]
        if ended and before is not transcript["first"]:
            step["rows"] = transcript["first"].copy()
            started = properties.runs_of(step["rows"])
            return transcript if not set(ended) <= set(started) else None
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
        for key, row in rows_with(step, 0x02):
            standing = row["standings"][-1]
            if standing["status"] == "admitted":
                frozen = {**row, "standings": row["standings"][:-1] + [{**standing, "status": "frozen"}]}
                step["rows"].by_key[key] = frozen
                return transcript
    return None


def give_back_a_revoked_key(transcript):
    for before, step in changing_steps(transcript):
        for key, row in before.by_key.items():
            if key[0] == 0x03 and "until" in row["bound"] and before is not transcript["first"]:
                step["rows"].by_key[key] = {**row, "bound": {"from": row["bound"]["from"]}}
                return transcript
    return None


def hand_a_project_over(transcript):
    for _, step in moving_steps(transcript):
        for key, row in rows_with(step, 0x09):
            step["rows"].by_key[key] = {**row, "developer": "$party:stranger"}
            return transcript
    return None


def forgive_a_debt(transcript):
    for before, step in changing_steps(transcript):
        for row in before.of(0x21):
            for key, now in rows_with(step, 0x21):
                if now["id"] == row["id"] and int(now["owed"]) > 1:
                    step["rows"].by_key[key] = {**now, "owed": str(int(now["owed"]) - 1)}
                    return transcript
    return None


def answer_a_repeat_otherwise(transcript):
    for step in transcript["steps"]:
        answer = step["after"]["answers"][0]
        if answer.get("repeated") and in_transcript(transcript, step):
            answer["index"] += 1
            return transcript
    return None


def in_transcript(transcript, step):
    """Whether what the step repeats is in the transcript, and not in the world before it."""
    index = step["after"]["answers"][0]["index"]
    given = [s["after"]["answers"][0] for s in transcript["steps"]]
    return any(a.get("index") == index and not a["repeated"] for a in given if "index" in a)


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


def put_an_entry_elsewhere(transcript):
    for step in transcript["steps"]:
        answer = step["after"]["answers"][0]
        if answer["outcome"] == "accepted" and not answer["repeated"]:
            answer["index"] += 1
            return transcript
    return None


TAMPERINGS = (
    lose_a_unit,
    hold_a_unit_more,
    fill_the_pool,
    place_a_serial_twice,
    issue_a_unit_more,
    cut_a_run,
    forget_an_active_run,
    forget_an_open_proposal,
    forget_a_pending_transfer,
    forget_an_obligation,
    forget_a_lock,
    bring_back_ended_units,
    move_with_a_strange_key,
    move_with_a_key_of_another_party,
    move_without_acceptance,
    freeze_without_authority,
    give_back_a_revoked_key,
    hand_a_project_over,
    forgive_a_debt,
    answer_a_repeat_otherwise,
    take_a_repeat_for_a_new_act,
    change_on_refusal,
    put_an_entry_elsewhere,
)
