"""The page beside the tables: no figure on it, in a row, in words or in a chart, may be one that the tables withhold."""

import os
import re
from html import unescape

NUMBER = re.compile(r"[-–]?£?\d[\d,]*(?:\.\d+)?")
SMALL_IN_WORDS = re.compile(r"\b([1-4]) (?:of its rates|of their rates|assignments?|workers?|rates?|breaches|moves)\b")


def plain(text):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text))).strip()


def value(token):
    return abs(float(token.lstrip("-–").replace("£", "").replace(",", "")))


def rounded(texts):
    """Every form in which a published figure may stand on the page."""
    result = set()
    for text in texts:
        try:
            number = abs(float(text))
        except (TypeError, ValueError):
            continue
        for places in range(5):
            for nudge in (0, 1e-9, -1e-9):
                result.add(round(number + nudge, places))
    return result


def apart(medians):
    """How far an authority's published median is from a published one of an area that holds it, as sentences of the page have it."""
    pairs = [
        abs(float(own) - float(around)) for (quarter, area, role), own in medians.items() for (other, larger, same), around in medians.items()
        if quarter == other and role == same and area < larger
    ]
    return {round(pounds + nudge, 2) for pounds in pairs for nudge in (0, 1e-9, -1e-9)}


def problems(output, truth, cells):
    path = os.path.join(output.folder, "comparison.html")
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = text[text.index("<main"):]
    published = set()
    for texts in output.texts.values():
        published |= texts
    forms = rounded(published)
    # Withheld truths that nobody meets by chance: with pence or decimals, or of four digits and more.
    secrets = {}
    for cell, shown in cells.items():
        true = truth.get(cell)
        if shown == "c" and true and (true >= 1000 or true != int(true)):
            for places in range(5):
                form = abs(round(true, places))
                if form >= 1000 or form != int(form):
                    secrets[form] = cell
    yield from in_rows(text, forms)
    differences = apart(output.medians)
    outside = re.sub(r"<table.*?</table>|<svg.*?</svg>", " ", text, flags=re.S)
    labels = " ".join(re.findall(r'(?:aria-label|title)="([^"]*)"|<title>([^<]*)', text)[0:0]) + " ".join(
        a or b or c for a, b, c in re.findall(r'aria-label="([^"]*)"|<title>([^<]*)<|<text[^>]*>([^<]*)<', text))
    for words in (plain(outside), unescape(labels)):
        for token in NUMBER.findall(words):
            year = re.fullmatch(r"(?:19|20)\d\d", token)
            is_difference = token.startswith("£") and value(token) in differences
            if value(token) in secrets and value(token) not in forms and not year and not is_difference:
                cell = secrets[value(token)]
                yield f"{token} stands in words and is withheld: {cell.measure} {cell.detail}"
        for found in SMALL_IN_WORDS.finditer(words):
            yield f"a small count stands in words: {words[max(0, found.start() - 40):found.end() + 10]}"
    yield from in_charts(text, forms)


def in_rows(text, forms):
    """Each figure of a table's row is one that a CSV has."""
    for caption, table in re.findall(r"<caption[^>]*>(.*?)</caption>(.*?)</table>", text, re.S):
        if re.search(r"published|left out|withheld", plain(caption), re.I):
            continue
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.S):
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S):
                words = plain(cell)
                if re.fullmatch(r"[-–]?£?\d[\d,]*(?:\.\d+)?\s?%?", words) and value(NUMBER.match(words).group()) not in forms:
                    yield f"{words} stands in the table {plain(caption)!r} and in no CSV"


def in_charts(text, forms):
    """A dot is one rate. A mark on a scale of rates lies where a published figure does."""
    for chart in re.findall(r"<svg.*?</svg>", text, re.S):
        label = unescape(re.search(r'aria-label="([^"]*)"', chart).group(1)) if "aria-label" in chart else ""
        if "rates" not in label:
            continue
        if "<circle" in chart:
            yield f"single rates are drawn: {label[:60]}"
        ticks = [(float(x), value(t)) for x, t in re.findall(r'<text x="([\d.]+)"[^>]*text-anchor="middle"[^>]*>(£[\d,.]+)</text>', chart)]
        if len(ticks) < 2 or ticks[0][0] == ticks[-1][0]:
            continue
        (x0, v0), (x1, v1) = ticks[0], ticks[-1]
        scale = (v1 - v0) / (x1 - x0)
        marks = []
        for x, w in re.findall(r'<rect x="([\d.]+)"[^>]*width="([\d.]+)"', chart):
            marks += [float(x), float(x) + float(w)]
        for a, b, stroke in re.findall(r'<line x1="([\d.]+)"[^>]*x2="([\d.]+)"[^>]*stroke="([^"]*)"', chart):
            if stroke != "#d8dadb":
                marks += [float(a), float(b)]
        near = sorted(f for f in forms)
        for x in marks:
            at = v0 + (x - x0) * scale
            if x0 <= x <= x1 and not any(abs(f - at) <= 2.5 * abs(scale) for f in near):
                yield f"a mark at about £{at:.2f} is no published rate: {label[:60]}"
