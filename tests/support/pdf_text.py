"""Reads the text of a PDF by its fonts' own Unicode maps, so that tests need no program of the system."""

import io
import re

import pikepdf

_PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)


def pages(document: bytes) -> list[str]:
    """The text of each page, one drawn run a line, in the order of the content."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return ["\n".join(_runs(page, page.Resources)) for page in pdf.pages]


def flowing(document: bytes, running: str) -> str:
    """The text without blanks as it flows over the pages; `running` is the pattern of what stands in their margins."""
    return "".join(re.sub(running, "", squeezed(page)) for page in pages(document))


def squeezed(text: str) -> str:
    """The text without blanks: a name may be broken over two lines."""
    return re.sub(r"\s", "", text)


def _runs(content: pikepdf.Object, resources: pikepdf.Object) -> list[str]:
    runs, letters = [], {}
    for operands, operator in pikepdf.parse_content_stream(content):
        match str(operator):
            case "Tf":
                letters = _letters(resources.Font[operands[0]])
            case "Tj" | "'":
                runs.append(_decoded(operands[-1], letters))
            case "TJ":
                strings = (part for part in operands[0] if isinstance(part, pikepdf.String))
                runs.append("".join(_decoded(part, letters) for part in strings))
            case "Do":
                inner = resources.XObject[operands[0]]
                if inner.get("/Subtype") == "/Form":
                    runs += _runs(inner, inner.get("/Resources", resources))
            case _:
                pass
    return runs


def _decoded(string: pikepdf.Object, letters: dict[int, str]) -> str:
    codes = bytes(string)
    return "".join(letters.get(int.from_bytes(codes[at : at + 2]), "\ufffd") for at in range(0, len(codes), 2))


def _letters(font: pikepdf.Object) -> dict[int, str]:
    """Two-byte codes to text."""
    letters: dict[int, str] = {}
    for kind, block in _BLOCK.findall(font.ToUnicode.read_bytes()):
        if kind == b"bfchar":
            letters |= {int(code, 16): _text(text) for code, text in _PAIR.findall(block)}
            continue
        for first, last, text in _RANGE.findall(block):
            start = int(text, 16)
            letters |= {code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)}
    return letters


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")
