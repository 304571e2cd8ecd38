package org.apache.heron.api.spout;

import java.io.Serializable;
import java.util.List;

import org.apache.heron.api.tuple.Fields;

/** How a spout turns the bytes of a message into any number of tuples. */
public interface MultiScheme extends Serializable {
    /** The values of each tuple, or null to skip the message. */
    Iterable<List<Object>> deserialize(byte[] ser);

    Fields getOutputFields();
}
