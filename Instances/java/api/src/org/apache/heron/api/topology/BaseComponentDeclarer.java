package org.apache.heron.api.topology;

import com.google.protobuf.ByteString;

import java.util.Map;

import org.apache.heron.api.Config;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.spout.ISpout;
import org.apache.heron.api.utils.Utils;

/** A component of a topology under construction: its name, object and settings. */
public abstract class BaseComponentDeclarer<T extends ComponentConfigurationDeclarer<?>>
    extends BaseConfigurationDeclarer<T> {
    private final String name;
    private final IComponent component;
    private final Config configuration;

    /**
     * @param taskParallelism the number of tasks; null for 1
     * @throws IllegalArgumentException if there is no component, or less than one task
     */
    public BaseComponentDeclarer(String name, IComponent component, Number taskParallelism) {
        if (component == null) {
            throw new IllegalArgumentException("the component '" + name + "' is null");
        }
        this.name = name;
        this.component = component;
        Map<String, Object> own = component.getComponentConfiguration();
        configuration = own == null ? new Config() : new Config(own);
        int tasks = taskParallelism == null ? 1 : taskParallelism.intValue();
        if (tasks < 1) {
            throw new IllegalArgumentException(described() + " has a parallelism of " + taskParallelism
                + "; it must be at least 1");
        }
        configuration.setComponentParallelism(tasks);
    }

    /** This object, as what it is. */
    public abstract T returnThis();

    protected String getName() {
        return name;
    }

    /** "spout 'word'", for messages. */
    final String described() {
        return (component instanceof ISpout ? "spout '" : "bolt '") + name + "'";
    }

    @Override
    public T addConfigurations(Map<String, Object> conf) {
        configuration.putAll(conf);
        return returnThis();
    }

    /**
     * Writes the component to the definition.
     *
     * @throws IllegalArgumentException if it is not serializable; the message says by which field
     */
    public void dump(TopologyAPI.Component.Builder bldr) {
        bldr.setName(name)
            .setSpec(TopologyAPI.ComponentObjectSpec.JAVA_SERIALIZED_OBJECT)
            .setSerializedObject(ByteString.copyFrom(serialized()))
            .setConfig(Utils.getConfigBuilder(configuration));
    }

    private byte[] serialized() {
        try {
            return Utils.serialize(component);
        } catch (IllegalArgumentException failure) {
            throw new IllegalArgumentException(described() + " cannot be serialized: " + failure.getMessage(), failure);
        }
    }
}
