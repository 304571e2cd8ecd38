package org.apache.heron.instance.config;

/** The keys of heron_internals.yaml that concern an instance; the defaults are those of Heron's `local` cluster. */
public final class InstanceSettings {
    /** Where logs go, relative to the working directory. */
    public final String logDirectory;
    public final int logMaximumMegabytes;
    public final int logMaximumFiles;
    /** How often metrics are read and published, in seconds. */
    public final int metricsIntervalSeconds;
    /** No packet is larger, in bytes. */
    public final int maximumPacketBytes;
    /** How many tuples a set holds at most. */
    public final int dataTupleCapacity;
    /** How many bytes of tuples a set holds at most. */
    public final int dataTupleBytes;
    /** How many acks or fails a set holds at most. */
    public final int controlTupleCapacity;
    /** How long a spout may emit before other work gets its turn. */
    public final int emitBatchMillis;
    public final int emitBatchBytes;
    /** How long a bolt may execute before other work gets its turn. */
    public final int executeBatchMillis;
    /** In how many steps the time that a tuple may take to be acked is checked. */
    public final int ackBuckets;
    /** How long the topology's code may take to clean up when the instance is stopped. */
    public final int forceExitMillis;
    /** The longest pause between attempts to reach the stream manager. */
    public final int streamManagerRetrySeconds;
    /** After how many such pauses it is given up. */
    public final int streamManagerRetries;

    private InstanceSettings(SettingsFiles files) {
        logDirectory = files.text("heron.logging.directory", "log-files");
        logMaximumMegabytes = files.positive("heron.logging.maximum.size.mb", 100);
        logMaximumFiles = files.positive("heron.logging.maximum.files", 5);
        metricsIntervalSeconds = files.positive("heron.metrics.export.interval.sec", 60);
        maximumPacketBytes = files.positive("heron.instance.network.options.maximum.packetsize.bytes", 10485760);
        dataTupleCapacity = files.positive("heron.instance.set.data.tuple.capacity", 10240);
        dataTupleBytes = files.positive("heron.instance.set.data.tuple.size.bytes", 1310720);
        controlTupleCapacity = files.positive("heron.instance.set.control.tuple.capacity", 1024);
        emitBatchMillis = files.positive("heron.instance.emit.batch.time.ms", 160);
        emitBatchBytes = files.positive("heron.instance.emit.batch.size.bytes", 327680);
        executeBatchMillis = files.positive("heron.instance.execute.batch.time.ms", 16);
        ackBuckets = files.positive("heron.instance.acknowledgement.nbuckets", 10);
        forceExitMillis = files.positive("heron.instance.force.exit.timeout.ms", 2000);
        streamManagerRetrySeconds = files.positive("heron.instance.reconnect.streammgr.interval.sec", 5);
        streamManagerRetries = files.positive("heron.instance.reconnect.streammgr.times", 60);
    }

    /**
     * Reads both files; what the second one says counts.
     *
     * @throws org.apache.heron.instance.InstanceError for a file that cannot be read, or a value of the wrong kind.
     */
    public static InstanceSettings load(String systemFile, String overrideFile) {
        return new InstanceSettings(SettingsFiles.load(systemFile, overrideFile));
    }
}
