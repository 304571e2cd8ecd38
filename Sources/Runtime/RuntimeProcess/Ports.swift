import ArgumentParser

/// Throws `ValidationError` for the first option whose value is no port.
public func checkPorts(_ ports: KeyValuePairs<String, Int>) throws {
    for (option, port) in ports where !(0...65535).contains(port) {
        throw ValidationError("--\(option) \(port) is not a port (0 to 65535)")
    }
}
