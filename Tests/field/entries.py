"""Reads the lists of programs and of pairs, and refuses what it does not know."""

import glob
import os

import yaml

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROLES = ("server", "client", "filter")
PAIR_KEYS = ("name", "role", "left", "right", "packages", "only", "channels", "scenario", "why", "differences")
DIFFERENCE_KEYS = ("channel", "scenarios", "text", "finding")
PROGRAM_KEYS = ("name", "packages", "channels", "limits") + ROLES
FINDINGS = ("different", "hung", "noted", "varies")


class Refused(Exception):
    """What is wrong in a file, and what is allowed."""


class Loader(yaml.SafeLoader):
    """Refuses a key that is given twice."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{key} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)


def load(path):
    """The entries of a file; each has a place for messages."""
    try:
        with open(path, encoding="utf-8") as text:
            entries = yaml.load(text, Loader)
    except yaml.YAMLError as error:
        raise Refused(f"{path}: {error}") from error
    if not isinstance(entries, list):
        raise Refused(f"{path}: must be a list of entries")
    return [(f"{path}: entry {number}", entry) for number, entry in enumerate(entries, 1)]


def check_keys(place, entry, allowed, needed):
    if not isinstance(entry, dict):
        raise Refused(f"{place}: must have the keys {', '.join(needed)}")
    for key in entry:
        if key not in allowed:
            raise Refused(f"{place}: {key} is unknown; allowed: {', '.join(allowed)}")
    for key in needed:
        if not entry.get(key):
            raise Refused(f"{place}: {key} is missing")


def check_list(place, entry, key):
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise Refused(f"{place}: {key} must be a list of words")


def programs(path):
    """The programs of a list: each is compared with itself."""
    entries = load(path)
    for place, entry in entries:
        check_keys(place, entry, PROGRAM_KEYS, ["name"])
        check_list(place, entry, "packages")
        if not isinstance(entry.get("limits", {}), dict) or not all(entry.get("limits", {}).values()):
            raise Refused(f"{place}: limits must give each scenario a reason")
        if sum(role in entry for role in ROLES) != 1:
            raise Refused(f"{place}: needs exactly one of {', '.join(ROLES)}")
    return [entry for _, entry in entries]


def pairs(path):
    """The pairs of a file, with the differences that the judge must find."""
    entries = load(path)
    for place, entry in entries:
        check_keys(place, entry, PAIR_KEYS, ["name", "left", "right", "why"])
        for key in ("packages", "only", "channels"):
            check_list(place, entry, key)
        if entry.get("role", "server") not in ROLES:
            raise Refused(f"{place}: role can't be {entry['role']}; allowed: {', '.join(ROLES)}")
        if ("only" in entry) == ("scenario" in entry):
            raise Refused(f"{place}: needs exactly one of only, scenario")
        for number, difference in enumerate(entry.get("differences") or [], 1):
            check_difference(f"{place}, difference {number}", difference)
    return [entry for _, entry in entries]


def check_difference(place, difference):
    check_keys(place, difference, DIFFERENCE_KEYS, ["channel", "scenarios", "text"])
    check_list(place, difference, "scenarios")
    if difference.get("finding", "different") not in FINDINGS:
        raise Refused(f"{place}: finding can't be {difference['finding']}; allowed: {', '.join(FINDINGS)}")


def all_programs():
    return [entry for path in sorted(glob.glob(f"{FOLDER}/programs/*.yaml")) for entry in programs(path)]


def all_pairs():
    return [entry for path in sorted(glob.glob(f"{FOLDER}/pairs/*.yaml")) for entry in pairs(path)]


def role(entry):
    return next((role for role in ROLES if role in entry), entry.get("role", "server"))


def packages(entries):
    return sorted({package for entry in entries for package in entry.get("packages", [])})
