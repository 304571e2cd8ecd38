package org.apache.heron.api;

import com.esotericsoftware.kryo.Serializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.apache.heron.api.serializer.IKryoDecorator;
import org.apache.heron.api.serializer.IKryoFactory;
import org.apache.heron.common.basics.ByteAmount;

/**
 * The settings of a topology or of one of its components: a map with Heron's keys, setters for their values, and room
 * for keys of the author's own. Heron's settings are kept as text, the author's values must be serializable.
 *
 * <p>Each setter is there twice: as a method for this configuration, and static for any map. What a setting means is
 * said at its key.
 */
public class Config extends HashMap<String, Object> {
    /** JVM options of every instance. */
    public static final String TOPOLOGY_WORKER_CHILDOPTS = "topology.worker.childopts";
    /** JVM options by component, a JSON object of base64 texts; see {@link #setComponentJvmOptions}. */
    public static final String TOPOLOGY_COMPONENT_JVMOPTS = "topology.component.jvmopts";
    /** Milliseconds between tick tuples. */
    public static final String TOPOLOGY_TICK_TUPLE_FREQ_MS = "topology.tick.tuple.freq.ms";
    /** Whether tuples that are tracked can be too late. */
    public static final String TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS = "topology.enable.message.timeouts";
    /** Whether every emitted tuple is logged. */
    public static final String TOPOLOGY_DEBUG = "topology.debug";
    /** Number of stream managers, which is that of containers. */
    public static final String TOPOLOGY_STMGRS = "topology.stmgrs";
    /** Seconds after which a tracked tuple has failed. */
    public static final String TOPOLOGY_MESSAGE_TIMEOUT_SECS = "topology.message.timeout.secs";
    /** Number of a component's tasks. */
    public static final String TOPOLOGY_COMPONENT_PARALLELISM = "topology.component.parallelism";
    /** Most tracked tuples under way for one spout task. */
    public static final String TOPOLOGY_MAX_SPOUT_PENDING = "topology.max.spout.pending";
    /** Class names of the hooks of every task, a list. */
    public static final String TOPOLOGY_AUTO_TASK_HOOKS = "topology.auto.task.hooks";
    /** Class of the serializer of tuples' values. */
    public static final String TOPOLOGY_SERIALIZER_CLASSNAME = "topology.serializer.classname";
    /** A value of {@link #TOPOLOGY_SERIALIZER_CLASSNAME}: Java's own serialization, the default. */
    public static final String HERON_JAVA_SERIALIZER_CLASS_NAME = "org.apache.heron.api.serializer.JavaSerializer";
    /** A value of {@link #TOPOLOGY_SERIALIZER_CLASSNAME}: the Kryo that the topology brings along. */
    public static final String HERON_KRYO_SERIALIZER_CLASS_NAME = "org.apache.heron.api.serializer.KryoSerializer";
    /** Class that makes the Kryo. */
    public static final String TOPOLOGY_KRYO_FACTORY = "topology.kryo.factory";
    /** Classes to register with Kryo: a list of names, and of maps from names to serializers' names. */
    public static final String TOPOLOGY_KRYO_REGISTER = "topology.kryo.register";
    /** Class names of decorators of the Kryo, a list. */
    public static final String TOPOLOGY_KRYO_DECORATORS = "topology.kryo.decorators";
    /** Whether classes to register may be missing. */
    public static final String TOPOLOGY_SKIP_MISSING_KRYO_REGISTRATIONS = "topology.skip.missing.kryo.registrations";
    /** Whether Kryo writes unregistered classes, by Java's serialization; yes, unless it is set to false. */
    public static final String TOPOLOGY_FALL_BACK_ON_JAVA_SERIALIZATION = "topology.fall.back.on.java.serialization";
    /** Older form of {@link #TOPOLOGY_RELIABILITY_MODE}. */
    public static final String TOPOLOGY_ENABLE_ACKING = "topology.acking";
    /** Name of a {@link TopologyReliabilityMode}. */
    public static final String TOPOLOGY_RELIABILITY_MODE = "topology.reliability.mode";
    /** Cores of a container. */
    public static final String TOPOLOGY_CONTAINER_CPU_REQUESTED = "topology.container.cpu";
    /** Bytes of memory of a container. */
    public static final String TOPOLOGY_CONTAINER_RAM_REQUESTED = "topology.container.ram";
    /** Bytes of disk of a container. */
    public static final String TOPOLOGY_CONTAINER_DISK_REQUESTED = "topology.container.disk";
    /** Most cores of a container; read by no packing algorithm of Heron's. */
    public static final String TOPOLOGY_CONTAINER_MAX_CPU_HINT = "topology.container.max.cpu.hint";
    /** Most bytes of memory of a container; read by no packing algorithm of Heron's. */
    public static final String TOPOLOGY_CONTAINER_MAX_RAM_HINT = "topology.container.max.ram.hint";
    /** Most bytes of disk of a container; read by no packing algorithm of Heron's. */
    public static final String TOPOLOGY_CONTAINER_MAX_DISK_HINT = "topology.container.max.disk.hint";
    /** Most instances in a container. */
    public static final String TOPOLOGY_CONTAINER_MAX_NUM_INSTANCES = "topology.container.max.instances";
    /** Part of a container that is not for instances. */
    public static final String TOPOLOGY_CONTAINER_PADDING_PERCENTAGE = "topology.container.padding.percentage";
    /** Bytes of a container's memory that are not for instances. */
    public static final String TOPOLOGY_CONTAINER_RAM_PADDING = "topology.container.ram.padding";
    /** Cores of a container that are not for instances. */
    public static final String TOPOLOGY_CONTAINER_CPU_PADDING = "topology.container.cpu.padding";
    /** Cores of an instance, by component: {@code component:cores,…}. */
    public static final String TOPOLOGY_COMPONENT_CPUMAP = "topology.component.cpumap";
    /** Bytes of memory of an instance, by component: {@code component:bytes,…}. */
    public static final String TOPOLOGY_COMPONENT_RAMMAP = "topology.component.rammap";
    /** Bytes of disk of an instance, by component: {@code component:bytes,…}. */
    public static final String TOPOLOGY_COMPONENT_DISKMAP = "topology.component.diskmap";
    /** {@code RAM_FIRST} or {@code CPU_FIRST}. */
    public static final String TOPOLOGY_PACKING_FFD_SORTING_STRATEGY = "topology.packing.ffd.sorting.strategy";
    /** Seconds between checkpoints. */
    public static final String TOPOLOGY_STATEFUL_CHECKPOINT_INTERVAL_SECONDS =
        "topology.stateful.checkpoint.interval.seconds";
    /** Whether earlier checkpoints are ignored. */
    public static final String TOPOLOGY_STATEFUL_START_CLEAN = "topology.stateful.start.clean";
    /** Bytes of memory of the checkpoint manager. */
    public static final String TOPOLOGY_STATEFUL_CKPTMGR_RAM = "topology.stateful.checkpointmanager.ram";
    /** Whether state goes to the instance's disk before it is sent. */
    public static final String TOPOLOGY_STATEFUL_SPILL_STATE = "topology.stateful.spill.state";
    /** Folder for {@link #TOPOLOGY_STATEFUL_SPILL_STATE}. */
    public static final String TOPOLOGY_STATEFUL_SPILL_STATE_LOCATION = "topology.stateful.spill.state.location";
    /** Bytes of memory of a stream manager. */
    public static final String TOPOLOGY_STMGR_RAM = "topology.stmgr.ram";
    /** Bytes of memory of a metrics manager. */
    public static final String TOPOLOGY_METRICSMGR_RAM = "topology.metricsmgr.ram";
    /** Name of the topology; set at submission. */
    public static final String TOPOLOGY_NAME = "topology.name";
    /** Team that owns the topology; at submission the role, if it is not set. */
    public static final String TOPOLOGY_TEAM_NAME = "topology.team.name";
    /** Address of the team. */
    public static final String TOPOLOGY_TEAM_EMAIL = "topology.team.email";
    /** Environment of the team; at submission that of {@code heron submit}, if it is not set. */
    public static final String TOPOLOGY_TEAM_ENVIRONMENT = "topology.team.environment";
    /** Ticket by which the topology's resources were granted. */
    public static final String TOPOLOGY_CAP_TICKET = "topology.cap.ticket";
    /** Project that the topology belongs to. */
    public static final String TOPOLOGY_PROJECT_NAME = "topology.project.name";
    /** What is added to the instances' class path. */
    public static final String TOPOLOGY_ADDITIONAL_CLASSPATH = "topology.additional.classpath";
    /** Seconds that an update waits after it has deactivated the topology. */
    public static final String TOPOLOGY_UPDATE_DEACTIVATE_WAIT_SECS = "topology.update.deactivate.wait.secs";
    /** Seconds that an update waits at most before it activates the topology again. */
    public static final String TOPOLOGY_UPDATE_REACTIVATE_WAIT_SECS = "topology.update.reactivate.wait.secs";
    /** A map of environment variables. */
    public static final String TOPOLOGY_ENVIRONMENT = "topology.environment";
    /** Timers; see {@link #registerTopologyTimerEvents}. */
    public static final String TOPOLOGY_TIMER_EVENTS = "topology.timer.events";
    /** Whether instances listen for Java debuggers, where the scheduler supports it. */
    public static final String TOPOLOGY_REMOTE_DEBUGGING_ENABLE = "topology.remote.debugging.enable";
    /** Whether stream managers drop tuples rather than slow down spouts. */
    public static final String TOPOLOGY_DROPTUPLES_UPON_BACKPRESSURE = "topology.droptuples.upon.backpressure";
    /** Most bytes per second that a component emits. */
    public static final String TOPOLOGY_COMPONENT_OUTPUT_BPS = "topology.component.output.bps";
    /** Seconds between tick tuples, in versions before 0.15.
     * @deprecated use {@link #TOPOLOGY_TICK_TUPLE_FREQ_MS} */
    @Deprecated
    public static final String TOPOLOGY_TICK_TUPLE_FREQ_SECS = "topology.tick.tuple.freq.secs";

