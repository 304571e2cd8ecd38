package org.apache.heron.api.utils;

import static org.apache.heron.api.testing.Check.equal;
import static org.apache.heron.api.testing.Check.fails;
import static org.apache.heron.api.testing.Check.holds;
import static org.apache.heron.api.testing.Check.test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.apache.heron.api.Pair;
import org.apache.heron.api.spout.RawMultiScheme;
import org.apache.heron.api.spout.RawScheme;
import org.apache.heron.api.spout.SchemeAsMultiScheme;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.common.basics.ByteAmount;

/** Tests of the small classes: Fields, Values, Pair, ByteAmount, Utils, HeronOptions, schemes. */
public final class UtilsTests {
    private UtilsTests() {
    }

    public static void run() {
        test("Fields know names and positions", () -> {
            Fields fields = new Fields("a", "b", "c");
            equal(fields.size(), 3);
            equal(fields.get(1), "b");
            equal(fields.fieldIndex("c"), 2);
            equal(fields.contains("d"), false);
            equal(fields.toString(), "[a, b, c]");
            equal(fields.select(new Fields("c", "a"), new Values(1, 2, 3)), List.of(3, 1));
            fields.toList().clear();
            equal(fields.size(), 3);
        });
        test("Fields refuse duplicates and unknown names", () -> {
            fails(IllegalArgumentException.class, () -> new Fields("a", "a"), "'a'", "twice");
            fails(IllegalArgumentException.class, () -> new Fields("a").fieldIndex("x"), "'x'", "[a]");
            fails(IllegalArgumentException.class, () -> new Fields("a").select(new Fields("x"), List.of(1)), "'x'");
        });
        test("Fields survive serialization", () ->
            equal(((Fields) Utils.deserialize(Utils.serialize(new Fields("a", "b")))).fieldIndex("b"), 1));
        test("Values keep order and nulls", () -> {
            equal(new Values(1, null, "x"), Arrays.asList(1, null, "x"));
            equal(new Values().size(), 0);
        });
        test("Pairs are equal by value", () -> {
            equal(Pair.of(1, null), Pair.of(1, null));
            equal(Pair.of(1, 2).equals(Pair.of(2, 1)), false);
            equal(Pair.of("a", "b").toString(), "(a, b)");
        });
        byteAmounts();
        utilities();
        options();
    }

    private static void byteAmounts() {
        test("ByteAmount converts with rounding", () -> {
            equal(ByteAmount.fromGigabytes(2).asBytes(), 2147483648L);
            equal(ByteAmount.fromMegabytes(1536).asGigabytes(), 2L);
            equal(ByteAmount.fromBytes(1535).asKilobytes(), 1L);
            equal(ByteAmount.fromGigabytes(Long.MAX_VALUE).asBytes(), Long.MAX_VALUE);
        });
        test("ByteAmount calculates", () -> {
            ByteAmount gigabyte = ByteAmount.fromGigabytes(1);
            equal(gigabyte.plus(gigabyte), ByteAmount.fromGigabytes(2));
            equal(gigabyte.minus(ByteAmount.ZERO), gigabyte);
            equal(gigabyte.multiply(3).divide(3), gigabyte);
            equal(ByteAmount.fromBytes(100).increaseBy(10).asBytes(), 110L);
            equal(gigabyte.max(ByteAmount.ZERO), gigabyte);
            holds(gigabyte.greaterThan(ByteAmount.ZERO) && ByteAmount.ZERO.isZero(), "1 GB > 0");
            equal(gigabyte.hashCode(), ByteAmount.fromMegabytes(1024).hashCode());
        });
        test("ByteAmount refuses to overflow", () -> {
            ByteAmount most = ByteAmount.fromBytes(Long.MAX_VALUE);
            fails(IllegalArgumentException.class, () -> most.plus(ByteAmount.fromBytes(1)), "too large");
            fails(IllegalArgumentException.class, () -> most.multiply(2), "too large");
            fails(IllegalArgumentException.class, () -> most.increaseBy(1), "too large");
            fails(IllegalArgumentException.class, () -> most.divide(0), "divided by 0");
            fails(IllegalArgumentException.class, () -> most.increaseBy(-1), "-1 percent");
        });
        test("ByteAmount prints the largest unit", () -> {
            equal(ByteAmount.fromMegabytes(1536).toString(), "ByteAmount{1.5 GB (1610612736 bytes)}");
            equal(ByteAmount.fromBytes(100).toString(), "ByteAmount{100 bytes}");
        });
    }

    private static void utilities() {
        test("hash codes fall to tasks, negative ones too", () -> {
            equal(Utils.assignKeyToTask(4, List.of(7, 8, 9)), 8);
            equal(Utils.assignKeyToTask(-1, List.of(7, 8, 9)), 9);
        });
        test("zeroIfNaNOrInf", () -> {
            equal(Utils.zeroIfNaNOrInf(0.0 / 0), 0.0);
            equal(Utils.zeroIfNaNOrInf(1 / 0.0), 0.0);
            equal(Utils.zeroIfNaNOrInf(1.5), 1.5);
        });
        test("toByteArray consumes what remains", () -> {
            ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3});
            buffer.get();
            equal(Utils.toByteArray(buffer), new byte[] {2, 3});
            equal(buffer.hasRemaining(), false);
        });
        test("newInstance names the class that it cannot make", () -> {
            equal(Utils.newInstance("java.util.ArrayList"), List.of());
            fails(RuntimeException.class, () -> Utils.newInstance("no.such.Type"), "no.such.Type");
        });
        test("deserialize says what is wrong", () ->
            fails(RuntimeException.class, () -> Utils.deserialize(new byte[] {1, 2, 3, 4}), "cannot deserialize"));
        test("schemes make tuples", () -> {
            byte[] bytes = {1, 2};
            equal(new RawScheme().deserialize(bytes), List.of(bytes));
            equal(new RawMultiScheme().deserialize(bytes).iterator().next().get(0), bytes);
            equal(new SchemeAsMultiScheme(new RawScheme()).getOutputFields().toList(), List.of("bytes"));
        });
    }

    private static void options() {
        test("HERON_OPTIONS: pairs and spaces", () -> equal(
            HeronOptions.parse("cmdline.a.b=x%%%%y,cmdline.class_name=T"),
            Map.of("cmdline.a.b", "x y", "cmdline.class_name", "T")));
        test("HERON_OPTIONS: commas and equals signs within values", () -> equal(
            HeronOptions.parse("cmdline.dir=/tmp/a,b=c,d,cmdline.x=1=2"),
            Map.of("cmdline.dir", "/tmp/a,b=c,d", "cmdline.x", "1=2")));
        test("HERON_OPTIONS: empty values and nonsense are left out", () -> equal(
            HeronOptions.parse("nonsense,cmdline.environment=,cmdline.role=r"), Map.of("cmdline.role", "r")));
        test("HERON_OPTIONS: none", () -> {
            equal(HeronOptions.parse(null), Map.of());
            equal(HeronOptions.parse(""), Map.of());
        });
    }
}
