package org.apache.heron.instance;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.heron.instance.config.InstanceSettings;
import org.apache.heron.instance.logging.InstanceLogs;
import org.apache.heron.instance.network.Gateway;
import org.apache.heron.instance.network.MetricsManagerClient;
import org.apache.heron.instance.network.StreamManagerClient;
import org.apache.heron.instance.task.Inbox;
import org.apache.heron.instance.task.MetricsPublisher;
import org.apache.heron.instance.task.StuckWatch;
import org.apache.heron.instance.task.TaskLoop;
import org.apache.heron.instance.topology.ClassPath;

/**
 * The process that runs one task of a Java topology; its name and command line are those of Heron's own.
 *
 * Exit status: 1 after an error, which is logged; 2 for a wrong command line; after SIGTERM, 143 as of every JVM.
 */
public final class HeronInstance {
    private static final Logger LOG;

    static {
        InstanceLogs.useOwnManager();
        LOG = Logger.getLogger(HeronInstance.class.getName());
    }

    private final InstanceOptions options;
    private final InstanceSettings settings;
    private final Inbox inbox = new Inbox();
    private final CountDownLatch hasEnded = new CountDownLatch(1);

    private HeronInstance(InstanceOptions options, InstanceSettings settings) {
        this.options = options;
        this.settings = settings;
    }

    /** Runs an instance and ends the process. */
    public static void main(String[] arguments) {
        InstanceOptions options = null;
        InstanceSettings settings = null;
        try {
            options = InstanceOptions.parse(arguments);
            settings = InstanceSettings.load(options.systemConfigFile, options.overrideConfigFile);
            InstanceLogs.setUp(options.instanceId, settings);
        } catch (InstanceError error) {
            String who = options == null ? "HeronInstance" : options.instanceId;
            System.err.println(who + ": " + error.getMessage());
            Runtime.getRuntime().halt(options == null ? 2 : 1);
        }
        LastWords lastWords = new LastWords(options);
        try {
            new HeronInstance(options, settings).run(lastWords);
        } catch (Throwable error) {
            lastWords.endWith(error);
        }
    }

    private void run(LastWords lastWords) throws Exception {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            if (inbox.isStopping()) {
                LOG.log(Level.WARNING, "while stopping", error);
            } else {
                lastWords.uncaught(thread, error);
            }
        });
        Gateway gateway = new Gateway();
        StreamManagerClient streamManager = new StreamManagerClient(gateway, options, settings, inbox);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(lastWords, streamManager), "shutdown"));
        // Connects while the topology's classes are looked for.
        streamManager.connect();
        Thread network = new Thread(() -> serve(gateway, lastWords), "network");
        network.setDaemon(true);
        network.start();
        MetricsPublisher publisher =
                new MetricsPublisher(new MetricsManagerClient(gateway, options, settings));
        TaskLoop loop = new TaskLoop(options, settings, new ClassPath(), inbox, streamManager, publisher);
        gateway.execute(() -> new StuckWatch(loop, options.componentName).begin(gateway.timers()));
        try {
            loop.run();
        } catch (Throwable error) {
            if (!inbox.isStopping()) {
                throw error;
            }
            LOG.log(Level.WARNING, "while stopping", error);
        }
        gateway.stop();
        hasEnded.countDown();
    }

    private void serve(Gateway gateway, LastWords lastWords) {
        try {
            gateway.run();
        } catch (Throwable error) {
            if (inbox.isStopping()) {
                LOG.log(Level.WARNING, "while stopping", error);
            } else {
                // At once: the component's thread may be anywhere in the topology's code.
                lastWords.endWith(error);
            }
        }
    }

    /** The process was told to end: lets the topology's code clean up, for a bounded time. */
    private void stop(LastWords lastWords, StreamManagerClient streamManager) {
        lastWords.endIfTopologyCalledExit();
        inbox.stop();
        streamManager.stop();
        try {
            if (!hasEnded.await(settings.forceExitMillis, TimeUnit.MILLISECONDS)) {
                LOG.log(Level.SEVERE, "{0}: code of the topology did not return within {1} ms; it was cut off",
                        new Object[] {options.instanceId, Integer.toString(settings.forceExitMillis)});
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        InstanceLogs.close();
    }
}
