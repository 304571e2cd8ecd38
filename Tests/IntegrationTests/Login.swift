import Glibc

/// Who runs the tests: the role of what they submit.
enum Login {
    static let name: String = getpwuid(getuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) } ?? ""
}
