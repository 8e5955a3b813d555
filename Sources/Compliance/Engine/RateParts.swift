import AgencyModel

/// Works out which rows are parts of one assignment whose rate changed: rows with the same reference in one return, each with its
/// own rate_from. The same rate_from again is a repeat, and begins another assignment.
struct RateParts {
    /// What identifies an assignment in a run.
    struct Reference: Hashable {
        let authority: UInt16
        let quarter: UInt16
        let id: ArraySlice<UInt8>

        init(_ ledger: AssignmentLedger, _ entry: Int) {
            (authority, quarter) = (ledger.entries[entry].authority, ledger.entries[entry].quarter)
            id = ledger.id(entry)
        }
    }

    /// The place of a row among those with its reference.
    struct Place {
        /// The number of earlier rows with the same reference and rate_from: 0 if it is not a repeat. Rows with different rate_from
        /// and the same number are one assignment.
        let repeats: Int
        /// Whether it begins an assignment.
        let isFirst: Bool
    }

    private struct Key: Hashable {
        let reference: Reference
        let rateFrom: CalendarDate?
    }

    private var times: [Key: Int] = [:]
    private var begun: [Reference: Int] = [:]

    /// Call it for each row, in the order of files and lines.
    mutating func place(of reference: Reference, rateFrom: CalendarDate?) -> Place {
        let repeats = times[Key(reference: reference, rateFrom: rateFrom), default: 0]
        times[Key(reference: reference, rateFrom: rateFrom)] = repeats + 1
        let isFirst = repeats >= begun[reference, default: 0]
        if isFirst { begun[reference] = repeats + 1 }
        return Place(repeats: repeats, isFirst: isFirst)
    }
}
