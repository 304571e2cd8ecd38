package org.apache.heron.api.topology;

import java.io.Serializable;

import org.apache.heron.api.state.State;

/** A component with state that checkpoints save ({@code EFFECTIVELY_ONCE}). */
public interface IStatefulComponent<K extends Serializable, V extends Serializable> extends IComponent {
    /** Takes over the state of the last checkpoint, or an empty one; called before {@code open} or {@code prepare}. */
    void initState(State<K, V> state);

    /** The state is about to be saved as the given checkpoint. */
    void preSave(String checkpointId);
}
