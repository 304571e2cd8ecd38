package org.apache.heron.api.tuple;

import java.util.ArrayList;
import java.util.Arrays;

/** The values of a tuple to emit, in the order of the stream's fields. */
public class Values extends ArrayList<Object> {
    private static final long serialVersionUID = 1863659070473283575L;

    public Values() {
    }

    public Values(Object... vals) {
        super(Arrays.asList(vals));
    }
}
