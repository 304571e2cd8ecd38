package org.apache.heron.api;

import java.io.Serializable;
import java.util.Objects;

/**
 * Two values, either of which may be null.
 *
 * @param <T1> type of the first value
 * @param <T2> type of the second value
 */
public final class Pair<T1, T2> implements Serializable {
    private static final long serialVersionUID = 3926373357946515821L;

    @SuppressWarnings("serial") // Serializable exactly if the value is.
    private final T1 first;
    @SuppressWarnings("serial")
    private final T2 second;

    private Pair(T1 first, T2 second) {
        this.first = first;
        this.second = second;
    }

    /** The pair of the two values. */
    public static <T1, T2> Pair<T1, T2> of(T1 first, T2 second) {
        return new Pair<>(first, second);
    }

    public T1 getFirst() {
        return first;
    }

    public T2 getSecond() {
        return second;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pair && Objects.equals(first, ((Pair<?, ?>) other).first)
            && Objects.equals(second, ((Pair<?, ?>) other).second);
    }

    @Override
    public int hashCode() {
        return Objects.hash(first, second);
    }

    @Override
    public String toString() {
        return "(" + first + ", " + second + ")";
    }
}
