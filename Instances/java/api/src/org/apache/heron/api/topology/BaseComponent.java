package org.apache.heron.api.topology;

import java.util.Map;

/** A component without settings of its own. */
public abstract class BaseComponent implements IComponent {
    private static final long serialVersionUID = 4922360537045442614L;

    @Override
    public Map<String, Object> getComponentConfiguration() {
        return null;
    }
}
