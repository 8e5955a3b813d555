import AgencyModel
import CPlatform

/// Checks whether bytes are UTF-8 without NUL.
enum UTF8Check {
    enum Answer: Equatable {
        case whole
        /// An incomplete character starts at this offset.
        case cut(Int)
        /// The byte at this offset is not UTF-8 or is NUL.
        case broken(Int)
        case nul(Int)
    }

    static func check(_ bytes: Bytes) -> Answer {
        guard let base = bytes.baseAddress else { return .whole }
        var index = 0
        while true {
            index += cp_plain_prefix(base + index, bytes.count - index)
            if index >= bytes.count { return .whole }
            let first = base[index]
            if first == 0 { return .nul(index) }
            let (length, least, most): (Int, UInt8, UInt8) =
                switch first {
                case 0xC2...0xDF: (2, 0x80, 0xBF)
                case 0xE0: (3, 0xA0, 0xBF)
                case 0xED: (3, 0x80, 0x9F)
                case 0xE1...0xEF: (3, 0x80, 0xBF)
                case 0xF0: (4, 0x90, 0xBF)
                case 0xF1...0xF3: (4, 0x80, 0xBF)
                case 0xF4: (4, 0x80, 0x8F)
                default: (0, 0, 0)
                }
            if length == 0 { return .broken(index) }
            for step in 1..<length {
                if index + step >= bytes.count { return .cut(index) }
                let byte = base[index + step]
                guard step == 1 ? (least...most).contains(byte) : byte & 0xC0 == 0x80 else { return .broken(index) }
            }
            index += length
        }
    }
}
