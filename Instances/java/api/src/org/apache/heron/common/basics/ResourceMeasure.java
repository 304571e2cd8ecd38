package org.apache.heron.common.basics;

/** An amount of a resource. Immutable; amounts of the same kind compare by value. */
@SuppressWarnings("rawtypes") // the API's bound of V
public abstract class ResourceMeasure<V extends Number & Comparable> implements Comparable<ResourceMeasure<V>> {
    protected final V value;

    protected ResourceMeasure(V value) {
        if (value == null) {
            throw new IllegalArgumentException("an amount of a resource cannot be null");
        }
        this.value = value;
    }

    public V getValue() {
        return value;
    }

    public boolean isZero() {
        return value.doubleValue() == 0;
    }

    public abstract ResourceMeasure<V> minus(ResourceMeasure<V> other);

    public abstract ResourceMeasure<V> plus(ResourceMeasure<V> other);

    public abstract ResourceMeasure<V> multiply(int factor);

    public abstract ResourceMeasure<V> divide(int factor);

    /** More by so many percent. */
    public abstract ResourceMeasure<V> increaseBy(int percentage);

    public boolean greaterThan(ResourceMeasure<V> other) {
        return compareTo(other) > 0;
    }

    public boolean greaterOrEqual(ResourceMeasure<V> other) {
        return compareTo(other) >= 0;
    }

    public boolean lessThan(ResourceMeasure<V> other) {
        return compareTo(other) < 0;
    }

    public boolean lessOrEqual(ResourceMeasure<V> other) {
        return compareTo(other) <= 0;
    }

    @Override
    @SuppressWarnings("unchecked") // V compares with V
    public int compareTo(ResourceMeasure<V> other) {
        return value.compareTo(other.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other != null && other.getClass() == getClass() && value.equals(((ResourceMeasure<?>) other).value);
    }
}
