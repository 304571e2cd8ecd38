package org.apache.heron.api.metric;

/** The accumulator of a {@link MeanReducer}. */
public class MeanReducerState {
    public int count;
    public double sum;
}
