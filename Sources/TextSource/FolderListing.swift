import Glibc

/// The contents of folders.
public enum FolderListing {
    /// Whether a desktop or office program leaves files of this name in folders. They are neither inputs nor part of an output.
    public static func isLeftBySystem(_ name: String) -> Bool {
        let lower = name.lowercased()
        return [".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"].contains(lower)
            // The lock files of Excel and of LibreOffice.
            || name.hasPrefix("~$") || (name.hasPrefix(".~lock.") && name.hasSuffix("#"))
    }

    /// The names in no particular order, without `.` and `..`; nil if the folder cannot be read.
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
