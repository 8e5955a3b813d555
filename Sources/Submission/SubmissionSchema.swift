import AgencyModel
import ByteWriting
import RuleBook

/// The XML schema of a submission, made from its profile.
public struct SubmissionSchema {
    public let text: String

    public init(_ profile: SubmissionProfile) {
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="unqualified">
              <xs:element name="\(profile.rootElement)">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="\(profile.headerElement)">
                      <xs:complexType>
                        <xs:sequence>
                          <xs:element name="AuthorityCode">\(Self.pattern("[0-9]{3}"))</xs:element>
                          <xs:element name="Quarter">\(Self.pattern("[0-9]{4}-Q[1-4]"))</xs:element>
                        </xs:sequence>
                      </xs:complexType>
                    </xs:element>
                    <xs:element name="\(profile.listElement)">
                      <xs:complexType>
                        <xs:sequence>
                          <xs:element name="\(profile.rowElement)" minOccurs="0" maxOccurs="unbounded">
                            <xs:complexType>
                              <xs:sequence>

            """
        for item in profile.assignments {
            text +=
                "                    <xs:element name=\"\(item.element)\" minOccurs=\"0\">\(Self.type(item, profile))</xs:element>\n"
        }
        text += """
                              </xs:sequence>
                            </xs:complexType>
                          </xs:element>
                        </xs:sequence>
                      </xs:complexType>
                    </xs:element>
                  </xs:sequence>
                  <xs:attribute name="profile" type="xs:string" use="required"/>
                  <xs:attribute name="version" type="xs:string" use="required"/>
                </xs:complexType>
              </xs:element>
            </xs:schema>

            """
        self.text = text
    }

    private static func type(
        _ item: SubmissionProfile.Item<SubmissionProfile.AssignmentField>, _ profile: SubmissionProfile
    ) -> String {
        switch (item.kind, item.format) {
        case (.date, .dayFirst): pattern("[0-9]{2}/[0-9]{2}/[0-9]{4}")
        case (.date, _): restriction("xs:date", "")
        case (.money, .decimals(let decimals)): pattern("[0-9]+\\.[0-9]{\(decimals)}")
        case (.money, _): pattern("[0-9]+\\.[0-9]{2,4}")
        case (.yesNo, _): words(profile.words(of: "yes_no"))
        case (.code(let list), _): words(profile.words(of: list))
        case (.text, _): restriction("xs:string", "<xs:minLength value=\"1\"/>")
        }
    }

    private static func words(_ words: [String]) -> String {
        restriction("xs:string", words.map { "<xs:enumeration value=\"\(escaped($0))\"/>" }.joined())
    }

    private static func pattern(_ pattern: String) -> String { restriction("xs:string", "<xs:pattern value=\"\(pattern)\"/>") }

    private static func restriction(_ base: String, _ facets: String) -> String {
        "<xs:simpleType><xs:restriction base=\"\(base)\">\(facets)</xs:restriction></xs:simpleType>"
    }

    private static func escaped(_ text: String) -> String { ByteBuffer.text { $0.appendEscaped(text) } }
}
