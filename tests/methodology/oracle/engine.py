"""What a runner does with one case, and how documents are loaded."""

from .calculate import calculate
from .document import Document, read_sections
from .reading import Json, parse_json
from .refusal import Refusal, invalid
from .statements import compile_document


def compile_json(value: Json) -> Document:
    document = read_sections(value)
    compile_document(document)
    return document


def load(path: str) -> Document:
    with open(path, encoding="utf-8") as file:
        source = file.read()
    try:
        return compile_json(parse_json(source))
    except ValueError as error:
        raise invalid("", str(error)) from None


def answer(document: Document, case: Json) -> Json:
    try:
        return calculate(document, case).as_json()
    except Refusal as refusal:
        return refusal.as_json()


class Runner:
    """Answers cases; documents are compiled once."""

    def __init__(self) -> None:
        self.documents: dict[str, Document | Refusal] = {}

    def document(self, path: str) -> Document:
        if path not in self.documents:
            try:
                self.documents[path] = load(path)
            except Refusal as refusal:
                self.documents[path] = refusal
        found = self.documents[path]
        if isinstance(found, Refusal):
            raise found
        return found

    def answer(self, case: Json) -> Json:
        try:
            return answer(self.document(case["document"]), case)
        except Refusal as refusal:
            return refusal.as_json()
