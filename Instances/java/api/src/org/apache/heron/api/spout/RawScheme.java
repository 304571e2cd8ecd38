package org.apache.heron.api.spout;

import java.util.List;

import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.utils.Utils;

/** The message itself as the only field, {@code bytes}. */
public class RawScheme implements Scheme {
    private static final long serialVersionUID = 4975778817451590776L;

    @Override
    public List<Object> deserialize(byte[] ser) {
        return Utils.tuple(ser);
    }

    @Override
    public Fields getOutputFields() {
        return new Fields("bytes");
    }
}
