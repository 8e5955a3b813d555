import AgencyModel

extension CalendarDate {
    /// `31 October 2024`, for sentences.
    public var inWords: String {
        var words = ByteBuffer()
        words.append(inWords: self)
        return String(decoding: words.bytes, as: UTF8.self)
    }
}
