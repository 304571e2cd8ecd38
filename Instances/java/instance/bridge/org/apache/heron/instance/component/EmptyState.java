package org.apache.heron.instance.component;

import java.io.Serializable;
import org.apache.heron.api.state.HashMapState;
import org.apache.heron.api.topology.IStatefulComponent;

/** Apart from the other classes, which must do without these of Heron's API: its older versions lack them. */
final class EmptyState {
    private EmptyState() {}

    /** Gives a component that has state an empty one. */
    @SuppressWarnings("unchecked") // The component chose the types, and gets an empty state.
    static void giveTo(Object component) {
        if (component instanceof IStatefulComponent) {
            ((IStatefulComponent<Serializable, Serializable>) component).initState(new HashMapState<>());
        }
    }
}
