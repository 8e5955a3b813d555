"""Opens the pages in a real browser and the workbook in an independent reader.

Usage: check_pages.py OUTPUT_FOLDER... Each is an output of `agency-check check` (or of compare and health, pages alone).
Pages: axe-core finds no violation at 1280, 768 and 320 pixels; nothing scrolls sideways but what may; nothing is fetched; the print
on A4 has pages. Workbook: every finding of exceptions.csv once, real dates and numbers, frozen header, filter.
"""

import collections
import csv
import datetime
import os
import sys

import openpyxl
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = (1280, 768, 320)
problems = []


def problem(text):
    problems.append(text)
    print("problem:", text)


def check_page(browser, path, pictures):
    name = os.path.basename(path)
    requests = []
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("file://" + os.path.abspath(path))
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            problem(f"{name} is {overflow} pixels too wide at {width}")
        found = Axe().run(page)
        for violation in found.response["violations"]:
            where = violation["nodes"][0]["target"]
            problem(f"{name} at {width}: {violation['id']}: {violation['help']} ({len(violation['nodes'])} places, such as {where})")
        if pictures:
            page.screenshot(path=os.path.join(pictures, f"{name}-{width}.png"), full_page=True)
    fetched = [url for url in requests if not url.startswith("file://")]
    if fetched:
        problem(f"{name} asks for {fetched}")
    pdf = page.pdf(format="A4")
    if not pdf.startswith(b"%PDF"):
        problem(f"{name} does not print")
    if pictures:
        with open(os.path.join(pictures, f"{name}.pdf"), "wb") as file:
            file.write(pdf)
    # Keyboard: the first stop is the way past the head of the page.
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.className") != "skip":
        problem(f"{name}: the first tab stop is not the skip link")
    context.close()
    print(f"{path}: looked at in {len(WIDTHS)} widths and as a print")


def check_workbook(folder):
    with open(os.path.join(folder, "exceptions.csv"), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wanted = collections.Counter(
        (row["rule"], row["severity"], row["authority_code"], row["quarter"], row["field"], row["file"], row["line"])
        for row in rows
    )
    book = openpyxl.load_workbook(os.path.join(folder, "exceptions.xlsx"))
    found = collections.Counter()
    for sheet in book.worksheets:
        if sheet.title == "Overview":
            continue
        header = [cell.value for cell in sheet[1]]
        if header[0] != "Severity" or sheet.freeze_panes != "A2":
            problem(f"sheet {sheet.title} has no frozen header")
        if sheet.max_row > 1 and not sheet.auto_filter.ref:
            problem(f"sheet {sheet.title} has no filter")
        for cells in sheet.iter_rows(min_row=2):
            values = {name: cell.value for name, cell in zip(header, cells)}
            for cell in cells:
                if cell.data_type == "f":
                    problem(f"{sheet.title}!{cell.coordinate} is a formula")
                if isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@"):
                    problem(f"{sheet.title}!{cell.coordinate} would be run once it is edited")
            found[
                (
                    values["Rule"], values["Severity"], values["Authority"] or "", values["Quarter"] or "", values["Field"] or "",
                    values["File"] or "", str(int(values["Line"])) if values["Line"] else "",
                )
            ] += 1
            amount = values["Found"]
            if values["Rule"] in ("CAP001", "CAP002", "CAP003") and not isinstance(amount, (int, float)):
                problem(f"{values['Rule']}: the rate is no number but {type(amount).__name__}")
            if values["Rule"] == "COOL001" and not isinstance(amount, datetime.datetime):
                problem("COOL001: the start is no date")
            if not values["What is wrong and what to do"] or not values["What to do about this rule"]:
                problem(f"{values['Rule']}: a finding does not say what to do")
    if wanted != found:
        problem(f"the workbook's findings differ: {len(wanted - found)} missing, {len(found - wanted)} too many")
    print(f"{folder}/exceptions.xlsx: {sum(found.values())} findings, each once")


def main(folders):
    pictures = os.environ.get("AGENCY_CHECK_PICTURES", "")
    if pictures:
        os.makedirs(pictures, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for folder in folders:
            for name in sorted(os.listdir(folder)):
                if name.endswith(".html"):
                    check_page(browser, os.path.join(folder, name), pictures)
        browser.close()
    for folder in folders:
        if os.path.exists(os.path.join(folder, "exceptions.xlsx")):
            check_workbook(folder)
    if problems:
        sys.exit(f"{len(problems)} problems")


main(sys.argv[1:])
