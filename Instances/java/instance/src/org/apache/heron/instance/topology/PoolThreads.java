package org.apache.heron.instance.topology;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * Makes the threads of Java's common pool, which run parallel streams and the like: their context class loader has to be
 * the topology's, not that of the process.
 */
public final class PoolThreads implements ForkJoinPool.ForkJoinWorkerThreadFactory {
    private static volatile ClassLoader loader = ClassLoader.getSystemClassLoader();

    /** Must be called before the pool is used. */
    public static void use(ClassLoader topologyLoader) {
        loader = topologyLoader;
        System.setProperty("java.util.concurrent.ForkJoinPool.common.threadFactory", PoolThreads.class.getName());
    }

    @Override
    public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        thread.setContextClassLoader(loader);
        return thread;
    }
}