    private static final long serialVersionUID = 2550967708478837032L;

    /** Heron's settings whose values are text in a definition; all others are serialized objects. */
    private static final Set<String> API_VARS = Set.of(
        TOPOLOGY_WORKER_CHILDOPTS, TOPOLOGY_COMPONENT_JVMOPTS, TOPOLOGY_TICK_TUPLE_FREQ_MS,
        TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS, TOPOLOGY_DEBUG, TOPOLOGY_STMGRS, TOPOLOGY_MESSAGE_TIMEOUT_SECS,
        TOPOLOGY_COMPONENT_PARALLELISM, TOPOLOGY_MAX_SPOUT_PENDING, TOPOLOGY_SERIALIZER_CLASSNAME,
        TOPOLOGY_RELIABILITY_MODE, TOPOLOGY_CONTAINER_CPU_REQUESTED, TOPOLOGY_CONTAINER_RAM_REQUESTED,
        TOPOLOGY_CONTAINER_DISK_REQUESTED, TOPOLOGY_CONTAINER_MAX_CPU_HINT, TOPOLOGY_CONTAINER_MAX_RAM_HINT,
        TOPOLOGY_CONTAINER_MAX_DISK_HINT, TOPOLOGY_CONTAINER_MAX_NUM_INSTANCES, TOPOLOGY_CONTAINER_PADDING_PERCENTAGE,
        TOPOLOGY_CONTAINER_RAM_PADDING, TOPOLOGY_CONTAINER_CPU_PADDING, TOPOLOGY_COMPONENT_CPUMAP,
        TOPOLOGY_COMPONENT_RAMMAP, TOPOLOGY_COMPONENT_DISKMAP, TOPOLOGY_PACKING_FFD_SORTING_STRATEGY,
        TOPOLOGY_STATEFUL_CHECKPOINT_INTERVAL_SECONDS, TOPOLOGY_STATEFUL_START_CLEAN, TOPOLOGY_STATEFUL_CKPTMGR_RAM,
        TOPOLOGY_STATEFUL_SPILL_STATE, TOPOLOGY_STATEFUL_SPILL_STATE_LOCATION, TOPOLOGY_STMGR_RAM,
        TOPOLOGY_METRICSMGR_RAM, TOPOLOGY_NAME, TOPOLOGY_TEAM_NAME, TOPOLOGY_TEAM_EMAIL, TOPOLOGY_CAP_TICKET,
        TOPOLOGY_PROJECT_NAME, TOPOLOGY_ADDITIONAL_CLASSPATH, TOPOLOGY_UPDATE_DEACTIVATE_WAIT_SECS,
        TOPOLOGY_UPDATE_REACTIVATE_WAIT_SECS, TOPOLOGY_REMOTE_DEBUGGING_ENABLE, TOPOLOGY_DROPTUPLES_UPON_BACKPRESSURE,
        TOPOLOGY_COMPONENT_OUTPUT_BPS, TOPOLOGY_TICK_TUPLE_FREQ_SECS);

