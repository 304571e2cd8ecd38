package org.apache.heron.api.state;

import java.io.Serializable;
import java.util.Map;

/** What a stateful component keeps across checkpoints. */
public interface State<K extends Serializable, V extends Serializable> extends Map<K, V> {
}
