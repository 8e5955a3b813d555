import RuleBook
import SafeFiles
import TextSource

extension RuleBook {
    /// The SHA-256 of the files that the rule book was read from. Two runs with the same digest used the same rules. `others` are
    /// further tables that the run used.
    public func digest(with others: [(path: String, name: String)] = []) throws -> String {
        var digest = Digest()
        for file in files + others {
            // The name without its folder: the same rules in another folder are the same rules.
            digest.add(Array((file.name.split(separator: "/").last ?? "").utf8) + [0])
            do {
                try FileSource(path: file.path).forEachBlock { digest.add($0) }
            } catch {
                throw OutputFault("\(file.name) was changed while the returns were checked. Run again.")
            }
        }
        return digest.hex()
    }
}
