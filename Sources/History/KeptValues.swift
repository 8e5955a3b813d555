import AgencyModel
import GRDB

/// The values of a row, as the schema defines them.
///
/// GRDB's own subscripts crash at a value that does not fit, and print the row with its personal data. Wrong values in a damaged
/// store give a fault that shows none of them.
extension Row {
    private static let damage = DatabaseError(resultCode: .SQLITE_CORRUPT)
    /// 1 January of the year 1 and 31 December 9999.
    private static let days: ClosedRange<Int32> = -719_162...2_932_896
    /// Of the years 1 to 9999.
    private static let quarters: ClosedRange<UInt16> = 4...39_999
    /// The range of amounts and decimals that are read, and of what is worked out from them.
    private static let amounts = -Money.most.tenThousandths...Money.most.tenThousandths

    /// An integer that fits the type; nil for NULL.
    @inline(__always)
    func optionalNumber<Number: FixedWidthInteger>(_ index: Int, _ type: Number.Type = Number.self) throws -> Number? {
        let value: DatabaseValue = self[index]
        switch value.storage {
        case .null: return nil
        case .int64(let number):
            guard let fitting = Number(exactly: number) else { throw Row.damage }
            return fitting
        default: throw Row.damage
        }
    }

    @inline(__always)
    func number<Number: FixedWidthInteger>(_ index: Int, _ type: Number.Type = Number.self) throws -> Number {
        guard let number = try optionalNumber(index, type) else { throw Row.damage }
        return number
    }

    func optionalText(_ index: Int) throws -> String? {
        let value: DatabaseValue = self[index]
        switch value.storage {
        case .null: return nil
        case .string(let text): return text
        default: throw Row.damage
        }
    }

    func text(_ index: Int) throws -> String {
        guard let text = try optionalText(index) else { throw Row.damage }
        return text
    }

    func optionalBool(_ index: Int) throws -> Bool? { try optionalNumber(index, Int64.self).map { $0 != 0 } }
    func truth(_ index: Int) throws -> Bool { try number(index, Int64.self) != 0 }

    func optionalDay(_ index: Int) throws -> CalendarDate? {
        guard let number = try optionalNumber(index, Int32.self) else { return nil }
        guard Row.days.contains(number) else { throw Row.damage }
        return CalendarDate(dayNumber: number)
    }

    func day(_ index: Int) throws -> CalendarDate {
        guard let day = try optionalDay(index) else { throw Row.damage }
        return day
    }

    func quarter(_ index: Int) throws -> Quarter {
        let number = try number(index, UInt16.self)
        guard Row.quarters.contains(number) else { throw Row.damage }
        return Quarter(index: number)
    }

    func optionalAuthority(_ index: Int) throws -> AuthorityCode? {
        guard let number = try optionalNumber(index, UInt16.self) else { return nil }
        guard number <= 999 else { throw Row.damage }
        return AuthorityCode(number: number)
    }

    func authority(_ index: Int) throws -> AuthorityCode {
        guard let code = try optionalAuthority(index) else { throw Row.damage }
        return code
    }

    private func amount(_ index: Int) throws -> Int64? {
        guard let number = try optionalNumber(index, Int64.self) else { return nil }
        guard Row.amounts.contains(number) else { throw Row.damage }
        return number
    }

    func optionalMoney(_ index: Int) throws -> Money? { try amount(index).map { Money(tenThousandths: $0) } }
    func optionalQuantity(_ index: Int) throws -> Quantity? { try amount(index).map { Quantity(billionths: $0) } }

    /// A code by its position in the model's list; nil for NULL.
    func optionalCode<Code: RawRepresentable<UInt8>>(_ index: Int, _ type: Code.Type = Code.self) throws -> Code? {
        guard let number = try optionalNumber(index, UInt8.self) else { return nil }
        guard let code = Code(rawValue: number) else { throw Row.damage }
        return code
    }
}
