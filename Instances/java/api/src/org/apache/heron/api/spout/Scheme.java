package org.apache.heron.api.spout;

import java.io.Serializable;
import java.util.List;

import org.apache.heron.api.tuple.Fields;

/** How a spout turns the bytes of a message into a tuple. */
public interface Scheme extends Serializable {
    /** The tuple's values, or null to skip the message. */
    List<Object> deserialize(byte[] ser);

    Fields getOutputFields();
}
