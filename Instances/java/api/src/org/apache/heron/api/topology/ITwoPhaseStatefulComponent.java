package org.apache.heron.api.topology;

import java.io.Serializable;

/** A stateful component that commits to the outside world only what a whole checkpoint covers. */
public interface ITwoPhaseStatefulComponent<K extends Serializable, V extends Serializable>
    extends IStatefulComponent<K, V> {
    /** Every component has saved the given checkpoint. */
    void postSave(String checkpointId);

    /** The topology goes back to the given checkpoint. */
    void preRestore(String checkpointId);
}
