package org.apache.heron.api.metric;

/** How the values of an interval become one of the same type. */
public interface ICombiner<T> {
    T identity();

    T combine(T a, T b);
}
