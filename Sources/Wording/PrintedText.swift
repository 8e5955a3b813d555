import AgencyModel
import ByteWriting
import Compliance

/// Makes values safe for a terminal, a list for programs or a page: they identify nobody and cannot control a terminal.
///
/// Each value is masked on its own before it is put into a sentence, so that amounts, dates and line numbers are never mistaken for
/// a worker's number.
public struct PrintedText: Sendable {
    private var mask: PersonMask

    /// For the values of a run whose workers are known.
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

    /// Appends a value from a file. `own` is the worker that it is about. With `onOneLine`, control characters become spaces; JSON
    /// keeps them, escaped.
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

    /// The name of a file or a reason, as one line that identifies nobody.
    public func line(_ text: String) -> String { HarmlessText.line(mask.masked(text)) }

    /// The same if no run's workers are known.
    public static func line(_ text: String) -> String { PrintedText().line(text) }
}
