import AgencyModel
import ByteWriting
import Facts
import RuleBook
import Wording

/// The general data of a submission: compliance with each family of rules, computed and claimed, with explanations; every breach of
/// the cap with its sign-offs; the agencies that affected compliance; and the monthly costs.
struct GeneralData {
    private(set) var table = ByteBuffer()
    private let columns: [SubmissionProfile.GeneralColumn]

    init(_ return_: CheckedReturn, _ details: RunDetails, _ findings: FindingOrder, _ values: SubmissionValues) {
        let profile = values.book.submission
        columns = profile.generalColumns.map(\.column)
        table.appendRow(profile.generalColumns.map(\.header), for: .machine)
        let counts = findings.counts(of: return_.key)
        for item in profile.general {
            row(GeneralData.part(of: item), GeneralData.reference(of: item, return_), item.header) { buffer in
                GeneralData.append(item, return_, details, counts, values, to: &buffer)
            }
        }
        for breach in details.capBreaches where breach.key == return_.key {
            for item in profile.capBreaches {
                row("cap_breach", String(decoding: breach.assignmentID, as: UTF8.self), item.header) { buffer in
                    GeneralData.append(item, breach, values, to: &buffer)
                }
            }
        }
        for agency in details.agencies
        where agency.authority == return_.authority && agency.quarter == return_.quarter
            && agency.errors.contains(where: { $0 > 0 })
        {
            for item in profile.agencies {
                row("agency", String(decoding: agency.name, as: UTF8.self), item.header) { buffer in
                    GeneralData.append(item, agency, values, to: &buffer)
                }
            }
        }
    }

    private mutating func row(_ part: String, _ reference: String, _ item: String, _ value: (inout ByteBuffer) -> Void) {
        table.appendRow(of: columns, for: .machine) { column, buffer in
            switch column {
            case .part: buffer.append(part)
            case .reference: buffer.append(reference)
            case .item: buffer.append(item)
            case .value: value(&buffer)
            }
        }
    }

    private static func part(of item: SubmissionProfile.Item<SubmissionProfile.GeneralField>) -> String {
        switch item.field {
        case .compliance, .claimed, .explanation, .findings: "compliance"
        case .costMonth1, .costMonth2, .costMonth3, .costTotal: "cost"
        case .authorityCode, .authorityName, .quarter, .assignments, .workers, .capBreaches: "return"
        }
    }

    /// The families, or the month of a cost.
    private static func reference(
        of item: SubmissionProfile.Item<SubmissionProfile.GeneralField>, _ return_: CheckedReturn
    ) -> String {
        func month(_ offset: Int) -> String { String(return_.quarter.firstDay.adding(months: offset).description.prefix(7)) }
        return switch item.field {
        case .compliance, .claimed, .explanation: item.families.map(\.name).joined(separator: " ")
        case .costMonth1: month(0)
        case .costMonth2: month(1)
        case .costMonth3: month(2)
        default: ""
        }
    }

    private static func append(
        _ item: SubmissionProfile.Item<SubmissionProfile.GeneralField>, _ return_: CheckedReturn, _ details: RunDetails,
        _ counts: [RuleCode: Int], _ values: SubmissionValues, to buffer: inout ByteBuffer
    ) {
        func cost(_ month: Int) { values.append(return_.record?.monthlyCosts[month], item.format, to: &buffer) }
        func claim(_ claim: ComplianceClaim?) {
            if let claim { buffer.append(values.book.submission.written(claim.text, in: "compliance")) }
        }
        switch item.field {
        case .authorityCode: buffer.append(return_.authority.description)
        case .authorityName: buffer.append(return_.name)
        case .quarter: buffer.append(return_.quarter)
        case .assignments: buffer.append(number: return_.assignments)
        case .workers: buffer.append(number: details.workers[return_.key] ?? 0)
        case .compliance:
            claim(SubmissionValues.together(item.families.map { return_.families[$0].compliance }))
        case .claimed:
            claim(SubmissionValues.together(item.families.map { return_.record?.claims[$0] }))
        case .explanation:
            let explanations = item.families.compactMap { return_.record?.explanations[$0] }
            buffer.append(explanations.joined(separator: "; "))
        case .findings:
            let broken = item.codes.compactMap { code in counts[code].map { "\(code): \($0)" } }
            buffer.append(broken.joined(separator: "; "))
        case .capBreaches: buffer.append(number: return_.capBreaches)
        case .costMonth1: cost(0)
        case .costMonth2: cost(1)
        case .costMonth3: cost(2)
        case .costTotal:
            let costs = return_.record?.monthlyCosts.compactMap { $0 } ?? []
            if costs.count == 3 { values.append(costs.reduce(.zero, +), item.format, to: &buffer) }
        }
    }

    private static func append(
        _ item: SubmissionProfile.Item<SubmissionProfile.CapBreachField>, _ breach: CapBreach, _ values: SubmissionValues,
        to buffer: inout ByteBuffer
    ) {
        switch item.field {
        case .role: buffer.append(values.book.submission.written(breach.role.text, in: "role"))
        case .region: buffer.append(breach.region)
        case .rule: buffer.append(breach.rule.description)
        case .reason: buffer.append(breach.reason)
        case .cappedRate: values.append(breach.rate, item.format, to: &buffer)
        case .cap: values.append(breach.cap, item.format, to: &buffer)
        case .excessPerHour: values.append(breach.excess, item.format, to: &buffer)
        case .hoursInQuarter: if let hours = breach.hours { buffer.append(hours.description) }
        case .excessInQuarter: values.append(breach.excessInQuarter, item.format, to: &buffer)
        case .directorDate: values.append(breach.directorDate, item.format, to: &buffer)
        case .chiefExecutiveDate: values.append(breach.chiefExecutiveDate, item.format, to: &buffer)
        case .dueDate: values.append(breach.dueDate, item.format, to: &buffer)
        }
    }

    private static func append(
        _ item: SubmissionProfile.Item<SubmissionProfile.AgencyField>, _ agency: AgencyTotals, _ values: SubmissionValues,
        to buffer: inout ByteBuffer
    ) {
        switch item.field {
        case .assignments: buffer.append(number: agency.assignments)
        case .workers: buffer.append(number: agency.workers)
        case .hours: buffer.append(agency.hours.quantity.description)
        case .cost: values.append(agency.cost.toThePenny, item.format, to: &buffer)
        case .errors: buffer.append(number: agency.errors.reduce(0, +))
        case .warnings: buffer.append(number: agency.warnings.reduce(0, +))
        }
    }
}
