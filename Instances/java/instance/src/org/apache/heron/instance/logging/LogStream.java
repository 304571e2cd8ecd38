package org.apache.heron.instance.logging;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Logs each line that is written to it. */
final class LogStream extends OutputStream {
    /** Longer lines are cut into several. */
    private static final int MAXIMUM_LINE = 64 * 1024;

    private final Logger logger;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LogStream(Logger logger) {
        this.logger = logger;
    }

    @Override
    public synchronized void write(int value) {
        if (value == '\n') {
            logLine();
            return;
        }
        line.write(value);
        if (line.size() >= MAXIMUM_LINE) {
            logLine();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int index = offset; index < offset + length; index++) {
            write(bytes[index]);
        }
    }

    /** Logs the last line, if it has no end. */
    @Override
    public synchronized void close() {
        if (line.size() > 0) {
            logLine();
        }
    }

    private void logLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        // Not as a pattern with parameters: it is the topology's text.
        logger.logp(Level.INFO, null, null, () -> text);
    }
}
