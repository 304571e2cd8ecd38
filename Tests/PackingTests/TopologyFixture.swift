import HeronModel

/// A topology for tests: spouts and bolts by name and number of instances, each bolt reading the first spout.
func makeTopology(
    name: String = "test",
    spouts: KeyValuePairs<String, Int> = ["spout": 2],
    bolts: KeyValuePairs<String, Int> = [:],
    settings: KeyValuePairs<String, String> = [:]
) -> Topology {
    Topology.with {
        $0.id = "\(name)-id"
        $0.name = name
        $0.state = .running
        $0.spouts = spouts.map { name, instances in
            .with {
                $0.comp = makeComponent(name, instances: instances)
                $0.outputs = [makeOutput(name)]
            }
        }
        $0.bolts = bolts.map { name, instances in
            .with {
                $0.comp = makeComponent(name, instances: instances)
                $0.inputs = [makeInput(spouts[0].key)]
            }
        }
        $0.topologyConfig = makeConfig(settings)
    }
}

func makeComponent(_ name: String, instances: Int) -> Component {
    Component.with {
        $0.name = name
        $0.config = makeConfig(["topology.component.parallelism": "\(instances)"])
    }
}

func makeInput(_ component: String, stream: String = "default") -> Heron_Proto_Api_InputStream {
    .with {
        $0.stream = .with {
            $0.id = stream
            $0.componentName = component
        }
        $0.gtype = .shuffle
    }
}

private func makeOutput(_ component: String) -> Heron_Proto_Api_OutputStream {
    .with {
        $0.stream = .with {
            $0.id = "default"
            $0.componentName = component
        }
    }
}

private func makeConfig(_ settings: KeyValuePairs<String, String>) -> TopologyConfig {
    TopologyConfig.with {
        $0.kvs = settings.map { key, value in
            .with {
                $0.key = key
                $0.value = value
                $0.type = .stringValue
            }
        }
    }
}
