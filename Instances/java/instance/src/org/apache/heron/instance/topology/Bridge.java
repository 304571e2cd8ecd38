package org.apache.heron.instance.topology;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.task.Task;
import org.apache.heron.instance.task.TaskContext;
import org.apache.heron.instance.task.TaskFactory;

/**
 * The part of the instance that is compiled against Heron's API, once for each package that the API has had.
 *
 * Its classes are loaded anew for the topology: by names they see the topology's copy of the API, the instance's own
 * classes, and themselves. So the topology's objects are called directly, whatever version of the API they came with.
 */
public final class Bridge {
    private static final String INSTANCE = "org.apache.heron.instance.";
    private static final String OWN = INSTANCE + "component.";
    private static final String FACTORY = OWN + "ComponentFactory";
    private static final String[] API_PACKAGES = {"org.apache.heron", "com.twitter.heron"};
    private static final String[] STORM_PACKAGES = {"org.apache.storm", "backtype.storm"};

    private Bridge() {}

    /**
     * Makes the task that runs a component, an object of the topology.
     *
     * @throws InstanceError if the object is neither a spout nor a bolt of a known API.
     */
    public static Task newTask(Object component, TaskContext context, ClassPath classPath, UserClasses classes) {
        String api = apiPackage(component, context.assignment().component.name, classes);
        Path jar = classPath.bridge(api);
        if (!Files.isReadable(jar)) {
            throw new InstanceError("the core package lacks " + jar + ", which is for topologies of " + api + ".api");
        }
        try {
            ClassLoader loader = new Loader(ClassPath.url(jar), classes.loader());
            TaskFactory factory = (TaskFactory) loader.loadClass(FACTORY).getConstructor().newInstance();
            return factory.newTask(component, context);
        } catch (ReflectiveOperationException error) {
            throw new InstanceError(jar + " cannot be used: " + error, error);
        }
    }

    private static String apiPackage(Object component, String name, UserClasses classes) {
        for (String api : API_PACKAGES) {
            if (isA(component, api + ".api.spout.ISpout", classes)
                    || isA(component, api + ".api.bolt.IBolt", classes)) {
                return api;
            }
        }
        String className = component.getClass().getName();
        for (String storm : STORM_PACKAGES) {
            if (isA(component, storm + ".task.IBolt", classes) || isA(component, storm + ".spout.ISpout", classes)) {
                throw new InstanceError("component '" + name + "' (" + className + ") is written for Apache Storm's API,"
                        + " " + storm + "; build the topology against Heron's API");
            }
        }
        throw new InstanceError("component '" + name + "' (" + className + ") is neither a spout nor a bolt of"
                + " org.apache.heron.api or com.twitter.heron.api");
    }

    private static boolean isA(Object object, String interfaceName, UserClasses classes) {
        try {
            return Class.forName(interfaceName, false, classes.loader()).isInstance(object);
        } catch (ClassNotFoundException | LinkageError notThere) {
            return false;
        }
    }

    private static final class Loader extends URLClassLoader {
        Loader(URL jar, ClassLoader topology) {
            super("bridge", new URL[] {jar}, topology);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith(OWN)) {
                synchronized (getClassLoadingLock(name)) {
                    Class<?> loaded = findLoadedClass(name);
                    return loaded == null ? findClass(name) : loaded;
                }
            }
            return name.startsWith(INSTANCE)
                    ? Bridge.class.getClassLoader().loadClass(name)
                    : super.loadClass(name, resolve);
        }
    }
}
