package org.apache.heron.api.metric;

/** The arithmetic mean; null if there is no value. */
public class MeanReducer implements IReducer<MeanReducerState, Number, Double> {
    @Override
    public MeanReducerState init() {
        return new MeanReducerState();
    }

    @Override
    public MeanReducerState reduce(MeanReducerState accumulator, Number input) {
        accumulator.count++;
        accumulator.sum += input.doubleValue();
        return accumulator;
    }

    @Override
    public Double extractResult(MeanReducerState accumulator) {
        return accumulator.count == 0 ? null : Double.valueOf(accumulator.sum / accumulator.count);
    }
}
