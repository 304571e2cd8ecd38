package org.apache.heron.api.tuple;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The names of a tuple's values, in order. Immutable. */
public class Fields implements Iterable<String>, Serializable {
    private static final long serialVersionUID = -1045737418722082345L;

    // Names and types are those of Heron's serialized form.
    @SuppressWarnings("serial") // both are serializable
    private final List<String> fields;
    @SuppressWarnings("serial")
    private final Map<String, Integer> mIndex = new HashMap<>();

    public Fields(String... names) {
        this(Arrays.asList(names));
    }

    /** @throws IllegalArgumentException if two fields have the same name */
    public Fields(List<String> declared) {
        fields = new ArrayList<>(declared);
        for (String name : fields) {
            if (mIndex.put(name, mIndex.size()) != null) {
                throw new IllegalArgumentException("field '" + name + "' is declared twice");
            }
        }
    }

    /** The tuple's values of the selector's fields. */
    public List<Object> select(Fields selector, List<Object> tuple) {
        List<Object> selected = new ArrayList<>(selector.size());
        for (String name : selector.fields) {
            selected.add(tuple.get(fieldIndex(name)));
        }
        return selected;
    }

    /** A list of the names, the caller's to change. */
    public List<String> toList() {
        return new ArrayList<>(fields);
    }

    public int size() {
        return fields.size();
    }

    public String get(int index) {
        return fields.get(index);
    }

    @Override
    public Iterator<String> iterator() {
        return Collections.unmodifiableList(fields).iterator();
    }

    /** @throws IllegalArgumentException if there is no such field */
    public int fieldIndex(String field) {
        Integer position = mIndex.get(field);
        if (position == null) {
            throw new IllegalArgumentException("there is no field '" + field + "' in " + fields);
        }
        return position;
    }

    public boolean contains(String field) {
        return mIndex.containsKey(field);
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
