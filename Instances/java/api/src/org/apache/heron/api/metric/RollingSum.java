package org.apache.heron.api.metric;

/**
 * The sum and the number of what was added within the last so many milliseconds, give or take one slot of the ring
 * that they are kept in. Not safe for threads.
 */
final class RollingSum {
    private final long slotMillis;
    private final long[] slotNumbers;
    private final long[] sums;
    private final long[] counts;

    RollingSum(long windowMillis, int slots) {
        slotMillis = windowMillis / (slots - 1);
        if (slotMillis < 1) {
            throw new IllegalArgumentException(slots + " buckets are too many for " + windowMillis + " ms");
        }
        slotNumbers = new long[slots];
        sums = new long[slots];
        counts = new long[slots];
    }

    void add(long now, long sum, long count) {
        long number = now / slotMillis;
        int slot = (int) (number % sums.length);
        if (slotNumbers[slot] != number) {
            slotNumbers[slot] = number;
            sums[slot] = 0;
            counts[slot] = 0;
        }
        sums[slot] += sum;
        counts[slot] += count;
    }

    long sum(long now) {
        return total(sums, now);
    }

    long count(long now) {
        return total(counts, now);
    }

    private long total(long[] amounts, long now) {
        long oldest = now / slotMillis - amounts.length + 1;
        long total = 0;
        for (int slot = 0; slot < amounts.length; slot++) {
            if (slotNumbers[slot] >= oldest) {
                total += amounts[slot];
            }
        }
        return total;
    }
}
