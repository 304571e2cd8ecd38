package org.apache.heron.api.utils;

import java.io.NotSerializableException;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds by which fields an object reaches one that is not serializable; Java itself names only the latter's class.
 * Fields that reflection may not open are passed over, except for the elements of collections and maps.
 */
final class SerializationFault {
    private static final int MOST_OBJECTS = 100_000;

    private final String culprit;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private SerializationFault(String culprit) {
        this.culprit = culprit;
    }

    /** One line: the path to the object that could not be written, and what to do. */
    static String describe(Object root, NotSerializableException failure) {
        String culprit = failure.getMessage();
        if (!(root instanceof Serializable)) {
            return culprit + " is not java.io.Serializable";
        }
        String path = new SerializationFault(culprit).find(root, root.getClass().getName());
        return (path == null ? "" : path + " is a ") + culprit + (path == null ? "" : ", which")
            + " is not java.io.Serializable: make the field transient and set it when the component starts";
    }

    /** The path to the culprit from the object, which is reached by the given one; null if there is none. */
    private String find(Object object, String path) {
        if (object == null || seen.size() > MOST_OBJECTS || !seen.add(object)) {
            return null;
        }
        if (!(object instanceof Serializable)) {
            return object.getClass().getName().equals(culprit) ? path : null;
        }
        if (object instanceof Object[]) {
            return findIn(Arrays.asList((Object[]) object), path);
        }
        if (object instanceof Collection) {
            return findIn((Collection<?>) object, path);
        }
        if (object instanceof Map) {
            String found = findIn(((Map<?, ?>) object).keySet(), path);
            return found != null ? found : findIn(((Map<?, ?>) object).values(), path);
        }
        return findInFields(object, path);
    }

    private String findIn(Collection<?> elements, String path) {
        int index = 0;
        for (Object element : elements) {
            String found = find(element, path + "[" + index++ + "]");
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private String findInFields(Object object, String path) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            ObjectStreamClass stream = ObjectStreamClass.lookup(type);
            ObjectStreamField[] fields = stream == null ? new ObjectStreamField[0] : stream.getFields();
            for (ObjectStreamField field : fields) {
                String found = field.isPrimitive() ? null
                    : find(value(object, type, field.getName()), path + "." + field.getName());
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** The field's value; null if it cannot be read. */
    private static Object value(Object object, Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException | RuntimeException unreadable) {
            return null;
        }
    }
}
