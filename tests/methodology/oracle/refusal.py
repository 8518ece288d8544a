"""The one way in which anything is refused: an outcome's name, where, and why."""

METHODOLOGY_INVALID = "METHODOLOGY_INVALID"
TABLE_NOT_ALLOWED = "TABLE_NOT_ALLOWED"
PARAMETER_MISSING = "PARAMETER_MISSING"
PARAMETER_INVALID = "PARAMETER_INVALID"
CHECK_FAILED = "CHECK_FAILED"
CALCULATION_FAILED = "CALCULATION_FAILED"


class Refusal(Exception):
    """`check` is the name of the check that failed, and only of that outcome."""

    def __init__(self, error: str, detail: str, pointer: str = "", check: str = "") -> None:
        super().__init__(f"{error} {pointer}: {detail}")
        self.error = error
        self.detail = detail
        self.pointer = pointer
        self.check = check

    def as_json(self) -> dict[str, str]:
        answer = {"error": self.error, "detail": self.detail}
        if self.pointer:
            answer["pointer"] = self.pointer
        if self.check:
            answer["check"] = self.check
        return answer


def invalid(pointer: str, detail: str) -> Refusal:
    return Refusal(METHODOLOGY_INVALID, detail, pointer)


def failed(detail: str) -> Refusal:
    return Refusal(CALCULATION_FAILED, detail)
