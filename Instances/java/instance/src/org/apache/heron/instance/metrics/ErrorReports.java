package org.apache.heron.instance.metrics;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.heron.proto.system.Metrics.ExceptionData;

/** The errors that the topology's code reports, counted by their stack traces until they are published. */
public final class ErrorReports {
    private static final Logger LOG = Logger.getLogger(ErrorReports.class.getName());
    private static final int MAXIMUM_DIFFERENT = 128;

    private final Map<String, ExceptionData.Builder> reports = new LinkedHashMap<>();

    /** Logs an error, and counts it for the metrics manager. For any thread. */
    public void add(Throwable error) {
        LOG.log(Level.WARNING, "reported by the topology", error);
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace, true));
        String now = Instant.now().toString();
        synchronized (this) {
            ExceptionData.Builder report = reports.get(trace.toString());
            if (report == null && reports.size() < MAXIMUM_DIFFERENT) {
                report = ExceptionData.newBuilder().setStacktrace(trace.toString()).setFirsttime(now).setLogging("");
                reports.put(trace.toString(), report);
            }
            if (report != null) {
                report.setLasttime(now).setCount(report.getCount() + 1);
            }
        }
    }

    /** The errors since the last time. */
    public synchronized List<ExceptionData> take() {
        List<ExceptionData> taken = new ArrayList<>();
        reports.values().forEach(report -> taken.add(report.build()));
        reports.clear();
        return taken;
    }
}
