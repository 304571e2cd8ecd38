/// How a framework shows who it is, with every request. Its description does not give secrets away.
public enum MesosAuthentication: Sendable, Hashable {
    case none
    /// HTTP's basic authentication; neither part may hold a colon, because Mesos takes none.
    case basic(principal: String, secret: String)
    /// The whole value of the header `Authorization`; DC/OS wants `token=…`.
    case authorization(String)

    /// What the header `Authorization` says; nil for no such header.
    ///
    /// - Throws: ``MesosOptionsError``: it cannot be sent.
    func header() throws(MesosOptionsError) -> String? {
        switch self {
        case .none:
            return nil
        case .basic(let principal, let secret):
            guard !principal.isEmpty, !(principal + secret).utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                throw MesosOptionsError("the principal is empty, or it or its secret holds a control character")
            }
            guard !principal.contains(":"), !secret.contains(":") else {
                throw MesosOptionsError("neither the principal nor its secret can hold a colon: Mesos takes none")
            }
            return "Basic " + base64(Array("\(principal):\(secret)".utf8))
        case .authorization(let value):
            guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
                throw MesosOptionsError("the Authorization value is empty or holds a character that cannot be sent")
            }
            return value
        }
    }
}

extension MesosAuthentication: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .none: "none"
        case .basic(let principal, _): "\(principal):(secret)"
        case .authorization: "(secret)"
        }
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["authentication": description]) }
}
