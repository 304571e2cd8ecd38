package org.apache.heron.api.metric;

/** How the values (U) of an interval become one result (V), by way of an accumulator (T). */
public interface IReducer<T, U, V> {
    T init();

    T reduce(T accumulator, U input);

    V extractResult(T accumulator);
}
