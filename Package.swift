// swift-tools-version: 6.3
import PackageDescription

/// What every target of ours is built with. Language mode 6 comes with the tools version.
///
/// Exclusive access is checked by the compiler, and at run time in the debug build that all tests run on; in the release build
/// the checks at run time would cost a tenth of an XML file's reading (docs/performance.md).
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

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
        .target(name: "Threads", dependencies: ["CPlatform"], swiftSettings: strict),
        .target(name: "AgencyModel", swiftSettings: strict),
        .target(name: "TextSource", dependencies: ["AgencyModel", "CPlatform"], swiftSettings: strict),
        .target(name: "RuleBook", dependencies: ["AgencyModel", "TextSource"], swiftSettings: strict),
        .target(
            name: "Intake", dependencies: ["AgencyModel", "RuleBook", "TextSource", "CLibXML2"],
            swiftSettings: strict),
        .target(name: "Compliance", dependencies: ["AgencyModel", "CPlatform", "RuleBook", "Threads"], swiftSettings: strict),
        .target(
            name: "CheckRun",
            dependencies: ["AgencyModel", "RuleBook", "TextSource", "Intake", "Compliance", "SafeFiles", "Threads"],
            swiftSettings: strict),
        .target(name: "Markup", dependencies: ["SafeFiles"], swiftSettings: strict),
        .target(
            name: "Submission",
            dependencies: ["AgencyModel", "RuleBook", "Compliance", "CheckRun", "Reports", "SafeFiles"],
            swiftSettings: strict),
        .target(
            name: "Reports",
            dependencies: [
                "AgencyModel", "RuleBook", "TextSource", "Compliance", "CheckRun", "SafeFiles", "Markup", "CPlatform",
                "CXLSXWriter", "CZlib",
            ], swiftSettings: strict),
        .target(
            name: "Health",
            dependencies: ["AgencyModel", "RuleBook", "TextSource", "Intake", "CheckRun", "Reports", "Markup", "SafeFiles"],
            swiftSettings: strict),
        .target(
            name: "SafeFiles",
            dependencies: ["AgencyModel", "CPlatform", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "History",
            dependencies: [
                "AgencyModel", "SafeFiles", "Threads", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], swiftSettings: strict),
        .target(
            name: "Comparison",
            dependencies: ["AgencyModel", "CPlatform", "RuleBook", "Compliance", "CheckRun", "Reports", "Markup", "SafeFiles"],
            swiftSettings: strict),
        .target(name: "SampleData", dependencies: ["AgencyModel", "SafeFiles"], swiftSettings: strict),
        .executableTarget(
            name: "agency-check",
            dependencies: [
                "AgencyModel", "RuleBook", "TextSource", "Intake", "Compliance", "CheckRun", "Markup", "Reports",
                "Submission", "Health", "Comparison", "SafeFiles", "SampleData", "History", "CPlatform", "Threads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .target(
            name: "TestSupport",
            dependencies: [
                "AgencyModel", "RuleBook", "TextSource", "Intake", "Compliance", "CheckRun", "Reports", "Submission",
                "SafeFiles",
            ], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "AgencyCheckTests",
            dependencies: [
                "AgencyModel", "RuleBook", "TextSource", "Intake", "Compliance", "CheckRun", "Markup", "Reports", "Submission",
                "Health", "Comparison", "SafeFiles", "History", "TestSupport", "agency-check",
                .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: strict),
    ]
)

// The fuzzer links only under `make fuzz`: it has no main of its own.
if Context.environment["AGENCY_CHECK_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["AgencyModel", "CheckRun", "Compliance", "Intake", "RuleBook", "TextSource"],
            path: "Tests/Fuzz", exclude: ["Corpus", "words.dict"], swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
}
