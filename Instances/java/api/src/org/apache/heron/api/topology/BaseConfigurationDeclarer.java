package org.apache.heron.api.topology;

import java.util.Collections;

import org.apache.heron.api.Config;

/** Single settings in terms of {@link #addConfigurations}. */
public abstract class BaseConfigurationDeclarer<T extends ComponentConfigurationDeclarer<?>>
    implements ComponentConfigurationDeclarer<T> {
    @Override
    public T addConfiguration(String config, Object value) {
        return addConfigurations(Collections.singletonMap(config, value));
    }

    @Override
    public T setDebug(boolean debug) {
        return addConfiguration(Config.TOPOLOGY_DEBUG, debug);
    }

    @Override
    public T setMaxSpoutPending(Number val) {
        return addConfiguration(Config.TOPOLOGY_MAX_SPOUT_PENDING, val == null ? null : val.intValue());
    }
}
