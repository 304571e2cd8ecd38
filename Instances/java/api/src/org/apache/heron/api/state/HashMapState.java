package org.apache.heron.api.state;

import java.io.Serializable;
import java.util.HashMap;

/** A {@link State} in a hash map. */
public class HashMapState<K extends Serializable, V extends Serializable> extends HashMap<K, V>
    implements State<K, V> {
    private static final long serialVersionUID = -6152858128057246318L;
}
