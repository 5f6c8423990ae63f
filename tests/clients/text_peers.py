"""Compares what text_peer printed (standard input) with CLDR as Babel reads it, as TAP.

Where Stoa differs from Babel on purpose, the expectation is changed below, and says why.
"""
import datetime
import re
import sys
from collections import defaultdict
from decimal import Decimal

from babel import Locale
from babel.dates import (format_date, format_datetime, format_skeleton, format_time,
                         format_timedelta)
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from babel.units import format_unit

LOCALES = {"en": "en", "de": "de", "fr": "fr", "es": "es", "ar": "ar_AE"}
KINDS = {"plural": 49, "int": 98, "decimal": 392, "percent": 392, "money": 414,
         "date_numeric": 800, "date_medium": 800, "date_long": 800, "date_full": 800,
         "time": 800, "date_time_numeric": 800, "date_time_medium": 800, "relative": 1548,
         "list": 4, "size": 14}  # and how many cases each language must have
LRM, NBSP, FSI, PDI = "\u200e", "\u00a0", "\u2068", "\u2069"


def signs(text, locale):
    # CLDR's Arabic signs carry direction marks; Babel writes the pattern's plain ones.
    if locale == "ar_AE":
        text = text.replace("-", LRM + "-").replace("%", LRM + "%" + LRM)
    # CLDR leaves four Spanish digits ungrouped (minimumGroupingDigits is 2); Babel ignores it.
    if locale == "es":
        text = re.sub(r"(?<![\d.])(\d)\.(\d{3})(?!\.?\d)", r"\1\2", text)
    return text


def fraction(digits):
    return "." + "0" * digits if digits else ""


def expect_number(locale, kind, words):
    digits = int(words[1]) if len(words) > 1 else 0
    value = Decimal(words[0]).scaleb(-digits)
    if kind == "percent":
        pattern = Locale.parse(locale).percent_formats[None].pattern
        text = format_percent(value.scaleb(-2), pattern.replace("0%", "0" + fraction(digits) + "%")
                              .replace("0" + NBSP, "0" + fraction(digits) + NBSP), locale=locale)
    else:
        text = format_decimal(value, "#,##0" + fraction(digits), locale=locale)
    return signs(text, locale)


def expect_money(locale, words):
    code, digits = words[0], int(words[2])
    # The digits are ISO 4217's, in which one pays; CLDR drops those that are not seen on coins.
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    text = format_currency(Decimal(words[1]).scaleb(-digits), code,
                           pattern.replace("0.00", "0" + fraction(digits)), locale=locale,
                           currency_digits=False)
    # CLDR's currencySpacing puts a no-break space between letters and digits; Babel ignores it.
    symbol = get_currency_symbol(code, locale)
    if locale == "en" and symbol[-1].isalpha():
        text = text.replace(symbol, symbol + NBSP)
    return signs(text, locale)


def expect_date(locale, kind, text):
    moment = datetime.datetime.fromisoformat(text[:19])
    numeric = format_skeleton("yMd", moment, locale=locale)
    if kind == "date_numeric":
        return numeric
    if kind == "time":
        return format_time(moment, "short", locale=locale)
    if kind == "date_time_numeric":
        joint = str(Locale.parse(locale).datetime_formats["short"])
        return joint.format(format_time(moment, "short", locale=locale), numeric)
    if kind == "date_time_medium":
        joint = str(Locale.parse(locale).datetime_formats["medium"])
        return joint.format(format_time(moment, "short", locale=locale),
                            format_date(moment, "medium", locale=locale))
    return format_date(moment, kind.removeprefix("date_"), locale=locale)


def expect_relative(locale, words):
    unit, count = words[0], int(words[1])
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "month": 30 * 86400,
               "year": 365 * 86400}[unit]
    text = format_timedelta(datetime.timedelta(seconds=count * seconds), granularity=unit,
                            threshold=10 ** 9, add_direction=True, locale=locale)
    # The ending of "seconds" is tanwin; CLDR has it in the future and slips in the past.
    return text.replace("ثوانِ", "ثوانٍ")


def expect_size(locale, text):
    value, unit = Decimal(text), 0
    while value >= 1000:
        value, unit = value / 1000, unit + 1
    name = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"][unit]
    # Bytes are counted in words, since "2 byte" is short for nothing. Arabic shortens two units of
    # CLDR's five; here it shortens none.
    in_words = unit in (2, 3) if locale == "ar_AE" else unit == 0
    text = format_unit(value.normalize(), "digital-" + name, "long" if in_words else "short",
                       locale=locale)
    # Which space it is differs from unit to unit in CLDR, and 1 German kB has another symbol than 2.
    return re.sub(r"\s", " ", text).replace("kbyte", "kB")


def expect(locale, kind, text):
    words = text.split()
    if kind == "plural":
        return Locale.parse(locale).plural_form(int(text))
    if kind in ("int", "decimal", "percent"):
        return expect_number(locale, kind, words)
    if kind == "money":
        return expect_money(locale, words)
    if kind == "relative":
        return expect_relative(locale, words)
    if kind == "list":
        return format_list(list("abcd")[:int(text)], locale=locale)
    if kind == "size":
        return expect_size(locale, text)
    return expect_date(locale, kind, text)


def normalise(kind, output):
    if kind == "list":
        return output.replace(FSI, "").replace(PDI, "")  # right-to-left lists isolate their items
    return re.sub(r"\s", " ", output) if kind == "size" else output


def main():
    counts, wrong = defaultdict(int), defaultdict(list)
    for line in sys.stdin:
        language, kind, text, output = line.rstrip("\n").split("\t")
        counts[language, kind] += 1
        expected = expect(LOCALES[language], kind, text)
        if normalise(kind, output) != expected:
            wrong[language, kind].append(f"{text}: {output!a}, CLDR has {expected!a}")
    number = failed = 0
    for language in LOCALES:
        for kind, least in KINDS.items():
            number += 1
            cases, bad = counts[language, kind], wrong[language, kind]
            is_ok = not bad and cases >= least
            failed += not is_ok
            print(f"{'ok' if is_ok else 'not ok'} {number} - {language} {kind} is CLDR's "
                  f"({cases} cases)")
            if cases < least:
                print(f"# only {cases} of {least} cases")
            for row in bad[:5]:
                print("# " + row)
    print(f"1..{number}")
    return 1 if failed else 0


sys.exit(main())
