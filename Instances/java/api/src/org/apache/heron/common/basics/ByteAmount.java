package org.apache.heron.common.basics;

import java.util.Locale;

/**
 * An amount of memory or disk, in units of 1024. What is too large for a long becomes {@link Long#MAX_VALUE} bytes in
 * {@code from…}, and an {@link IllegalArgumentException} in arithmetic; coarser units are rounded.
 */
public final class ByteAmount extends ResourceMeasure<Long> {
    public static final ByteAmount ZERO = fromBytes(0);

    private static final long KB = 1L << 10;
    private static final long MB = 1L << 20;
    private static final long GB = 1L << 30;

    private ByteAmount(long bytes) {
        super(bytes);
    }

    public static ByteAmount fromBytes(long bytes) {
        return new ByteAmount(bytes);
    }

    public static ByteAmount fromMegabytes(long megabytes) {
        return of(megabytes, MB);
    }

    public static ByteAmount fromGigabytes(long gigabytes) {
        return of(gigabytes, GB);
    }

    private static ByteAmount of(long amount, long unit) {
        return new ByteAmount(amount >= Long.MAX_VALUE / unit ? Long.MAX_VALUE : amount * unit);
    }

    public long asBytes() {
        return value;
    }

    public long asMegabytes() {
        return rounded(MB);
    }

    public long asKilobytes() {
        return rounded(KB);
    }

    public long asGigabytes() {
        return rounded(GB);
    }

    private long rounded(double unit) {
        return Math.round(value / unit);
    }

    @Override
    public ByteAmount minus(ResourceMeasure<Long> other) {
        return exactly(() -> Math.subtractExact(value, other.value), "minus", other);
    }

    @Override
    public ByteAmount plus(ResourceMeasure<Long> other) {
        return exactly(() -> Math.addExact(value, other.value), "plus", other);
    }

    @Override
    public ByteAmount multiply(int factor) {
        return exactly(() -> Math.multiplyExact(value, (long) factor), "times", factor);
    }

    @Override
    public ByteAmount divide(int factor) {
        if (factor == 0) {
            throw new IllegalArgumentException(this + " cannot be divided by 0");
        }
        return fromBytes(rounded(factor));
    }

    @Override
    public ByteAmount increaseBy(int percentage) {
        if (percentage < 0) {
            throw new IllegalArgumentException(this + " cannot be increased by " + percentage + " percent");
        }
        double increased = value * (1 + percentage / 100.0);
        if (increased > Long.MAX_VALUE) {
            throw new IllegalArgumentException(this + " increased by " + percentage + " percent is too large");
        }
        return fromBytes(Math.round(increased));
    }

    public ByteAmount max(ByteAmount other) {
        return greaterThan(other) ? this : other;
    }

    @Override
    public String toString() {
        String[] names = {"GB", "MB", "KB"};
        long[] units = {GB, MB, KB};
        for (int i = 0; i < units.length; i++) {
            if (rounded(units[i]) > 0) {
                return String.format(Locale.ROOT, "ByteAmount{%.1f %s (%d bytes)}",
                    (double) value / units[i], names[i], value);
            }
        }
        return "ByteAmount{" + value + " bytes}";
    }

    /** Arithmetic that overflows with an {@link ArithmeticException}. */
    private interface Arithmetic {
        long result();
    }

    private ByteAmount exactly(Arithmetic arithmetic, String operation, Object operand) {
        try {
            return fromBytes(arithmetic.result());
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException(this + " " + operation + " " + operand + " is too large for a long");
        }
    }
}
