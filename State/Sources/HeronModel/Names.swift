// Heron's own names for the messages that the code here speaks of most; the generated names carry the package.

/// A topology's definition: spouts, bolts, streams, configuration (`topology.proto`).
public typealias Topology = Heron_Proto_Api_Topology
/// Whether a topology's spouts emit (`topology.proto`).
public typealias TopologyState = Heron_Proto_Api_TopologyState
/// A spout's or bolt's name, class and configuration (`topology.proto`).
public typealias Component = Heron_Proto_Api_Component
/// Key and value settings of a topology or a component (`topology.proto`).
public typealias TopologyConfig = Heron_Proto_Api_Config

/// Which instances run in which container, and with what resources (`packing_plan.proto`).
public typealias PackingPlan = Heron_Proto_System_PackingPlan
/// One container of a packing plan (`packing_plan.proto`).
public typealias ContainerPlan = Heron_Proto_System_ContainerPlan
/// One instance of a container plan (`packing_plan.proto`).
public typealias InstancePlan = Heron_Proto_System_InstancePlan
/// Cores, bytes of RAM and bytes of disk (`packing_plan.proto`).
public typealias Resource = Heron_Proto_System_Resource

/// Where everything of a topology actually runs (`physical_plan.proto`).
public typealias PhysicalPlan = Heron_Proto_System_PhysicalPlan
/// A stream manager as the physical plan knows it (`physical_plan.proto`).
public typealias StMgr = Heron_Proto_System_StMgr
/// An instance as the physical plan knows it (`physical_plan.proto`).
public typealias Instance = Heron_Proto_System_Instance

/// Who submitted a topology, when, and where it belongs (`execution_state.proto`).
public typealias ExecutionState = Heron_Proto_System_ExecutionState
/// The outcome of a request (`common.proto`).
public typealias Status = Heron_Proto_System_Status
/// Heron's status codes; `ok` is 1, not 0 (`common.proto`).
public typealias StatusCode = Heron_Proto_System_StatusCode

/// Where a topology's scheduler service listens (`scheduler.proto`).
public typealias SchedulerLocation = Heron_Proto_Scheduler_SchedulerLocation
/// Where a topology's manager listens (`tmanager.proto`).
public typealias TManagerLocation = Heron_Proto_Tmanager_TManagerLocation
/// Where a topology's metrics cache listens (`tmanager.proto`).
public typealias MetricsCacheLocation = Heron_Proto_Tmanager_MetricsCacheLocation
