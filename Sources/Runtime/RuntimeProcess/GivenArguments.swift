/// The arguments of this process without options that have nothing behind their `=` (`--zkhostportlist=`): Heron's
/// executor may give such, and means their default.
public func givenArguments() -> [String] {
    CommandLine.arguments.dropFirst().filter { !($0.hasPrefix("--") && $0.firstIndex(of: "=") == $0.indices.last) }
}
