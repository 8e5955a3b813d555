// swift-tools-version: 6.3
import PackageDescription

/// The settings of all our targets. Language mode 6 comes with the tools version.
///
/// The compiler checks exclusive access, and the debug build, on which all tests run, also checks it at run time. In the release
/// build, the checks at run time would cost a tenth of the time for reading XML (docs/performance.md).
///
/// If AGENCY_CHECK_STRICT is set, as in our own checks, a warning is an error. A newer compiler has more warnings, and must not
/// prevent others from building.
let strict: [SwiftSetting] =
    [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]
    + (Context.environment["AGENCY_CHECK_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
    name: "agency-check",
    products: [.executable(name: "agency-check", targets: ["agency-check"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CPlatform"),
        .target(name: "AgencyModel", swiftSettings: strict),
        .target(name: "Threads", dependencies: ["CPlatform"], swiftSettings: strict),
        .target(name: "TextSource", dependencies: ["AgencyModel", "CPlatform"], swiftSettings: strict),
        .target(name: "RuleBook", dependencies: ["AgencyModel", "TextSource"], swiftSettings: strict),
        .target(
            name: "Intake", dependencies: ["AgencyModel", "CPlatform", "RuleBook", "SafeFiles", "TextSource", "CLibXML2"],
            swiftSettings: strict),
        .target(name: "Compliance", dependencies: ["AgencyModel", "CPlatform", "RuleBook", "Threads"], swiftSettings: strict),
        .target(
            name: "Facts",
            dependencies: ["AgencyModel", "ByteWriting", "Compliance", "Intake", "RuleBook", "SafeFiles", "TextSource"],
            swiftSettings: strict),
        .target(
            name: "CheckRun",
            dependencies: ["AgencyModel", "RuleBook", "TextSource", "Intake", "Compliance", "Facts", "SafeFiles", "Threads"],
            swiftSettings: strict),
        .target(name: "ByteWriting", dependencies: ["AgencyModel", "CPlatform"], swiftSettings: strict),
        .target(
            name: "SafeFiles",
            dependencies: [
                "AgencyModel", "ByteWriting", "CPlatform", "TextSource", .product(name: "Crypto", package: "swift-crypto"),
            ], swiftSettings: strict),
        .target(name: "Markup", dependencies: ["ByteWriting"], swiftSettings: strict),
        .target(
            name: "Wording", dependencies: ["AgencyModel", "ByteWriting", "Compliance", "Facts", "RuleBook"], swiftSettings: strict),
        .target(
            name: "Outputs", dependencies: ["AgencyModel", "ByteWriting", "Facts", "SafeFiles", "Wording"], swiftSettings: strict),
        .target(
            name: "Reports",
            dependencies: [
                "AgencyModel", "ByteWriting", "Compliance", "CPlatform", "CXLSXWriter", "CZlib", "Facts", "Intake", "Markup",
                "Outputs", "RuleBook", "SafeFiles", "TextSource", "Threads", "Wording",
            ], swiftSettings: strict),
        .target(
            name: "Submission",
            dependencies: ["AgencyModel", "ByteWriting", "Compliance", "Facts", "Outputs", "RuleBook", "SafeFiles", "Wording"],
            swiftSettings: strict),
        .target(
            name: "Health",
            dependencies: [
                "AgencyModel", "ByteWriting", "Facts", "Intake", "Markup", "RuleBook", "SafeFiles", "TextSource", "Threads",
                "Wording",
            ], swiftSettings: strict),
        .target(
            name: "Comparison",
            dependencies: [
                "AgencyModel", "ByteWriting", "Compliance", "CPlatform", "Facts", "Markup", "RuleBook", "SafeFiles", "Wording",
            ], swiftSettings: strict),
        .target(
            name: "History",
            dependencies: [
                "AgencyModel", "ByteWriting", "SafeFiles", "TextSource", "Threads",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], swiftSettings: strict),
        .target(
            name: "Keeping",
            dependencies: [
                "AgencyModel", "CheckRun", "Comparison", "Compliance", "Facts", "History", "Intake", "RuleBook", "SafeFiles",
                "Wording",
            ], swiftSettings: strict),
        .target(
            name: "Tasks",
            dependencies: [
                "AgencyModel", "ByteWriting", "CheckRun", "Comparison", "Compliance", "Facts", "History", "Intake", "Keeping",
                "Outputs",
                "Reports", "RuleBook", "SafeFiles", "Submission", "Threads", "Wording",
            ], swiftSettings: strict),
        .target(name: "SampleData", dependencies: ["AgencyModel", "ByteWriting", "SafeFiles"], swiftSettings: strict),
        .executableTarget(
            name: "agency-check",
            dependencies: [
                "AgencyModel", "ByteWriting", "CheckRun", "Comparison", "Compliance", "CPlatform", "Facts", "Health", "History",
                "Intake", "Keeping", "Outputs", "Reports", "RuleBook", "SafeFiles", "SampleData", "Submission", "Tasks", "Threads",
                "Wording", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .target(
            name: "TestSupport",
            dependencies: [
                "AgencyModel", "ByteWriting", "CheckRun", "Compliance", "Facts", "Intake", "Reports", "RuleBook", "SafeFiles",
                "Submission", "TextSource", "Wording",
            ], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "AgencyCheckTests",
            dependencies: [
                "AgencyModel", "ByteWriting", "CheckRun", "Comparison", "Compliance", "Facts", "Health", "History", "Intake",
                "Keeping", "Markup", "Outputs", "Reports", "RuleBook", "SafeFiles", "SampleData", "Submission", "Tasks",
                "TextSource",
                "Threads",
                "Wording", "TestSupport", "agency-check", .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: strict),
    ]
)

// The fuzzer links only under `make fuzz`, because it has no main function.
if Context.environment["AGENCY_CHECK_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["AgencyModel", "CheckRun", "Compliance", "Facts", "Intake", "RuleBook", "TextSource"],
            path: "Tests/Fuzz", exclude: ["Corpus", "words.dict"], swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
