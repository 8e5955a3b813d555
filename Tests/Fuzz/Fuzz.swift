import AgencyModel
import CheckRun
import Compliance
import Facts
import Glibc
import Intake
import RuleBook
import TextSource

/// The input of libFuzzer: the first byte chooses the reader, and the rest is the file. Nothing may crash, hang or use memory
/// without limit, and counts must add up.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    let rest = UnsafeBufferPointer(start: data + 1, count: count - 1)
    switch data[0] % 8 {
    case 0: checkFile(rest)
    case 1: checkFile(rest, startingWith: Fuzzing.header)
    case 2: checkFile(rest, startingWith: Fuzzing.assignment, endingWith: "</Assignment></Assignments></AgencyReturn>")
    case 3: checkFile(rest, startingWith: Fuzzing.census, endingWith: "</CSWWWorker></Message>")
    case 4: checkRuleBook(rest)
    case 6: checkFile(rest, startingWith: Fuzzing.spells)
    case 7: checkFile(rest, startingWith: Fuzzing.records)
    default: checkValues(rest)
    }
    return 0
}

private enum Fuzzing {
    static let header = """
        authority_code,quarter,assignment_id,swe_number,role,start_date,end_date,engagement,pay_rate,employer_ni,charge_rate,weekly_hours,\
        hours_in_quarter,agency,supply,notice_weeks,references,experience_months,last_post_authority,last_post_end

        """
    static let spells = "swe_number,authority_code,start_date,end_date,employment,setting,registered,leaving_reason\n"
    static let records = """
        authority_code,quarter,cost_month_1,cost_month_2,cost_month_3,notice_weeks_SW,caps_compliance,caps_explanation,cooloff_compliance

        """
    static let assignment = """
        <AgencyReturn version="1"><Header><AuthorityCode>991</AuthorityCode><Quarter>2026-Q1</Quarter></Header><Assignments><Assignment>
        """
    static let census = """
        <Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2025</Year><ReferenceDate>2025-09-30</ReferenceDate>\
        </CollectionDetails><Source><LEA>991</LEA></Source></Header><CSWWWorker>
        """

    /// The shipped rules, in the repository.
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    static let book: RuleBook = {
        do {
            return try RuleBook.load(shipped: root + "/rules", over: root + "/samples/rules", rules: RuleRegistry.shared.all)
        } catch {
            preconditionFailure("the shipped rules cannot be read: \(error)")
        }
    }()

    /// A file in memory, written again for each input.
    static let name = "/dev/shm/agency-check-fuzz-\(getpid()).input"
    static let file: CInt = open(name, O_RDWR | O_CREAT | O_TRUNC, 0o600)

    static func path(of parts: [UnsafeRawBufferPointer]) -> String {
        ftruncate(file, 0)
        var offset = 0
        for part in parts {
            pwrite(file, part.baseAddress, part.count, off_t(offset))
            offset += part.count
        }
        return name
    }
}

private func checkFile(_ bytes: UnsafeBufferPointer<UInt8>, startingWith start: String = "", endingWith end: String = "") {
    let path = Array(start.utf8).withUnsafeBytes { head in
        Array(end.utf8).withUnsafeBytes { tail in Fuzzing.path(of: [head, UnsafeRawBufferPointer(bytes), tail]) }
    }
    let result = CheckRun(book: Fuzzing.book, threads: 1).run(InputList([path]))
    let counts = result.counts
    precondition(counts.read == counts.checked + counts.rejected + counts.withoutSpell, "the rows do not add up")
    let summary = RunSummary(result)
    precondition(summary.returns.allSatisfy { $0.records > 0 }, "a return without a record")
}

private func checkRuleBook(_ bytes: UnsafeBufferPointer<UInt8>) {
    let tables = ["caps.csv", "parameters.csv", "authorities.csv", "regions.csv", "job-mapping.csv", "submission-profile.csv"]
    let folder = "/dev/shm/agency-check-fuzz-\(getpid())"
    mkdir(folder, 0o700)
    let table = folder + "/" + tables[Int(bytes[0]) % tables.count]
    let descriptor = open(table, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    write(descriptor, bytes.baseAddress! + 1, bytes.count - 1)
    close(descriptor)
    _ = try? RuleBook.load(shipped: Fuzzing.root + "/rules", over: folder, rules: RuleRegistry.shared.all)
    unlink(table)
    rmdir(folder)
}

private func checkValues(_ bytes: UnsafeBufferPointer<UInt8>) {
    if let date = CalendarDate(bytes) {
        var text = date.description
        precondition(text.withUTF8 { CalendarDate($0) } == date, "a date does not read back")
    }
    if let money = Money(bytes) {
        var text = money.description
        precondition(text.withUTF8 { Money($0) } == money, "an amount does not read back")
    }
    if let quantity = Quantity(bytes), quantity.billionths % 10 == 0 {
        var text = quantity.description
        precondition(text.withUTF8 { Quantity($0) } == quantity, "a decimal does not read back")
    }
    _ = Quarter(bytes)
    _ = SWENumber(bytes)
    _ = AuthorityCode(bytes)
    _ = wholeNumber(bytes)
    _ = yesOrNo(bytes)
    _ = CoreRole(bytes)
    _ = trimmed(bytes)
}
