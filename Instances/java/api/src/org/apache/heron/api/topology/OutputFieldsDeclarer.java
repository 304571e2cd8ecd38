package org.apache.heron.api.topology;

import org.apache.heron.api.tuple.Fields;

/**
 * Takes the declaration of a component's streams. Without a name it is the stream {@code default}. Whether a stream is
 * direct follows from the groupings that read it; the flag is accepted and not looked at.
 */
public interface OutputFieldsDeclarer {
    void declare(Fields fields);

    void declare(boolean direct, Fields fields);

    void declareStream(String streamId, Fields fields);

    void declareStream(String streamId, boolean direct, Fields fields);
}