    /** What Heron does for the delivery of tuples. */
    public enum TopologyReliabilityMode {
        /** Nothing: tuples may get lost. */
        ATMOST_ONCE,
        /** Tuples are tracked, and failed at their spout if they were not acked in time. */
        ATLEAST_ONCE,
        /** The components' state is saved at intervals, and the topology goes back to it after a failure. */
        EFFECTIVELY_ONCE
    }

    public Config() {
    }

    /** A copy of the settings. */
    public Config(Map<String, Object> map) {
        super(map);
    }

    public static void setDebug(Map<String, Object> conf, boolean isOn) {
        conf.put(TOPOLOGY_DEBUG, String.valueOf(isOn));
    }

    public void setDebug(boolean isOn) {
        setDebug(this, isOn);
    }

    public static void setTeamName(Map<String, Object> conf, String teamName) {
        conf.put(TOPOLOGY_TEAM_NAME, teamName);
    }

    public void setTeamName(String teamName) {
        setTeamName(this, teamName);
    }

    public static void setTeamEmail(Map<String, Object> conf, String teamEmail) {
        conf.put(TOPOLOGY_TEAM_EMAIL, teamEmail);
    }

    public void setTeamEmail(String teamEmail) {
        setTeamEmail(this, teamEmail);
    }

    public static void setTopologyCapTicket(Map<String, Object> conf, String ticket) {
        conf.put(TOPOLOGY_CAP_TICKET, ticket);
    }

