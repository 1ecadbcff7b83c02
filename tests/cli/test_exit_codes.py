"""Codes are given in one order, whatever else holds."""

import itertools

import pytest

from scanner.cli.errors import CODES, guarded
from scanner.cli.exit_codes import PRECEDENCE, ExitCode, first
from scanner.model import errors
from scanner.model.errors import ScannerError
from scanner.outputs.pdf import PdfUnavailableError


def test_order_when_several_hold():
    assert [code.value for code in PRECEDENCE] == [70, 2, 5, 3, 1, 4]
    for a, b in itertools.combinations(PRECEDENCE, 2):
        assert first([b, a]) is a


def test_nothing_held_is_clean():
    assert first([]) is ExitCode.CLEAN


def test_every_error_of_the_product_has_a_code():
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ScannerError)}
    assert kinds - {ScannerError} == set(CODES)


def test_a_pdf_that_this_machine_cannot_write_is_no_bug(capsys):
    def fail() -> int:
        raise PdfUnavailableError("no Pango", hint="install it")

    assert guarded(fail) == 2
    assert "bug" not in capsys.readouterr().err


def test_an_error_prints_what_happened_and_what_to_do(capsys):
    def fail() -> int:
        raise next(iter(CODES))("it broke", hint="mend it")

    assert guarded(fail) == 2
    assert capsys.readouterr().err == "keymuster: it broke\n  mend it\n"


def test_anything_else_is_said_to_be_our_bug(capsys):
    def fail() -> int:
        raise ZeroDivisionError

    assert guarded(fail) == 70
    assert "this is a bug" in capsys.readouterr().err


@pytest.mark.parametrize("code", list(ExitCode))
def test_a_commands_own_code_passes_through(code):
    assert guarded(lambda: code) == code
