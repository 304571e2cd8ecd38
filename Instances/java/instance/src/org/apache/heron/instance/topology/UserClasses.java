package org.apache.heron.instance.topology;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.heron.instance.InstanceError;

/** The classes of the topology, in a class loader of their own, and the objects that are made of them. */
public final class UserClasses {
    private static final List<Class<?>> PRIMITIVES = List.of(
            boolean.class, byte.class, char.class, short.class, int.class, long.class, float.class, double.class,
            void.class);

    private final ClassLoader loader;

    public UserClasses(ClassLoader loader) {
        this.loader = loader;
    }

    public ClassLoader loader() {
        return loader;
    }

    /**
     * An object as Java's serialization wrote it.
     *
     * @throws InstanceError if it cannot be deserialized; `what` names it.
     */
    public Object deserialize(byte[] bytes, String what) {
        try {
            return deserialize(bytes);
        } catch (ClassNotFoundException | NoClassDefFoundError error) {
            throw new InstanceError(what + " cannot be deserialized: class " + error.getMessage()
                    + " is not in the topology's jar", error);
        } catch (IOException | RuntimeException | LinkageError error) {
            throw new InstanceError(what + " cannot be deserialized: " + error, error);
        }
    }

    /** An object as Java's serialization wrote it. */
    public Object deserialize(byte[] bytes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream stream = new UserObjects(new ByteArrayInputStream(bytes))) {
            return stream.readObject();
        }
    }

    /**
     * An object of the class of that name, made without arguments.
     *
     * @throws InstanceError if there is no such class or it cannot be used; `what` says for what.
     */
    public Object newInstance(String className, String what) {
        try {
            return Class.forName(className, true, loader).getConstructor().newInstance();
        } catch (ClassNotFoundException error) {
            throw new InstanceError(what + ": class " + className + " is not in the topology's jar", error);
        } catch (NoSuchMethodException error) {
            throw new InstanceError(what + ": class " + className + " has no public constructor without arguments",
                    error);
        } catch (ReflectiveOperationException | LinkageError error) {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            throw new InstanceError(what + ": class " + className + " cannot be used: " + cause, cause);
        }
    }

    /** Finds classes where the topology's are, not where this class is. */
    private final class UserObjects extends ObjectInputStream {
        UserObjects(InputStream stream) throws IOException {
            super(stream);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
            for (Class<?> primitive : PRIMITIVES) {
                if (primitive.getName().equals(description.getName())) {
                    return primitive;
                }
            }
            return Class.forName(description.getName(), false, loader);
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws ClassNotFoundException {
            Class<?>[] classes = new Class<?>[interfaces.length];
            for (int index = 0; index < interfaces.length; index++) {
                classes[index] = Class.forName(interfaces[index], false, loader);
            }
            // The method that gives the class alone is deprecated.
            return Proxy.newProxyInstance(loader, classes, (proxy, method, arguments) -> null).getClass();
        }
    }
}
