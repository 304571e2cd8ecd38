package org.apache.heron.instance.logging;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.apache.heron.instance.InstanceError;
import org.apache.heron.instance.config.InstanceSettings;

/**
 * Logging of the instance and of the topology's code: {@code <directory>/<instance id>.log.0}, rotated.
 *
 * What the topology prints goes there too, as in Heron.
 */
public final class InstanceLogs {
    private static volatile List<PrintStream> captured = List.of();

    private InstanceLogs() {}

    /** A log manager whose handlers live on while the instance shuts down. */
    public static final class Manager extends LogManager {
        @Override
        public void reset() {
            // Java's own shutdown hook calls this at once, and what the topology's cleaning up logs would be lost.
        }

        private void resetNow() {
            super.reset();
        }
    }

    /** Must be called before anything is logged. */
    public static void useOwnManager() {
        System.setProperty("java.util.logging.manager", Manager.class.getName());
    }

    /**
     * Sends every log record and everything printed to the instance's file, and errors to stderr too, where the
     * executor records them. Older files are `.log.1`, `.log.2` and so on.
     *
     * @throws InstanceError if the file cannot be written.
     */
    public static void setUp(String instanceId, InstanceSettings settings) {
        Path folder = Path.of(settings.logDirectory);
        String pattern = folder.toString().replace("%", "%%") + "/" + instanceId.replace("%", "%%") + ".log.%g";
        Handler file;
        try {
            Files.createDirectories(folder);
            long bytes = settings.logMaximumMegabytes * 1024L * 1024L;
            file = new FileHandler(pattern, bytes, settings.logMaximumFiles, true);
            file.setEncoding(StandardCharsets.UTF_8.name());
        } catch (IOException error) {
            throw new InstanceError("cannot write log file " + folder + "/" + instanceId + ".log.0: " + error);
        }
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        // Takes the process's own stderr, before it is replaced.
        Handler errors = new ConsoleHandler();
        errors.setLevel(Level.SEVERE);
        for (Handler handler : new Handler[] {file, errors}) {
            handler.setFormatter(new LineFormatter());
            root.addHandler(handler);
        }
        captured = List.of(printStream("stdout"), printStream("stderr"));
        System.setOut(captured.get(0));
        System.setErr(captured.get(1));
    }

    /** Writes what is logged to the files, and closes them. */
    public static void close() {
        // The topology may have put others, with buffers, in front of ours.
        System.out.flush();
        System.err.flush();
        captured.forEach(PrintStream::close);
        LogManager manager = LogManager.getLogManager();
        if (manager instanceof Manager) {
            ((Manager) manager).resetNow();
        }
    }

    private static PrintStream printStream(String name) {
        return new PrintStream(new LogStream(Logger.getLogger(name)), true, StandardCharsets.UTF_8);
    }
}
