package org.apache.storm.task;

/** Stands for Apache Storm's interface of that name. */
public interface IBolt {
    void cleanup();
}
