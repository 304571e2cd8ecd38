package org.apache.heron.api.spout;

import java.util.Collections;
import java.util.List;

import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.utils.Utils;

/** {@link RawScheme} as a {@link MultiScheme}. */
public class RawMultiScheme implements MultiScheme {
    private static final long serialVersionUID = 1540454777373652254L;

    @Override
    public Iterable<List<Object>> deserialize(byte[] ser) {
        return Collections.singletonList(Utils.tuple(ser));
    }

    @Override
    public Fields getOutputFields() {
        return new Fields("bytes");
    }
}
