package org.apache.heron.api.spout;

/** A spout that can be given a {@link MultiScheme}. */
public interface IMultiSchemableSpout {
    MultiScheme getScheme();

    void setScheme(MultiScheme scheme);
}
