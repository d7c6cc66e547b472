"""Runs siggen on crash data, as it is and with all changes named here, which Socorro has made since siggen 2.2.

usage: run-siggen.py LISTS < JSON lines > JSON lines

Each answer has `siggen` (siggen as it is), `changed` (siggen with all changes) and `kinds`: the changes that make the
two differ for this crash, found by leaving each alone out; where none makes a difference alone, by making each alone.
"""

import json
import sys

from siggen import rules
from siggen.generator import DEFAULT_RULESET, SignatureGenerator

plain_collapse = rules.collapse
plain_drop_prefix = rules.drop_prefix_and_return_type

# What siggen's rules keep, by which its calls of `collapse` are told apart.
CPP_TEMPLATES = ("name omitted", "IPC::ParamTraits", " in ")
CPP_ARGUMENTS = ("anonymous namespace", "operator")
RUST_TYPES = (" as ",)

NAME_KINDS = [
    "keeps <X as Y> of Rust in C++ names",
    "keeps operator< and operator<=>",
    "collapses templates that mention IPC::ParamTraits within",
    "collapses templates that mention a name omitted within",
    "drops arguments that mention operator",
    "drops arguments that mention the anonymous namespace",
]
AS, OPERATOR, TRAITS, OMITTED, ARG_OPERATOR, ARG_ANONYMOUS = NAME_KINDS
BRACKETS = "tells brackets by the text since the last one"
PRINTABLE = "drops unprintable characters"
WATCHDOG = "uses the given lists for the watchdog"
# No change of Socorro's: siggen fails there and gives the crash no signature.
EMPTY_NAME = "goes on where a name is nothing but qualifiers"


def slices(text, opener, closer):
    """Yields (text before, outermost slice or "", whether it was closed)."""
    at = 0
    while True:
        start = text.find(opener, at)
        if start < 0:
            yield text[at:], "", True
            return
        depth = 0
        end = start
        while end < len(text):
            depth += {opener: 1, closer: -1}.get(text[end], 0)
            end += 1
            if depth == 0:
                break
        yield text[at:start], text[start:end], depth == 0
        at = end


def templates(name, on):
    def short(before, piece, closed):
        if piece == "<name omitted>" or " in " in piece:
            return piece
        if AS in on and " as " in piece:
            return piece
        if OPERATOR in on and before.endswith("operator"):
            return piece
        if before.endswith("IPC::ParamTraits"):
            inner = templates(piece[1:-1] if closed else piece[1:], on)
            return "<" + inner + (">" if closed else "")
        if TRAITS not in on and "IPC::ParamTraits" in piece:
            return piece
        if OMITTED not in on and "name omitted" in piece:
            return piece
        return "<T>"

    return "".join(b + (short(b, p, c) if p else "") for b, p, c in slices(name, "<", ">"))


def arguments(name, on):
    def short(before, piece):
        if piece == "(anonymous namespace)" or before.endswith("operator"):
            return piece
        if ARG_OPERATOR not in on and "operator" in piece:
            return piece
        if ARG_ANONYMOUS not in on and "anonymous namespace" in piece:
            return piece
        return ""

    return "".join(b + (short(b, p) if p else "") for b, p, _ in slices(name, "(", ")"))


def rust_types(name):
    def short(piece):
        return piece if " as " in piece else "<T>"

    return "".join(b + (short(p) if p else "") for b, p, _ in slices(name, "<", ">"))


def changed_collapse(on):
    def collapse(function, open_string, close_string, replacement="", exceptions=None):
        if exceptions == CPP_TEMPLATES:
            return templates(function, on)
        if exceptions == CPP_ARGUMENTS:
            return arguments(function, on)
        if exceptions == RUST_TYPES:
            return rust_types(function)
        return plain_collapse(function, open_string, close_string, replacement, exceptions)

    return collapse


def changed_drop_prefix(function):
    return plain_drop_prefix(function) if function else function


class SigPrintableCharsOnly(rules.Rule):
    def action(self, crash_data, result):
        before = result.signature
        after = "".join(c for c in before.strip() if " " <= c <= "~")
        if after != before:
            result.set_signature(self.name, after)
            result.info(self.name, "unprintable characters removed")
        return True


def generator(lists, printable, watchdog):
    ruleset = list(DEFAULT_RULESET)
    if printable:
        ruleset.insert(ruleset.index(rules.SigFixWhitespace), SigPrintableCharsOnly)
    made = SignatureGenerator(ruleset=ruleset, signature_list_dir=lists)
    if watchdog:
        for rule in made.pipeline:
            if isinstance(rule, rules.SignatureRunWatchDog):
                rule.signature_generation_rule = rules.SignatureGenerationRule(lists)
    return made


def answer(made, collapse, crash, drop_prefix=changed_drop_prefix):
    rules.collapse = collapse
    rules.drop_prefix_and_return_type = drop_prefix
    result = made.generate(crash)
    return {
        "signature": result.signature,
        "notes": result.notes,
        "proto_signature": result.extra.get("proto_signature"),
    }


def main(lists):
    plain = generator(lists, printable=False, watchdog=False)
    changed = generator(lists, printable=True, watchdog=True)
    without_printable = generator(lists, printable=False, watchdog=True)
    without_watchdog = generator(lists, printable=True, watchdog=False)
    all_on = changed_collapse(set(NAME_KINDS))
    # Each leaves one change out.
    variants = [(kind, changed, changed_collapse(set(NAME_KINDS) - {kind})) for kind in NAME_KINDS]
    variants.append((PRINTABLE, without_printable, all_on))
    variants.append((WATCHDOG, without_watchdog, all_on))
    all_off = changed_collapse(set())
    for line in sys.stdin:
        crash = json.loads(line)
        theirs = answer(plain, plain_collapse, crash, plain_drop_prefix)
        now = answer(changed, all_on, crash)
        kinds = []
        if theirs != now:
            kinds = [kind for kind, made, collapse in variants if answer(made, collapse, crash) != now]
            if not kinds:
                before = answer(plain, all_off, crash)
                kinds = [kind for kind in NAME_KINDS if answer(plain, changed_collapse({kind}), crash) != before]
            if answer(changed, all_on, crash, plain_drop_prefix) != now:
                kinds.append(EMPTY_NAME)
            if answer(plain, all_off, crash, plain_drop_prefix) != theirs:
                kinds.append(BRACKETS)
        print(json.dumps({"siggen": theirs, "changed": now, "kinds": kinds}))


main(sys.argv[1])
