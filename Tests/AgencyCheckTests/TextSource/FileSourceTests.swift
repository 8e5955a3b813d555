import Foundation
import TestSupport
import Testing
import TextSource

@Suite struct FileSourceTests {
    @Test func onlyRegularFilesAreOpened() throws {
        let folder = try TemporaryFolder()
        #expect(throws: TextFault.self) { try FileSource(path: folder.path) }
        #expect(throws: TextFault.self) { try FileSource(path: "/dev/zero") }
        #expect(throws: TextFault.self) { try FileSource(path: folder.path + "/missing.csv") }
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: TextFault.self) { try FileSource(path: pipe) }
    }

    @Test(
        arguments: [
            ([0x1F, 0x8B, 8], "Unpack"), ([0x50, 0x4B, 3, 4], "CSV UTF-8"), ([0xD0, 0xCF, 0x11, 0xE0], "CSV UTF-8"),
            ([0x25, 0x50, 0x44, 0x46], "CSV or XML"), ([0x42, 0x5A, 0x68], "Unpack"),
        ] as [([UInt8], String)])
    func archivesAreRefusedWithAdvice(magic: [UInt8], advice: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("return.csv", magic + [UInt8](repeating: 7, count: 100))
        let fault = #expect(throws: TextFault.self) { try FileSource(path: path) }
        #expect(fault?.reason.contains(advice) == true)
    }

    @Test func aFileThatChangesDuringReadingIsAFault() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("x.csv", "a,b\n" + String(repeating: "1,2\n", count: 100_000))
        let source = try FileSource(path: path)
        var reader = try CSVReader(TextStream(source, encoding: .utf8))
        reader.separate(by: 0x2C)
        _ = try reader.next()
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data("3,4\n".utf8))
        try file.close()
        var fault: TextFault?
        do { while try reader.next() != .end {} } catch { fault = error }
        #expect(fault?.reason.contains("changed while it was read") == true)
    }
}
