import HeronModel

/// The heap of a Java instance: what its RAM leaves beside the JVM's own memory, as the executor computes it.
enum JavaHeap {
    /// Metaspace and code cache, in MB (Heron 0.20.5).
    private static let overhead: Int64 = 128 + 64
    /// The smallest heap that a JVM with Heron's options starts with, and has room for tuples in, in MB.
    private static let minimum: Int64 = 32

    /// Throws ``SubmissionError`` if an instance of the plan has too little RAM.
    static func check(_ plan: PackingPlan) throws {
        for instance in plan.containerPlans.flatMap(\.instancePlans) {
            let megabytes: Int64 = instance.resource.ram >> 20
            guard megabytes < overhead + minimum else { continue }
            throw SubmissionError(
                "component '\(instance.componentName)' has \(megabytes) MB of RAM; an instance in Java needs at least"
                    + " \(overhead + minimum) MB, \(overhead) MB of them beside its heap",
                hint: "set topology.component.rammap, or heron.resources.instance.ram"
            )
        }
    }
}
