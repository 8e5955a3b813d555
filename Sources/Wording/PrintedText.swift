import AgencyModel
import ByteWriting
import Compliance

/// Values on their way to a terminal, a list for machines or a page: nobody is named in them, and nothing steers a terminal.
///
/// Each value is masked by itself, before it is put among the rules' own words: so amounts, days and lines are never taken for a number.
public struct PrintedText: Sendable {
    private var mask: PersonMask

    /// For the words of a run whose workers are known.
    public init(_ judgement: RunJudgement) {
        var mask = PersonMask()
        for part in judgement.parts {
            for entry in part.ledger.entries where entry.worker != 0 { mask.know(SWENumber(number: entry.worker)) }
            for place in part.places { if let worker = place.worker { mask.know(worker) } }
        }
        self.mask = mask
    }

    public init() { mask = PersonMask() }

    public mutating func know(_ worker: SWENumber) { mask.know(worker) }

    /// Appends a value of the file's. `own` is the worker whom it is about. With `onOneLine` control characters become spaces; JSON keeps them,
    /// escaped.
    public func append(
        _ text: some Collection<UInt8>, own: SWENumber? = nil, in place: PersonMask.Place = .value, to buffer: inout ByteBuffer,
        onOneLine: Bool = true
    ) {
        let done: Void? = text.withContiguousStorageIfAvailable {
            append(bytes: $0, own: own, in: place, to: &buffer, onOneLine: onOneLine)
        }
        if done == nil {
            Array(text).withUnsafeBufferPointer { append(bytes: $0, own: own, in: place, to: &buffer, onOneLine: onOneLine) }
        }
    }

    private func append(
        bytes: Bytes, own: SWENumber?, in place: PersonMask.Place, to buffer: inout ByteBuffer, onOneLine: Bool
    ) {
        func pass(_ bytes: Bytes) {
            if onOneLine { HarmlessText.append(bytes, to: &buffer) } else { buffer.append(bytes) }
        }
        guard var masked = mask.masked(bytes, own: own, in: place) else { return pass(bytes) }
        masked.withUTF8(pass)
    }

    /// A file's name or a reason: one line that names nobody.
    public func line(_ text: String) -> String { HarmlessText.line(mask.masked(text)) }

    /// The same where no run's workers are known.
    public static func line(_ text: String) -> String { PrintedText().line(text) }
}
