import Glibc

/// What stands in a folder.
public enum FolderListing {
    /// What a desktop or an office program leaves in a folder by itself: nobody's input and no part of an output.
    public static func isLeftBySystem(_ name: String) -> Bool {
        let lower = name.lowercased()
        return [".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"].contains(lower)
            // The lock files of Excel and of LibreOffice.
            || name.hasPrefix("~$") || (name.hasPrefix(".~lock.") && name.hasSuffix("#"))
    }

    /// The names, in no order, `.` and `..` left out; nil where the folder may not be looked into.
    public static func names(in folder: String) -> [String]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
