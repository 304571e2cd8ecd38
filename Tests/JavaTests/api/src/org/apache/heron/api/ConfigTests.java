package org.apache.heron.api;

import static org.apache.heron.api.testing.Check.equal;
import static org.apache.heron.api.testing.Check.fails;
import static org.apache.heron.api.testing.Check.test;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.apache.heron.api.utils.Utils;
import org.apache.heron.common.basics.ByteAmount;

/** Tests of the values that Config's setters keep, and of their form in definitions. */
public final class ConfigTests {
    private ConfigTests() {
    }

    public static void run() {
        test("Config: numbers and switches are text", () -> {
            Config config = new Config();
            config.setDebug(true);
            config.setNumStmgrs(3);
            config.setContainerCpuRequested(4);
            config.setContainerRamRequested(ByteAmount.fromGigabytes(1));
            config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
            config.setUpdateReactivateWaitDuration(7);
            equal(config, Map.of("topology.debug", "true", "topology.stmgrs", "3", "topology.container.cpu", "4.0",
                "topology.container.ram", "1073741824", "topology.reliability.mode", "ATLEAST_ONCE",
                "topology.update.reactivate.wait.secs", "7"));
        });
        test("Config: maps of components grow, whatever the locale", () -> {
            Locale before = Locale.getDefault();
            Locale.setDefault(Locale.GERMANY);
            try {
                Config config = new Config();
                config.setComponentCpu("a", 0.5);
                config.setComponentCpu("b", 1);
                config.setComponentRam("a", ByteAmount.fromBytes(1));
                config.setComponentDisk("a", ByteAmount.fromBytes(2));
                equal(config, Map.of("topology.component.cpumap", "a:0.500000,b:1.000000",
                    "topology.component.rammap", "a:1", "topology.component.diskmap", "a:2"));
            } finally {
                Locale.setDefault(before);
            }
        });
        test("Config: JVM options of components are base64 in JSON", () -> {
            Config config = new Config();
            config.setComponentJvmOptions("word", "-Xmn1m");
            config.setComponentJvmOptions("b", "-Da=\"ä\"");
            equal(config.get(Config.TOPOLOGY_COMPONENT_JVMOPTS),
                "{\"d29yZA==\":\"LVhtbjFt\",\"Yg==\":\"LURhPSLDpCI=\"}");
        });
        test("Config: ticks are in milliseconds", () -> {
            Config config = new Config();
            config.setTickTupleFrequency(3_000_000);
            equal(config.get(Config.TOPOLOGY_TICK_TUPLE_FREQ_MS), 3_000_000_000L);
        });
        test("Config: Kryo's registrations are lists that copies do not share", () -> {
            Config config = new Config();
            config.registerKryoSerialization(String.class);
            Config copy = new Config(config);
            copy.registerKryoSerialization(Integer.class);
            equal(config.get(Config.TOPOLOGY_KRYO_REGISTER), List.of("java.lang.String"));
            equal(copy.get(Config.TOPOLOGY_KRYO_REGISTER), List.of("java.lang.String", "java.lang.Integer"));
            equal(config.get(Config.TOPOLOGY_SERIALIZER_CLASSNAME), Config.HERON_KRYO_SERIALIZER_CLASS_NAME);
        });
        test("Config: timers", () -> {
            Config config = new Config();
            config.registerTopologyTimerEvents("t", Duration.ofSeconds(1), null);
            fails(IllegalArgumentException.class,
                () -> config.registerTopologyTimerEvents("t", Duration.ofSeconds(1), null), "'t'", "twice");
            fails(IllegalArgumentException.class,
                () -> config.registerTopologyTimerEvents("u", Duration.ZERO, null), "'u'", "positive");
        });
        test("Config: class path grows in the given configuration", () -> {
            Config config = new Config();
            config.addClasspath(config, "a.jar");
            config.addClasspath(config, "b.jar");
            equal(config.get(Config.TOPOLOGY_ADDITIONAL_CLASSPATH), "a.jar:b.jar");
        });
        test("Config: in definitions Heron's settings are text, the author's serialized", () -> {
            Config config = new Config();
            config.put(Config.TOPOLOGY_MAX_SPOUT_PENDING, 10);
            config.put("own", List.of(1));
            config.put("nothing", null);
            var settings = Utils.getConfigBuilder(config).build().getKvsList();
            equal(settings.size(), 2);
            for (var setting : settings) {
                boolean own = setting.getKey().equals("own");
                equal(setting.hasValue(), !own);
                equal(setting.getType().name(), own ? "JAVA_SERIALIZED_VALUE" : "STRING_VALUE");
                equal(own ? Utils.deserialize(setting.getSerializedValue().toByteArray()) : setting.getValue(),
                    own ? List.of(1) : "10");
            }
        });
        test("Config: a value that is not serializable is named", () -> {
            Config config = new Config();
            config.put("own", Map.of("k", new Object()));
            fails(IllegalArgumentException.class, () -> Utils.getConfigBuilder(config), "'own'", "[0]",
                "java.lang.Object", "not java.io.Serializable");
        });
    }
}
