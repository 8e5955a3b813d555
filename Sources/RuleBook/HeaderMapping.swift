import AgencyModel
import TextSource

/// Which column a header name stands for: the format's own names, and the aliases of header-aliases.csv.
public struct HeaderMapping: Sendable {
    private var columns: [String: Column] = [:]

    init() {
        for column in Column.allCases { columns[HeaderMapping.normalForm(column.name)] = column }
    }

    /// The name in lower case, with every run of spaces, hyphens and underscores as one underscore.
    public static func normalForm(_ name: String) -> String {
        var form = ""
        var gap = false
        for scalar in name.unicodeScalars {
            if scalar == "-" || scalar == "_" || scalar.properties.isWhitespace {
                gap = !form.isEmpty
                continue
            }
            if gap { form += "_" }
            gap = false
            form += scalar.properties.lowercaseMapping
        }
        return form
    }

    public func column(for name: String) -> Column? { columns[HeaderMapping.normalForm(name)] }

    /// The column that the alias stands for already, nil where it is now added.
    mutating func add(alias: String, for column: Column) -> Column? {
        let form = HeaderMapping.normalForm(alias)
        if let known = columns[form] { return known }
        columns[form] = column
        return nil
    }
}

/// Which core job type a local job title is (job-mapping.csv). Case and repeated spaces do not count.
public struct JobMapping: Sendable {
    private var general: [String: CoreRole] = [:]
    private var own: [AuthorityCode: [String: CoreRole]] = [:]

    static func normalForm(_ title: String) -> String {
        var form = ""
        var gap = false
        for scalar in title.unicodeScalars {
            if scalar.properties.isWhitespace {
                gap = !form.isEmpty
                continue
            }
            if gap { form += " " }
            gap = false
            form += scalar.properties.lowercaseMapping
        }
        return form
    }

    /// The role of the title; an authority's own row wins over one for all.
    public func role(for title: String, authority: AuthorityCode?) -> CoreRole? {
        let form = JobMapping.normalForm(title)
        if let authority, let role = own[authority]?[form] { return role }
        return general[form]
    }

    /// False where the title is mapped already.
    mutating func add(_ title: String, authority: AuthorityCode?, role: CoreRole) -> Bool {
        let form = JobMapping.normalForm(title)
        if let authority { return own[authority, default: [:]].updateValue(role, forKey: form) == nil }
        return general.updateValue(role, forKey: form) == nil
    }
}
