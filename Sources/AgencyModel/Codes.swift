/// A list of codes of the return format. Codes can be written in any case.
public protocol ReturnCode: RawRepresentable, CaseIterable, Sendable where RawValue == UInt8 {
    /// The code in capitals, as in the format.
    var code: StaticString { get }
}

extension ReturnCode {
    /// Reads one of the codes in any case. Nil for anything else.
    @inlinable
    public init?(_ bytes: Bytes) {
        guard let first = bytes.first else { return nil }
        var raw: UInt8 = 0
        while let known = Self(rawValue: raw) {
            raw &+= 1
            let code = known.code
            // The length and the first letter usually leave only one code.
            guard code.utf8CodeUnitCount == bytes.count, code.utf8Start.pointee == first & 0xDF, bytes.equalsIgnoringCase(code)
            else {
                continue
            }
            self = known
            return
        }
        return nil
    }

    public var text: String { code.description }
}

/// One of the five core job types for which a region agrees a cap, or `other`: a role outside the five, which has no cap.
public enum CoreRole: UInt8, ReturnCode, Hashable {
    case socialWorker, seniorSocialWorker, advancedPractitioner, teamManager, independentReviewingOfficer
    case other

    /// The five core job types.
    public static let core: [CoreRole] = Array(allCases.dropLast())

    @inlinable public var code: StaticString {
        switch self {
        case .socialWorker: "SW"
        case .seniorSocialWorker: "SSW"
        case .advancedPractitioner: "AP"
        case .teamManager: "TM"
        case .independentReviewingOfficer: "IRO"
        case .other: "OTHER"
        }
    }

    /// The role in a sentence.
    public var inWords: String {
        switch self {
        case .socialWorker: "social worker"
        case .seniorSocialWorker: "senior social worker"
        case .advancedPractitioner: "advanced practitioner"
        case .teamManager: "team manager"
        case .independentReviewingOfficer: "independent reviewing officer"
        case .other: "role outside the five core job types"
        }
    }
}

/// How the worker is paid.
public enum Engagement: UInt8, ReturnCode {
    case paye, umbrella, limited

    @inlinable public var code: StaticString {
        switch self {
        case .paye: "PAYE"
        case .umbrella: "UMBRELLA"
        case .limited: "LIMITED"
        }
    }
}

/// How the worker is supplied.
public enum Supply: UInt8, ReturnCode {
    case individual, projectTeam, packaged

    @inlinable public var code: StaticString {
        switch self {
        case .individual: "INDIVIDUAL"
        case .projectTeam: "PROJECT_TEAM"
        case .packaged: "PACKAGED"
        }
    }
}

/// Who manages the worker's practice.
public enum PracticeManager: UInt8, ReturnCode {
    case authority, supplier

    @inlinable public var code: StaticString {
        switch self {
        case .authority: "AUTHORITY"
        case .supplier: "SUPPLIER"
        }
    }
}

/// Why a substantive post ended. A census has two more reasons than a return; both are written as OTHER.
public enum LeavingReason: UInt8, ReturnCode {
    case resigned, redundant, probation, retired, dismissed, other
    /// Only in a census: other work in the same authority, which does not count as leaving.
    case movedWithinAuthority
    /// Only in a census: a code that may hide an exemption (other, not known, not yet collected).
    case notTold

    /// The reasons that a return can give.
    public static let ofReturn: [LeavingReason] = [.resigned, .redundant, .probation, .retired, .dismissed, .other]

    @inlinable public var code: StaticString {
        switch self {
        case .resigned: "RESIGNED"
        case .redundant: "REDUNDANT"
        case .probation: "PROBATION"
        case .retired: "RETIRED"
        case .dismissed: "DISMISSED"
        case .other, .movedWithinAuthority, .notTold: "OTHER"
        }
    }
}

/// How the worker was employed in a spell.
public enum Employment: UInt8, ReturnCode {
    case direct, agency, other

    @inlinable public var code: StaticString {
        switch self {
        case .direct: "DIRECT"
        case .agency: "AGENCY"
        case .other: "OTHER"
        }
    }
}

/// The kind of service that a spell's work was for.
public enum Setting: UInt8, ReturnCode {
    case childFamily, adult, other

    @inlinable public var code: StaticString {
        switch self {
        case .childFamily: "CHILD_FAMILY"
        case .adult: "ADULT"
        case .other: "OTHER"
        }
    }
}

/// How far an authority says that it complies with a family of rules.
public enum ComplianceClaim: UInt8, ReturnCode {
    case full, partial, none

    @inlinable public var code: StaticString {
        switch self {
        case .full: "FULL"
        case .partial: "PARTIAL"
        case .none: "NONE"
        }
    }
}

/// Reads Y, N, Yes, No, TRUE, FALSE, 1 or 0, in any case. Nil for anything else.
@inlinable
public func yesOrNo(_ bytes: Bytes) -> Bool? {
    switch bytes.count {
    case 1:
        switch asciiLower(bytes[0]) {
        case 0x79, 0x31: true
        case 0x6E, 0x30: false
        default: nil
        }
    case 2: bytes.equalsIgnoringCase("no") ? false : nil
    case 3: bytes.equalsIgnoringCase("yes") ? true : nil
    case 4: bytes.equalsIgnoringCase("true") ? true : nil
    case 5: bytes.equalsIgnoringCase("false") ? false : nil
    default: nil
    }
}

/// Reads a whole number of up to 18 digits. Nil for anything else.
@inlinable
public func wholeNumber(_ bytes: Bytes) -> Int? {
    guard bytes.count >= 1, bytes.count <= 9 else { return nil }
    return CalendarDate.figures(bytes, 0, bytes.count)
}
