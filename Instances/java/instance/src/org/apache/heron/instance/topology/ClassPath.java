package org.apache.heron.instance.topology;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.instance.InstanceError;

/**
 * The class path of this process: the instance's own jars, all in one folder, and the topology's.
 *
 * Heron's executor puts both on one class path. The topology gets a class loader that sees its own jars and Java's
 * classes alone, so that it can bring whatever versions of libraries and of Heron's API it likes.
 */
public final class ClassPath {
    private final List<Path> entries = new ArrayList<>();
    private final Path ownFolder;

    /** Throws {@link InstanceError} if the instance's own jar is not on the class path. */
    public ClassPath() {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            entries.add(Path.of(entry.isEmpty() ? "." : entry).toAbsolutePath().normalize());
        }
        ownFolder = ownJar().getParent();
    }

    /** The jar of the classes that connect the instance with the API of this package, as `org.apache.heron`. */
    Path bridge(String apiPackage) {
        return ownFolder.resolve("bridge").resolve(apiPackage + ".jar");
    }

    /** A class loader of the topology's jars. */
    public ClassLoader topologyLoader() {
        URL[] urls = entries.stream()
                .filter(entry -> !ownFolder.equals(entry.getParent()))
                .map(ClassPath::url)
                .toArray(URL[]::new);
        return new URLClassLoader("topology", urls, ClassLoader.getPlatformClassLoader());
    }

    static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException error) {
            throw new InstanceError("'" + path + "' cannot be on the class path: " + error.getMessage());
        }
    }

    /** As the class path has it: where Java says that a class came from, links are resolved. */
    private Path ownJar() {
        try {
            Path own = Path.of(ClassPath.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            for (Path entry : entries) {
                if (Files.exists(entry) && Files.isSameFile(entry, own)) {
                    return entry;
                }
            }
            throw new InstanceError("the instance's own jar " + own + " is not on the class path");
        } catch (URISyntaxException | IOException error) {
            throw new InstanceError("cannot find the instance's own jar: " + error);
        }
    }
}
