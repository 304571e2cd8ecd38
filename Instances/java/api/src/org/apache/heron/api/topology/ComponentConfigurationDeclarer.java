package org.apache.heron.api.topology;

import java.util.Map;

/** Settings of one component of a topology under construction. */
public interface ComponentConfigurationDeclarer<T extends ComponentConfigurationDeclarer<?>> {
    T addConfigurations(Map<String, Object> conf);

    T addConfiguration(String config, Object value);

    T setDebug(boolean debug);

    T setMaxSpoutPending(Number val);
}
