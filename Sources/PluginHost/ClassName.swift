/// The names by which configuration files ask for plugins.
package enum ClassName {
    private static let current = "org.apache.heron."
    private static let former = "com.twitter.heron."

    /// The name under which a class is known today: Heron up to 0.17.9 called its packages `com.twitter.heron`.
    static func canonical(_ name: String) -> String {
        name.hasPrefix(former) ? current + name.dropFirst(former.count) : name
    }

    /// Whether a text can be a class's name: letters, digits and `_ $ . -`, at most 255 bytes.
    package static func isValid(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "."),
                    UInt8(ascii: "-"):
                    true
                default:
                    false
                }
            }
    }
}
