package org.apache.heron.api.testing;

import org.apache.heron.api.ConfigTests;
import org.apache.heron.api.SubmitterTests;
import org.apache.heron.api.bolt.CollectorTests;
import org.apache.heron.api.metric.MetricTests;
import org.apache.heron.api.serializer.SerializerTests;
import org.apache.heron.api.topology.BuilderTests;
import org.apache.heron.api.utils.UtilsTests;

/** Runs all tests; exits with 1 if one has failed. */
public final class Main {
    private Main() {
    }

    public static void main(String[] args) {
        UtilsTests.run();
        ConfigTests.run();
        BuilderTests.run();
        SubmitterTests.run();
        CollectorTests.run();
        MetricTests.run();
        SerializerTests.run();
        System.exit(Check.summary() ? 0 : 1);
    }
}
