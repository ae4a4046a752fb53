"""Numbers that other libraries know: what redaction leaves of the personal and bank numbers of 60 states, and of telephones.

Run from the checkout's root, with the libraries beside agentlog:

    pip install python-stdnum phonenumbers
    python -m benchmarks.numbers_of_the_world            default policy and `strict=True`
    python -m benchmarks.numbers_of_the_world --list     also every value that is left, in its text

The examples in python-stdnum's documentation and the example numbers of `phonenumbers`, of every region, each behind its
name and a colon, in a sentence, under a key and bare. A value counts as left when half of it is left in one piece. A bare
number without a check that is its own has nothing that tells it: no goal is set for those.
"""

from __future__ import annotations

import argparse
import ast
import doctest
import importlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from benchmarks.languages import left

from agentlog.redaction import RedactionPolicy, Redactor

PERSONAL: Final = (
    "ad.nrt al.nipt ar.cuit ar.dni at.tin at.vnr au.tfn be.bis be.nn bg.egn bg.pnf br.cpf ca.bc_phn ca.sin ch.ssn cl.rut cn.ric co.nit "
    "cr.cpf cu.ni cz.rc de.idnr de.stnr dk.cpr do.cedula ec.ci ee.ik es.dni es.nie es.nif fi.hetu fr.nif fr.nir gb.nhs gb.utr gr.amka "
    "hr.oib id.nik ie.pps il.idnr in_.aadhaar in_.pan is_.kennitala it.codicefiscale jp.in_ kr.rrn lt.asmens mx.curp mx.rfc my.nric nl.bsn "
    "no.fodselsnummer nz.ird pe.cui pk.cnic pl.pesel pt.cc pt.nif ro.cnp ru.inn se.personnummer si.emso sk.rc tr.tckimlik ua.rntrc us.atin "
    "us.itin us.ptin us.ssn za.idnr th.pin gt.nit vn.mst imei iban bitcoin es.ccc cz.bankaccount ar.cbu no.kontonr nz.bankaccount us.rtn"
).split()
"""The modules of python-stdnum whose numbers are people's: those of firms, books and goods are left out."""
_CALLS: Final = ("validate", "is_valid", "format")
_SHORTEST: Final = 5


class Example(NamedTuple):
    """A value, and a text in which it stands."""

    form: str
    value: str
    text: str


def _examples_of(module: str) -> Iterator[str]:
    """The valid numbers in the documentation of a module of python-stdnum."""
    documentation = importlib.import_module(f"stdnum.{module}").__doc__ or ""
    for example in doctest.DocTestParser().get_examples(documentation):
        call = ast.parse(example.source).body[0]
        if (
            isinstance(call, ast.Expr)
            and isinstance(call.value, ast.Call)
            and isinstance(call.value.func, ast.Name)
            and call.value.func.id in _CALLS
            and isinstance(call.value.args[0], ast.Constant)
            and example.exc_msg is None
            and example.want.strip() != "False"
        ):
            yield str(call.value.args[0].value)


def numbers() -> Iterator[Example]:
    """Personal and bank numbers, called as python-stdnum calls them."""
    for module in PERSONAL:
        first_line = (importlib.import_module(f"stdnum.{module}").__doc__ or "").strip().partition("\n")[0]
        name = re.split(r" \(|, |\.$", first_line)[0]
        for value in dict.fromkeys(_examples_of(module)):
            if len(value) >= _SHORTEST:
                yield Example("name: number", value, f"{name}: {value}")
                yield Example("in a sentence", value, f"My {name} is {value}, please check it.")
                yield Example("under a key", value, json.dumps({re.sub(r"\W+", "_", name.lower()): value}))
                yield Example("bare", value, value)


def telephones() -> Iterator[Example]:
    """Mobile and fixed numbers of every region, as they are dialled there, from abroad, and by machines."""
    library: Any = importlib.import_module("phonenumbers")
    for region in sorted(library.SUPPORTED_REGIONS):
        for kind in (library.PhoneNumberType.MOBILE, library.PhoneNumberType.FIXED_LINE):
            number = library.example_number_for_type(region, kind)
            if number is None:
                continue
            for written in ("NATIONAL", "INTERNATIONAL", "E164"):
                value = library.format_number(number, getattr(library.PhoneNumberFormat, written))
                yield Example("name: number", value, f"Phone: {value}")
                yield Example("in a sentence", value, f"Please call me at {value} tomorrow.")
                yield Example("under a key", value, json.dumps({"phone": value}))
                if written != "NATIONAL":
                    yield Example("bare", value, value)


def measure(title: str, examples: list[Example], redactor: Redactor, show: bool) -> None:
    """Prints how many values are left, by the form of their texts."""
    count: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for form, value, text in examples:
        redacted = redactor.text(text)
        count[form] += 1
        if left(value, redacted):
            missed[form] += 1
            if show:
                print(f"    {text}  →  {redacted}")
    by_form = " · ".join(f"{form} {100 * missed[form] / count[form]:.1f}" for form in count)
    print(f"{title:24} {100 * missed.total() / count.total():5.1f} % of {count.total():,} left: {by_form}")


def main() -> None:
    """Measures both libraries, by default and strictly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print every value that is left")
    show = parser.parse_args().list
    sources = {"python-stdnum": list(numbers()), "phonenumbers": list(telephones())}
    for policy in (None, RedactionPolicy(strict=True)):
        redactor = Redactor(policy, pseudonym_key=b"only for measuring")
        for name, examples in sources.items():
            measure(f"{name}, {'strict' if policy else 'default'}", examples, redactor, show and policy is None)


if __name__ == "__main__":
    main()
