import AgencyModel
import Compliance
import Intake

extension FileJudge {
    /// Turns what the import reports about a row of evidence into findings.
    mutating func note(_ note: EvidenceNote) {
        let place = FileJudge.Place(line: note.line, authority: note.authority, quarter: note.quarter, worker: note.worker)
        switch note.matter {
        case .unreadable(let column, let written, let wanted):
            noteUnreadable(column: column, element: nil, written: written, wanted: wanted, at: place)
        case .unreadableElement(let name, let written, let wanted):
            noteUnreadable(column: nil, element: name, written: written, wanted: wanted, at: place)
        case .rejected(let reason, let row): noteRejected(reason: reason, row: row, at: place)
        }
    }
}
