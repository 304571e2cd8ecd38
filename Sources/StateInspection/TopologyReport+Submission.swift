import HeronModel

extension TopologyReport {
    /// From the execution state: who submitted the topology, when, and where it belongs.
    public struct Submission: Encodable, Sendable, Hashable {
        public let id: String
        public let cluster: String
        public let role: String
        public let environ: String
        public let user: String
        /// In seconds since the epoch.
        public let submitted: Int64
        /// The Heron that submitted it.
        public let release: String

        init(_ state: ExecutionState) {
            id = state.topologyID
            cluster = state.cluster
            role = state.role
            environ = state.environ
            user = state.submissionUser
            submitted = state.submissionTime
            release = state.releaseState.releaseVersion
        }
    }

    /// From the definition, as submitted.
    public struct Definition: Encodable, Sendable, Hashable {
        public struct Component: Encodable, Sendable, Hashable {
            public let name: String
            /// `spout` or `bolt`.
            public let kind: String
            /// How many instances it asks for, as written; nil if it does not say.
            public let parallelism: String?
            public let inputs: [Input]
        }

        /// A stream that a bolt reads.
        public struct Input: Encodable, Sendable, Hashable {
            public let component: String
            public let stream: String
            /// Heron's name, such as `SHUFFLE`.
            public let grouping: String
        }

        public let id: String
        public let components: [Component]
        /// How many keys the topology's own configuration has.
        public let settings: Int

        init(_ topology: Topology) {
            id = topology.id
            settings = topology.topologyConfig.kvs.count
            components =
                topology.spouts.map { Definition.component($0.comp, "spout", []) }
                + topology.bolts.map { Definition.component($0.comp, "bolt", $0.inputs.map(Definition.input)) }
        }

        private static func component(_ component: HeronModel.Component, _ kind: String, _ inputs: [Input]) -> Component
        {
            // Of a key that occurs more than once, the first counts, as in Heron.
            let parallelism = component.config.kvs.first { $0.key == "topology.component.parallelism" }
            return Component(name: component.name, kind: kind, parallelism: parallelism?.value, inputs: inputs)
        }

        private static func input(_ input: Heron_Proto_Api_InputStream) -> Input {
            Input(
                component: input.stream.componentName,
                stream: input.stream.id,
                grouping: "\(input.gtype)".uppercased()
            )
        }
    }
}
