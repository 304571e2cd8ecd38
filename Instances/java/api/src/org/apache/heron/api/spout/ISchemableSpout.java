package org.apache.heron.api.spout;

/** A spout that can be given a {@link Scheme}. */
public interface ISchemableSpout {
    Scheme getScheme();

    void setScheme(Scheme scheme);
}
