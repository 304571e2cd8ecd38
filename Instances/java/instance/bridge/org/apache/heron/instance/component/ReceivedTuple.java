package org.apache.heron.instance.component;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.instance.tuple.IncomingSet;
import org.apache.heron.instance.tuple.IncomingTuple;
import org.apache.heron.instance.tuple.Roots;

/** A tuple that a bolt was given; the methods' meaning is documented in Heron's API. */
final class ReceivedTuple implements Tuple {
    private static final long serialVersionUID = 1L;
    private static final int NO_TASK = -1;

    private final String component;
    private final String stream;
    private final int sourceTask;
    private final transient Fields fields;
    private final transient Roots roots;
    private final long key;
    private final long receivedAt;
    private transient List<Object> values;

    /** `values` belong to the tuple from now on; `now` is of `System.nanoTime()`. */
    ReceivedTuple(IncomingSet set, Fields fields, Object[] values, IncomingTuple incoming, long now) {
        component = set.component();
        stream = set.stream();
        sourceTask = set.sourceTask();
        this.fields = fields;
        // As in Heron, it is the topology's to change.
        this.values = new ArrayList<>(Arrays.asList(values));
        roots = incoming.roots();
        key = incoming.key();
        receivedAt = now;
    }

    /** A tick tuple, which has no fields and comes from no task. */
    ReceivedTuple() {
        component = "__system";
        stream = "__tick";
        sourceTask = NO_TASK;
        fields = new Fields(Collections.emptyList());
        values = Collections.emptyList();
        roots = Roots.NONE;
        key = 0;
        receivedAt = System.nanoTime();
    }

    boolean isTick() {
        return sourceTask == NO_TASK;
    }

    Roots roots() {
        return roots;
    }

    long key() {
        return key;
    }

    long receivedAt() {
        return receivedAt;
    }

    @Override
    public int size() {
        return fields.size();
    }

    @Override
    public int fieldIndex(String field) {
        return fields.fieldIndex(field);
    }

    @Override
    public boolean contains(String field) {
        return fields.contains(field);
    }

    @Override
    public Object getValue(int index) {
        return values.get(index);
    }

    @Override
    public String getString(int index) {
        return (String) getValue(index);
    }

    @Override
    public Integer getInteger(int index) {
        return (Integer) getValue(index);
    }

    @Override
    public Long getLong(int index) {
        return (Long) getValue(index);
    }

    @Override
    public Boolean getBoolean(int index) {
        return (Boolean) getValue(index);
    }

    @Override
    public Short getShort(int index) {
        return (Short) getValue(index);
    }

    @Override
    public Byte getByte(int index) {
        return (Byte) getValue(index);
    }

    @Override
    public Double getDouble(int index) {
        return (Double) getValue(index);
    }

    @Override
    public Float getFloat(int index) {
        return (Float) getValue(index);
    }

    @Override
    public byte[] getBinary(int index) {
        return (byte[]) getValue(index);
    }

    @Override
    public Object getValueByField(String field) {
        return getValue(fieldIndex(field));
    }

    @Override
    public String getStringByField(String field) {
        return getString(fieldIndex(field));
    }

    @Override
    public Integer getIntegerByField(String field) {
        return getInteger(fieldIndex(field));
    }

    @Override
    public Long getLongByField(String field) {
        return getLong(fieldIndex(field));
    }

    @Override
    public Boolean getBooleanByField(String field) {
        return getBoolean(fieldIndex(field));
    }

    @Override
    public Short getShortByField(String field) {
        return getShort(fieldIndex(field));
    }

    @Override
    public Byte getByteByField(String field) {
        return getByte(fieldIndex(field));
    }

    @Override
    public Double getDoubleByField(String field) {
        return getDouble(fieldIndex(field));
    }

    @Override
    public Float getFloatByField(String field) {
        return getFloat(fieldIndex(field));
    }

    @Override
    public byte[] getBinaryByField(String field) {
        return getBinary(fieldIndex(field));
    }

    @Override
    public List<Object> getValues() {
        return values;
    }

    @Override
    public Fields getFields() {
        return fields;
    }

    @Override
    public List<Object> select(Fields selector) {
        List<Object> selected = new ArrayList<>(selector.size());
        for (String field : selector) {
            selected.add(getValueByField(field));
        }
        return selected;
    }

    @Override
    @Deprecated
    public TopologyAPI.StreamId getSourceGlobalStreamId() {
        return Streams.id(component, stream);
    }

    @Override
    public String getSourceComponent() {
        return component;
    }

    @Override
    public int getSourceTask() {
        return sourceTask;
    }

    @Override
    public String getSourceStreamId() {
        return stream;
    }

    @Override
    public void resetValues() {
        values = null;
    }

    @Override
    public String toString() {
        return "source: " + component + ":" + sourceTask + ", stream: " + stream + ", " + values;
    }
}
