import AgencyModel

/// Tells which rows are parts of one assignment whose rate changed: the same reference in one return, each with a rate_from of its own.
/// The same rate_from once more is a repeat, and begins the assignment anew.
struct RateParts {
    /// What names an assignment in a run.
    struct Reference: Hashable {
        let authority: UInt16
        let quarter: UInt16
        let id: ArraySlice<UInt8>

        init(_ ledger: AssignmentLedger, _ entry: Int) {
            (authority, quarter) = (ledger.entries[entry].authority, ledger.entries[entry].quarter)
            id = ledger.id(entry)
        }
    }

    /// A row's place among those of its reference.
    struct Place {
        /// How many rows before it have the same reference and the same rate_from: 0 for one that is no repeat. Rows of different
        /// rate_from with the same number are one assignment.
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

    /// To be called for each row, in the order of files and lines.
    mutating func place(of reference: Reference, rateFrom: CalendarDate?) -> Place {
        let repeats = times[Key(reference: reference, rateFrom: rateFrom), default: 0]
        times[Key(reference: reference, rateFrom: rateFrom)] = repeats + 1
        let isFirst = repeats >= begun[reference, default: 0]
        if isFirst { begun[reference] = repeats + 1 }
        return Place(repeats: repeats, isFirst: isFirst)
    }
}
