import AgencyModel
import ByteWriting
import Facts
import Wording

/// The findings, the breaches of the cap and the cost: the long lists and the charts of the report.
extension ReportPage {
    // MARK: Findings

    mutating func writeFindings() {
        page.heading(2, "Findings and what to do", id: "findings")
        guard contents.findings.count > 0 else { return page.paragraph("There are none.") }
        // By rule in the order of the catalogue, and within a rule in the order of the exception list.
        var positions: [RuleCode: [Int]] = [:]
        for (position, view) in contents.findings.enumerated() where contents.accepted[position] == nil {
            positions[view.finding.rule, default: []].append(position)
        }
        if positions.isEmpty { return page.paragraph("All of them are accepted: see below.") }
        for rule in contents.result.judgement.rules.all {
            guard let found = positions[rule.code] else { continue }
            let text = contents.book.texts[rule.code]
            page.heading(3, "\(rule.code) \(text?.title ?? "")", id: "findings-\(rule.code)")
            page.paragraph("\(Words.count(found.count, rule.severity.name)). What to do:")
            if let text { page.document(text.whatToDo) }
            writeList(found, caption: "\(rule.code): \(Words.count(found.count, "finding"))")
        }
    }

    /// A reference or a sentence without any person's number, in case somebody uses one as a reference.
    private func harmless(_ fill: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        fill(&buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    private mutating func writeList(_ positions: [Int], caption: String) {
        page.beginTable(
            caption,
            [.init("Assignment"), .init("Authority and quarter"), .init("What was found"), .init("File and line")])
        var shown = 0
        for position in positions {
            if shown == ReportPage.mostRows || listed > ReportPage.listBytes { break }
            let view = contents.findings[position]
            let start = page.byteCount
            let subject = [view.authority?.description, view.quarter?.description].compactMap { $0 }.joined(separator: ", ")
            page.row([
                view.assignmentID.isEmpty ? "\u{2013}" : harmless { view.appendAssignmentID(to: &$0, printed: printed) },
                subject.isEmpty ? "\u{2013}" : subject, harmless { view.appendMessage(to: &$0, printed: printed) },
                view.file.map { printed.line($0) + (view.line > 0 ? ", line \(view.line)" : "") } ?? "the run",
            ])
            shown += 1
            listed += page.byteCount - start
        }
        page.endTable()
        if shown < positions.count {
            page.paragraph(
                "\(Words.grouped(positions.count - shown)) more of this rule are left out here to keep the page short. All of them are in exceptions.csv and exceptions.xlsx."
            )
        }
    }

    mutating func writeAccepted() {
        let positions = contents.accepted.positions
        guard !positions.isEmpty || !contents.accepted.unmatched.isEmpty else { return }
        page.heading(2, "Accepted by the authority", id: "accepted")
        page.paragraph(
            "These findings still count for compliance and for the submission. The authority has looked at each one and given a reason."
        )
        if !positions.isEmpty {
            page.beginTable(
                "Accepted findings", [.init("Rule and assignment"), .init("Reason"), .init("Accepted by"), .init("On")])
            for position in positions.prefix(ReportPage.mostRows) {
                guard let entry = contents.accepted[position] else { continue }
                page.row([entry.subject, entry.reason, entry.by, entry.on.inWords])
            }
            page.endTable()
            if positions.count > ReportPage.mostRows {
                page.paragraph("\(Words.grouped(positions.count - ReportPage.mostRows)) more are in accepted.csv.")
            }
        }
        if !contents.accepted.unmatched.isEmpty {
            page.table(
                "Entries in the list of accepted findings that match no finding", [.init("Line", .number), .init("Entry")],
                contents.accepted.unmatched.map { ["\($0.line)", $0.subject] })
        }
    }

    // MARK: Caps

    mutating func writeCapBreaches() {
        page.heading(2, "Above the cap", id: "caps")
        let capped = contents.details.roles.filter { !$0.distances.isEmpty }
        if capped.isEmpty {
            page.paragraph(
                "No rate could be compared with a cap: no cap is on file for these regions, roles and dates, or the caps do not apply. Enter your region's caps in caps.csv."
            )
        } else {
            page.figure(
                .dots(
                    "Each rate against its cap, by role",
                    "Pounds an hour below (circles) or above (diamonds) the cap.", line: "the cap",
                    capped.prefix(20).map { role in
                        .init(
                            label: "\(role.role.text) \(role.role.inWords)",
                            note: contents.book.authorities.regions[role.region],
                            pence: role.distances.map {
                                Int($0.tenThousandths >= 0 ? ($0.tenThousandths + 99) / 100 : $0.tenThousandths / 100)
                            })
                    }))
            page.table(
                "Rates against the caps",
                [
                    .init("Role"), .init("Region"), .init("Cap", .number), .init("Rates", .number),
                    .init("Lowest rate", .number), .init("Median", .number), .init("Highest", .number),
                    .init("Above the cap", .number), .init("Not decided", .number),
                ],
                capped.map { role in
                    [
                        "\(role.role.text) \(role.role.inWords)", contents.book.authorities.regions[role.region],
                        role.cap.map { "£\(Words.grouped($0.value)) from \($0.from.inWords)" } ?? "none",
                        Words.grouped(role.rates.count), "£" + Words.grouped(role.rates.first!),
                        "£" + Words.grouped(Money.median(role.rates)), "£" + Words.grouped(role.rates.last!),
                        Words.grouped(role.distances.count { $0 > .zero }), Words.grouped(role.undecided),
                    ]
                })
            page.paragraph(
                "An assignment whose rate changed has several rates. Not decided: a PAYE rate without on-costs that is not already above the cap (DATA021)."
            )
        }
        let breaches = contents.details.capBreaches
        guard !breaches.isEmpty else { return page.paragraph("No assignment is above its cap.") }
        page.beginTable(
            "Assignments above the cap",
            [
                .init("Assignment"), .init("Authority and quarter"), .init("Role"), .init("Rate", .number),
                .init("Cap", .number), .init("Above by", .number), .init("In the quarter", .number),
                .init("Signed off: director, chief executive"), .init("Why"), .init("Rule"),
            ])
        var shown = 0
        for breach in breaches {
            if shown == ReportPage.mostRows || listed > ReportPage.listBytes { break }
            let start = page.byteCount
            page.row([
                printed.line(String(decoding: breach.assignmentID, as: UTF8.self)),
                "\(breach.key.authority), \(breach.key.quarter)",
                breach.role.text, "£" + Words.grouped(breach.rate), "£" + Words.grouped(breach.cap),
                "£" + Words.grouped(breach.excess),
                breach.excessInQuarter.map { "£" + Words.grouped($0) } ?? "hours not known",
                "\(breach.directorDate?.inWords ?? "missing"), \(breach.chiefExecutiveDate?.inWords ?? "missing")",
                breach.reason.isEmpty ? "not said" : String(decoding: breach.reason, as: UTF8.self), breach.rule.description,
            ])
            shown += 1
            listed += page.byteCount - start
        }
        page.endTable()
        if shown < breaches.count {
            page.paragraph("\(Words.grouped(breaches.count - shown)) more are in cap-breaches.csv.")
        }
    }

    // MARK: Cost

    mutating func writeCosts() {
        page.heading(2, "Cost", id: "costs")
        page.paragraph("Hours worked in the quarter times the charge rate, without VAT. Missing hours or rates count as zero.")
        let roles = CoreRole.allCases.map { role in
            let parts = contents.details.roles.filter { $0.role == role }
            var cost = Cost()
            for part in parts { cost.add(part.cost) }
            return (role: role, count: parts.reduce(0) { $0 + $1.rates.count }, cost: cost.toThePenny)
        }.filter { $0.count > 0 }
        if !roles.isEmpty {
            page.table(
                "By role", [.init("Role"), .init("Assignments with a known rate", .number), .init("Cost", .number)],
                roles.map { ["\($0.role.text) \($0.role.inWords)", Words.grouped($0.count), "£" + Words.grouped($0.cost)] })
        }
        let agencies = contents.details.agencies.sorted {
            ($1.cost.units, $0.name.lexicographicallyPrecedes($1.name) ? 0 : 1) < ($0.cost.units, 1)
        }
        if !agencies.isEmpty {
            let most = agencies.prefix(15)
            func label(_ agency: AgencyTotals) -> String {
                let name = agency.name.isEmpty ? "no agency given" : String(decoding: agency.name, as: UTF8.self)
                return contents.summary.returns.count > 1 ? "\(name) (\(agency.authority?.description ?? "no authority"))" : name
            }
            page.figure(
                .bars(
                    "Cost by agency" + (agencies.count > most.count ? ", the fifteen highest" : ""),
                    "The figures are in the table below.",
                    most.map { agency in
                        let cost = agency.cost.toThePenny
                        return .init(
                            label: label(agency), value: Int(cost.tenThousandths / 100), shown: Words.pounds(cost))
                    }))
            page.beginTable(
                "By agency",
                [
                    .init("Agency"), .init("Assignments", .number), .init("Workers", .number),
                    .init("Hours", .number), .init("Cost", .number), .init("Errors", .number),
                    .init("Warnings", .number),
                ])
            for agency in agencies.prefix(ReportPage.mostRows) {
                page.row([
                    label(agency), Words.grouped(agency.assignments), Words.grouped(agency.workers),
                    agency.hours.quantity.description, "£" + Words.grouped(agency.cost.toThePenny),
                    Words.grouped(agency.errors.reduce(0, +)), Words.grouped(agency.warnings.reduce(0, +)),
                ])
            }
            page.endTable()
            if agencies.count > ReportPage.mostRows {
                page.paragraph("\(Words.grouped(agencies.count - ReportPage.mostRows)) more are in agencies.csv.")
            }
        }
        let records = contents.summary.returns.filter { $0.record != nil }
        if !records.isEmpty {
            page.table(
                "By month, from the authorities' own records",
                [
                    .init("Authority"), .init("Quarter", .short), .init("First month", .number),
                    .init("Second month", .number), .init("Third month", .number), .init("Assignments come to", .number),
                ],
                records.map { return_ in
                    ["\(return_.authority) \(return_.name)", return_.quarter.description]
                        + (0..<3).map { month in return_.record?.monthlyCosts[month].map { "£" + Words.grouped($0) } ?? "missing" }
                        + ["£" + Words.grouped(return_.cost)]
                })
        }
    }
}
