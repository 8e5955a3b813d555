// swift-tools-version: 6.3
import PackageDescription

/// What every target of ours is built with. Language mode 6 comes with the tools version.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let package = Package(
    name: "agency-check",
    products: [.executable(name: "agency-check", targets: ["agency-check"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .target(name: "CPlatform"),
        .target(name: "AgencyModel", swiftSettings: strict),
        .target(name: "TextSource", dependencies: ["AgencyModel", "CPlatform"], swiftSettings: strict),
        .target(name: "RuleBook", dependencies: ["AgencyModel", "TextSource"], swiftSettings: strict),
        .target(
            name: "Intake", dependencies: ["AgencyModel", "RuleBook", "TextSource", "CLibXML2"],
            swiftSettings: strict),
        .target(name: "Compliance", dependencies: ["AgencyModel", "RuleBook"], swiftSettings: strict),
        .target(
            name: "CheckRun", dependencies: ["AgencyModel", "RuleBook", "TextSource", "Intake", "Compliance", "SafeFiles"],
            swiftSettings: strict),
        .target(name: "Markup", dependencies: ["SafeFiles"], swiftSettings: strict),
        .target(
            name: "Submission",
            dependencies: ["AgencyModel", "RuleBook", "Compliance", "CheckRun", "Reports", "SafeFiles"],
            swiftSettings: strict),
        .target(
            name: "Reports",
            dependencies: [
                "AgencyModel", "RuleBook", "TextSource", "Compliance", "CheckRun", "SafeFiles", "Markup", "CXLSXWriter",
            ], swiftSettings: strict),
        .target(
            name: "SafeFiles",
            dependencies: ["AgencyModel", "CPlatform", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "Comparison",
            dependencies: ["AgencyModel", "RuleBook", "Compliance", "CheckRun", "Reports", "Markup", "SafeFiles"],
            swiftSettings: strict),
        .target(name: "SampleData", dependencies: ["AgencyModel", "SafeFiles"], swiftSettings: strict),
        .executableTarget(
            name: "agency-check",
            dependencies: [
                "AgencyModel", "RuleBook", "TextSource", "Intake", "Compliance", "CheckRun", "Markup", "Reports",
                "Submission", "Comparison", "SafeFiles", "SampleData",
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
                "Comparison", "SafeFiles", "TestSupport", "agency-check",
            ], swiftSettings: strict),
    ]
)
