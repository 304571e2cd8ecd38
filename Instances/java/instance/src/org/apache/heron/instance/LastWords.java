package org.apache.heron.instance;

import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.heron.instance.logging.InstanceLogs;

/** Says why the instance ends, and ends it. */
final class LastWords {
    private static final Logger LOG = Logger.getLogger(LastWords.class.getName());

    private final String instanceId;
    // Made beforehand: there may be no memory for it when it is needed.
    private final String heapIsFull;

    LastWords(InstanceOptions options) {
        instanceId = options.instanceId;
        heapIsFull = instanceId + ": out of memory: the heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                + " MB is full; give component '" + options.componentName + "' more with topology.component.rammap"
                + " (its heap is its RAM less 192 MB)";
    }

    /** Logs the error and ends the process, without waiting for anything. */
    void endWith(Throwable error) {
        endWith(error, String.valueOf(error));
    }

    private synchronized void endWith(Throwable error, String what) {
        try {
            if (error instanceof OutOfMemoryError) {
                String reason = String.valueOf(error.getMessage());
                boolean isHeap = reason.contains("heap") || reason.contains("GC overhead");
                LOG.severe(isHeap ? heapIsFull : instanceId + ": out of memory: " + reason);
            } else if (error instanceof InstanceError) {
                LOG.log(Level.SEVERE, "{0}: {1}", new Object[] {instanceId, error.getMessage()});
                LOG.log(Level.INFO, "which was found out here", error);
            } else {
                LOG.log(Level.SEVERE, instanceId + ": " + what, error);
            }
            InstanceLogs.close();
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }

    /** The JVM is ending: if code of the topology has called System.exit(), says so and ends the process as failed. */
    void endIfTopologyCalledExit() {
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            // A signal does not pass through this method, and the instance itself never calls it.
            if (Arrays.stream(frames).anyMatch(frame ->
                    frame.getClassName().equals("java.lang.Runtime") && frame.getMethodName().equals("exit"))) {
                Throwable call = new Throwable("the call");
                call.setStackTrace(frames);
                LOG.log(Level.SEVERE,
                        instanceId + ": code of the topology called System.exit() in thread '" + thread.getName() + "'",
                        call);
                InstanceLogs.close();
                Runtime.getRuntime().halt(1);
            }
        });
    }

    /** A thread of the topology's own has ended with an error, without which it would do nothing more, as in Heron. */
    void uncaught(Thread thread, Throwable error) {
        endWith(error, "thread '" + thread.getName() + "' of the topology has ended: " + error);
    }
}