    public void setTopologyCapTicket(String ticket) {
        setTopologyCapTicket(this, ticket);
    }

    public static void setTopologyProjectName(Map<String, Object> conf, String project) {
        conf.put(TOPOLOGY_PROJECT_NAME, project);
    }

    public void setTopologyProjectName(String project) {
        setTopologyProjectName(this, project);
    }

    public static void setNumStmgrs(Map<String, Object> conf, int stmgrs) {
        conf.put(TOPOLOGY_STMGRS, String.valueOf(stmgrs));
    }

    public void setNumStmgrs(int stmgrs) {
        setNumStmgrs(this, stmgrs);
    }

    public static void setSerializationClassName(Map<String, Object> conf, String className) {
        conf.put(TOPOLOGY_SERIALIZER_CLASSNAME, className);
    }

    public void setSerializationClassName(String className) {
        setSerializationClassName(this, className);
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // the API's signature
    public static void setKryoFactory(Map conf, Class<? extends IKryoFactory> klass) {
        conf.put(TOPOLOGY_KRYO_FACTORY, klass.getName());
    }

    public void setKryoFactory(Class<? extends IKryoFactory> klass) {
        setKryoFactory(this, klass);
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // the API's signature
    public static void setSkipMissingKryoRegistrations(Map conf, boolean skip) {
        conf.put(TOPOLOGY_SKIP_MISSING_KRYO_REGISTRATIONS, skip);
    }

    public void setSkipMissingKryoRegistrations(boolean skip) {
        setSkipMissingKryoRegistrations(this, skip);
    }

    /** Registers a class with Kryo, and makes Kryo the serializer. */
    @SuppressWarnings("rawtypes") // the API's signature
    public static void registerKryoSerialization(Map<String, Object> conf, Class klass) {
        setSerializationClassName(conf, HERON_KRYO_SERIALIZER_CLASS_NAME);
        append(conf, TOPOLOGY_KRYO_REGISTER, klass.getName());
    }

    @SuppressWarnings("rawtypes") // the API's signature
    public void registerKryoSerialization(Class klass) {
        registerKryoSerialization(this, klass);
    }

    /** Registers a class and its serializer with Kryo, and makes Kryo the serializer. */
    @SuppressWarnings("rawtypes") // the API's signature
    public static void registerKryoSerialization(
        Map<String, Object> conf, Class klass, Class<? extends Serializer> serializerClass) {
        setSerializationClassName(conf, HERON_KRYO_SERIALIZER_CLASS_NAME);
        Map<String, String> registration = new HashMap<>();
        registration.put(klass.getName(), serializerClass.getName());
        append(conf, TOPOLOGY_KRYO_REGISTER, registration);
    }

    @SuppressWarnings("rawtypes") // the API's signature
    public void registerKryoSerialization(Class klass, Class<? extends Serializer> serializerClass) {
        registerKryoSerialization(this, klass, serializerClass);
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // the API's signature
    public static void registerDecorator(Map conf, Class<? extends IKryoDecorator> klass) {
        append(conf, TOPOLOGY_KRYO_DECORATORS, klass.getName());
    }

    public void registerDecorator(Class<? extends IKryoDecorator> klass) {
        registerDecorator(this, klass);
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // the API's signature
    public static void setFallBackOnJavaSerialization(Map conf, boolean fallback) {
        conf.put(TOPOLOGY_FALL_BACK_ON_JAVA_SERIALIZATION, fallback);
    }

    public void setFallBackOnJavaSerialization(boolean fallback) {
        setFallBackOnJavaSerialization(this, fallback);
    }

    /** A new list each time, so that copies of a configuration do not share it. */
    private static void append(Map<String, Object> conf, String key, Object element) {
        List<Object> list = new ArrayList<>((List<?>) conf.getOrDefault(key, List.of()));
        list.add(element);
        conf.put(key, list);
    }

    /** Whether the mode is {@code ATLEAST_ONCE} or {@code ATMOST_ONCE}.
     * @deprecated use {@link #setTopologyReliabilityMode(TopologyReliabilityMode)} */
    @Deprecated
    public static void setEnableAcking(Map<String, Object> conf, boolean acking) {
        setTopologyReliabilityMode(conf,
            acking ? TopologyReliabilityMode.ATLEAST_ONCE : TopologyReliabilityMode.ATMOST_ONCE);
    }

    @Deprecated
    public void setEnableAcking(boolean acking) {
        setEnableAcking(this, acking);
    }

    public static void setMessageTimeoutSecs(Map<String, Object> conf, int secs) {
        conf.put(TOPOLOGY_MESSAGE_TIMEOUT_SECS, String.valueOf(secs));
    }

    public void setMessageTimeoutSecs(int secs) {
        setMessageTimeoutSecs(this, secs);
    }

    public static void setComponentParallelism(Map<String, Object> conf, int parallelism) {
        conf.put(TOPOLOGY_COMPONENT_PARALLELISM, String.valueOf(parallelism));
    }

    public void setComponentParallelism(int parallelism) {
        setComponentParallelism(this, parallelism);
    }

    public static void setMaxSpoutPending(Map<String, Object> conf, int max) {
        conf.put(TOPOLOGY_MAX_SPOUT_PENDING, String.valueOf(max));
    }

    public void setMaxSpoutPending(int max) {
        setMaxSpoutPending(this, max);
    }

    public static void setTickTupleFrequency(Map<String, Object> conf, int seconds) {
        setTickTupleFrequencyMs(conf, seconds * 1000L);
    }

    public void setTickTupleFrequency(int seconds) {
        setTickTupleFrequency(this, seconds);
    }

    public static void setTickTupleFrequencyMs(Map<String, Object> conf, long millis) {
        conf.put(TOPOLOGY_TICK_TUPLE_FREQ_MS, millis);
    }

    public static void setTopologyReliabilityMode(Map<String, Object> conf, TopologyReliabilityMode mode) {
        conf.put(TOPOLOGY_RELIABILITY_MODE, String.valueOf(mode));
    }

    public void setTopologyReliabilityMode(TopologyReliabilityMode mode) {
        setTopologyReliabilityMode(this, mode);
    }

    public static void setContainerCpuRequested(Map<String, Object> conf, double ncpus) {
        conf.put(TOPOLOGY_CONTAINER_CPU_REQUESTED, String.valueOf(ncpus));
    }

    public void setContainerCpuRequested(double ncpus) {
        setContainerCpuRequested(this, ncpus);
    }

    public static void setContainerDiskRequested(Map<String, Object> conf, ByteAmount nbytes) {
        conf.put(TOPOLOGY_CONTAINER_DISK_REQUESTED, Long.toString(nbytes.asBytes()));
    }

    public void setContainerDiskRequested(ByteAmount nbytes) {
        setContainerDiskRequested(this, nbytes);
    }

    /** @deprecated use a {@link ByteAmount} */
    @Deprecated
    public static void setContainerDiskRequested(Map<String, Object> conf, long nbytes) {
        setContainerDiskRequested(conf, ByteAmount.fromBytes(nbytes));
    }

    @Deprecated
    public void setContainerDiskRequested(long nbytes) {
        setContainerDiskRequested(this, nbytes);
    }

    public static void setContainerRamRequested(Map<String, Object> conf, ByteAmount nbytes) {
        conf.put(TOPOLOGY_CONTAINER_RAM_REQUESTED, Long.toString(nbytes.asBytes()));
    }

    public void setContainerRamRequested(ByteAmount nbytes) {
        setContainerRamRequested(this, nbytes);
    }

    /** @deprecated use a {@link ByteAmount} */
    @Deprecated
    public static void setContainerRamRequested(Map<String, Object> conf, long nbytes) {
        setContainerRamRequested(conf, ByteAmount.fromBytes(nbytes));
    }

    @Deprecated
    public void setContainerRamRequested(long nbytes) {
        setContainerRamRequested(this, nbytes);
    }

    public static void setContainerMaxCpuHint(Map<String, Object> conf, double ncpus) {
        conf.put(TOPOLOGY_CONTAINER_MAX_CPU_HINT, String.valueOf(ncpus));
    }

    public void setContainerMaxCpuHint(double ncpus) {
        setContainerMaxCpuHint(this, ncpus);
    }

    public static void setContainerMaxDiskHint(Map<String, Object> conf, ByteAmount nbytes) {
        conf.put(TOPOLOGY_CONTAINER_MAX_DISK_HINT, Long.toString(nbytes.asBytes()));
    }

    public void setContainerMaxDiskHint(ByteAmount nbytes) {
        setContainerMaxDiskHint(this, nbytes);
    }

    public static void setContainerMaxRamHint(Map<String, Object> conf, ByteAmount nbytes) {
        conf.put(TOPOLOGY_CONTAINER_MAX_RAM_HINT, Long.toString(nbytes.asBytes()));
    }

    public void setContainerMaxRamHint(ByteAmount nbytes) {
        setContainerMaxRamHint(this, nbytes);
    }

    public static void setContainerPaddingPercentage(Map<String, Object> conf, int percentage) {
        conf.put(TOPOLOGY_CONTAINER_PADDING_PERCENTAGE, String.valueOf(percentage));
    }

    public void setContainerPaddingPercentage(int percentage) {
        setContainerPaddingPercentage(this, percentage);
    }

    public static void setContainerRamPadding(Map<String, Object> conf, ByteAmount nbytes) {
        conf.put(TOPOLOGY_CONTAINER_RAM_PADDING, Long.toString(nbytes.asBytes()));
    }

    public void setContainerRamPadding(ByteAmount nbytes) {
        setContainerRamPadding(this, nbytes);
    }

    public static void setContainerCpuPadding(Map<String, Object> conf, double ncpus) {
        conf.put(TOPOLOGY_CONTAINER_CPU_PADDING, String.valueOf(ncpus));
    }

    public void setContainerCpuPadding(double ncpus) {
        setContainerCpuPadding(this, ncpus);
    }

    public static void setMaxNumInstancesPerContainer(Map<String, Object> conf, int n) {
        conf.put(TOPOLOGY_CONTAINER_MAX_NUM_INSTANCES, String.valueOf(n));
    }

    public void setTopologyContainerMaxNumInstances(int n) {
        setMaxNumInstancesPerContainer(this, n);
    }

    public static void setComponentCpuMap(Map<String, Object> conf, String cpuMap) {
        conf.put(TOPOLOGY_COMPONENT_CPUMAP, cpuMap);
    }

    public void setComponentCpuMap(String cpuMap) {
        setComponentCpuMap(this, cpuMap);
    }

    public static void setComponentRamMap(Map<String, Object> conf, String ramMap) {
        conf.put(TOPOLOGY_COMPONENT_RAMMAP, ramMap);
    }

    public void setComponentRamMap(String ramMap) {
        setComponentRamMap(this, ramMap);
    }

    public static void setComponentDiskMap(Map<String, Object> conf, String diskMap) {
        conf.put(TOPOLOGY_COMPONENT_DISKMAP, diskMap);
    }

    public void setComponentDiskMap(String diskMap) {
        setComponentDiskMap(this, diskMap);
    }

    public static void setComponentCpu(Map<String, Object> conf, String component, double cpu) {
        join(conf, TOPOLOGY_COMPONENT_CPUMAP, String.format(Locale.ROOT, "%s:%f", component, cpu), ",");
    }

    public void setComponentCpu(String component, double cpu) {
        setComponentCpu(this, component, cpu);
    }

    public static void setComponentRam(Map<String, Object> conf, String component, ByteAmount ramInBytes) {
        join(conf, TOPOLOGY_COMPONENT_RAMMAP, component + ":" + ramInBytes.asBytes(), ",");
    }

    public void setComponentRam(String component, ByteAmount ramInBytes) {
        setComponentRam(this, component, ramInBytes);
    }

    /** @deprecated use a {@link ByteAmount} */
    @Deprecated
    public static void setComponentRam(Map<String, Object> conf, String component, long ramInBytes) {
        setComponentRam(conf, component, ByteAmount.fromBytes(ramInBytes));
    }

    /** @deprecated use a {@link ByteAmount} */
    @Deprecated
    public void setComponentRam(String component, long ramInBytes) {
        setComponentRam(this, component, ramInBytes);
    }

    public static void setComponentDisk(Map<String, Object> conf, String component, ByteAmount diskInBytes) {
        join(conf, TOPOLOGY_COMPONENT_DISKMAP, component + ":" + diskInBytes.asBytes(), ",");
    }

    public void setComponentDisk(String component, ByteAmount diskInBytes) {
        setComponentDisk(this, component, diskInBytes);
    }

    /** Adds an entry to those that a setting has already; where a component occurs twice, the last one counts. */
    private static void join(Map<String, Object> conf, String key, String entry, String separator) {
        Object entries = conf.get(key);
        conf.put(key, entries == null ? entry : entries + separator + entry);
    }

    public static void setFFDSortingStrategy(Map<String, Object> conf, String sortingStrategy) {
        conf.put(TOPOLOGY_PACKING_FFD_SORTING_STRATEGY, sortingStrategy);
    }

    public void setFFDSortingStrategy(String sortingStrategy) {
        setFFDSortingStrategy(this, sortingStrategy);
    }

    public void setUpdateDeactivateWaitDuration(int seconds) {
        put(TOPOLOGY_UPDATE_DEACTIVATE_WAIT_SECS, Integer.toString(seconds));
    }

    public void setUpdateReactivateWaitDuration(int seconds) {
        put(TOPOLOGY_UPDATE_REACTIVATE_WAIT_SECS, Integer.toString(seconds));
    }

    /** Class names of the hooks of every task. */
    public static void setAutoTaskHooks(Map<String, Object> conf, List<String> hooks) {
        conf.put(TOPOLOGY_AUTO_TASK_HOOKS, hooks);
    }

    public void setAutoTaskHooks(List<String> hooks) {
        setAutoTaskHooks(this, hooks);
    }

    /** The class names set by {@link #setAutoTaskHooks}; null if there are none. */
    @SuppressWarnings("unchecked") // set by nothing else
    public static List<String> getAutoTaskHooks(Map<String, Object> conf) {
        return (List<String>) conf.get(TOPOLOGY_AUTO_TASK_HOOKS);
    }

    public List<String> getAutoTaskHooks() {
        return getAutoTaskHooks(this);
    }

    /** Adds to the instances' class path, in the given configuration. */
    public void addClasspath(Map<String, Object> conf, String classpath) {
        join(conf, TOPOLOGY_ADDITIONAL_CLASSPATH, classpath, ":");
    }

    /** JVM options of a component's instances, in addition to those of all. */
    public static void setComponentJvmOptions(Map<String, Object> conf, String component, String jvmOptions) {
        String entry = String.format("\"%s\":\"%s\"", base64(component), base64(jvmOptions));
        String object = (String) conf.get(TOPOLOGY_COMPONENT_JVMOPTS);
        conf.put(TOPOLOGY_COMPONENT_JVMOPTS,
            object == null ? "{" + entry + "}" : object.substring(0, object.length() - 1) + "," + entry + "}");
    }

    public void setComponentJvmOptions(String component, String jvmOptions) {
        setComponentJvmOptions(this, component, jvmOptions);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The keys whose values are text in a definition. */
    public Set<String> getApiVars() {
        return API_VARS;
    }

    public static void setTopologyStatefulCheckpointIntervalSecs(Map<String, Object> conf, int secs) {
        conf.put(TOPOLOGY_STATEFUL_CHECKPOINT_INTERVAL_SECONDS, String.valueOf(secs));
    }

    public void setTopologyStatefulCheckpointIntervalSecs(int secs) {
        setTopologyStatefulCheckpointIntervalSecs(this, secs);
    }

    public static void setTopologyStatefulStartClean(Map<String, Object> conf, boolean clean) {
        conf.put(TOPOLOGY_STATEFUL_START_CLEAN, String.valueOf(clean));
    }

    public void setTopologyStatefulStartClean(boolean clean) {
        setTopologyStatefulStartClean(this, clean);
    }

    public static void setCheckpointManagerRam(Map<String, Object> conf, ByteAmount ramInBytes) {
        conf.put(TOPOLOGY_STATEFUL_CKPTMGR_RAM, ramInBytes.asBytes());
    }

    public void setCheckpointManagerRam(ByteAmount ramInBytes) {
        setCheckpointManagerRam(this, ramInBytes);
    }

    public static void setStreamManagerRam(Map<String, Object> conf, ByteAmount ramInBytes) {
        conf.put(TOPOLOGY_STMGR_RAM, ramInBytes.asBytes());
    }

    public void setStreamManagerRam(ByteAmount ramInBytes) {
        setStreamManagerRam(this, ramInBytes);
    }

    public static void setMetricsmgrRam(Map<String, Object> conf, ByteAmount ramInBytes) {
        conf.put(TOPOLOGY_METRICSMGR_RAM, ramInBytes.asBytes());
    }

    public void setMetricsmgrRam(ByteAmount ramInBytes) {
        setMetricsmgrRam(this, ramInBytes);
    }

    public static void setTopologyStatefulSpillState(Map<String, Object> conf, String spillState) {
        conf.put(TOPOLOGY_STATEFUL_SPILL_STATE, spillState);
    }

    public void setTopologyStatefulSpillState(String spillState) {
        setTopologyStatefulSpillState(this, spillState);
    }

    public static void setTopologyStatefulSpillStateLocation(Map<String, Object> conf, String location) {
        conf.put(TOPOLOGY_STATEFUL_SPILL_STATE_LOCATION, location);
    }

    public void setTopologyStatefulSpillStateLocation(String location) {
        setTopologyStatefulSpillStateLocation(this, location);
    }

    @SuppressWarnings("rawtypes") // the API's signature
    public static void setEnvironment(Map<String, Object> conf, Map env) {
        conf.put(TOPOLOGY_ENVIRONMENT, env);
    }

    /**
     * Has every instance run a task at intervals, on the thread of its component.
     *
     * @param task must be serializable
     * @throws IllegalArgumentException if the interval is not positive or the name is taken
     */
    @SuppressWarnings("unchecked") // set by nothing else
    public static void registerTopologyTimerEvents(
        Map<String, Object> conf, String name, Duration interval, Runnable task) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("the interval of the timer '" + name + "' is " + interval
                + "; it must be positive");
        }
        Map<String, Pair<Duration, Runnable>> timers = new HashMap<>(
            (Map<String, Pair<Duration, Runnable>>) conf.getOrDefault(TOPOLOGY_TIMER_EVENTS, Map.of()));
        if (timers.putIfAbsent(name, Pair.of(interval, task)) != null) {
            throw new IllegalArgumentException("the timer '" + name + "' is registered twice");
        }
        conf.put(TOPOLOGY_TIMER_EVENTS, timers);
    }

    public void registerTopologyTimerEvents(String name, Duration interval, Runnable task) {
        registerTopologyTimerEvents(this, name, interval, task);
    }

    public void setTopologyRemoteDebugging(boolean isOn) {
        put(TOPOLOGY_REMOTE_DEBUGGING_ENABLE, String.valueOf(isOn));
    }

    public void setTopologyDropTuplesUponBackpressure(boolean dropTuples) {
        put(TOPOLOGY_DROPTUPLES_UPON_BACKPRESSURE, String.valueOf(dropTuples));
    }

    /** @deprecated a setting of components: use {@code addConfiguration} */
    @Deprecated
    public static void setTopologyComponentOutputBPS(Map<String, Object> conf, long bps) {
        conf.put(TOPOLOGY_COMPONENT_OUTPUT_BPS, String.valueOf(bps));
    }

    @Deprecated
    public void setTopologyComponentOutputBPS(long bps) {
        setTopologyComponentOutputBPS(this, bps);
    }
}
