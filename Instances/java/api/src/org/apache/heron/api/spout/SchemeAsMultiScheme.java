package org.apache.heron.api.spout;

import java.util.Collections;
import java.util.List;

import org.apache.heron.api.tuple.Fields;

/** A {@link Scheme} where a {@link MultiScheme} is asked for. */
public class SchemeAsMultiScheme implements MultiScheme {
    private static final long serialVersionUID = -7993224027057349150L;

    public final Scheme scheme;

    public SchemeAsMultiScheme(Scheme scheme) {
        this.scheme = scheme;
    }

    @Override
    public Iterable<List<Object>> deserialize(byte[] ser) {
        List<Object> values = scheme.deserialize(ser);
        return values == null ? null : Collections.singletonList(values);
    }

    @Override
    public Fields getOutputFields() {
        return scheme.getOutputFields();
    }
}
