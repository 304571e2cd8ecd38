package org.apache.heron.api.tuple;

import java.io.Serializable;
import java.util.List;

import org.apache.heron.api.generated.TopologyAPI;

/**
 * A tuple as a bolt receives it. Values are read by position or by the name of their field; a typed getter throws a
 * {@link ClassCastException} if the value is of another type, those by name an {@link IllegalArgumentException} if
 * there is no such field.
 */
public interface Tuple extends Serializable {
    int size();

    int fieldIndex(String field);

    boolean contains(String field);

    Object getValue(int i);

    String getString(int i);

    Integer getInteger(int i);

    Long getLong(int i);

    Boolean getBoolean(int i);

    Short getShort(int i);

    Byte getByte(int i);

    Double getDouble(int i);

    Float getFloat(int i);

    byte[] getBinary(int i);

    Object getValueByField(String field);

    String getStringByField(String field);

    Integer getIntegerByField(String field);

    Long getLongByField(String field);

    Boolean getBooleanByField(String field);

    Short getShortByField(String field);

    Byte getByteByField(String field);

    Double getDoubleByField(String field);

    Float getFloatByField(String field);

    byte[] getBinaryByField(String field);

    List<Object> getValues();

    Fields getFields();

    /** The values of the selector's fields. */
    List<Object> select(Fields selector);

    /** The stream that the tuple came on.
     * @deprecated {@link #getSourceComponent} and {@link #getSourceStreamId} say it without Heron's storage format */
    @Deprecated
    TopologyAPI.StreamId getSourceGlobalStreamId();

    String getSourceComponent();

    /** The id of the task that emitted the tuple. */
    int getSourceTask();

    String getSourceStreamId();

    /** Lets go of the values; they are null from then on. */
    void resetValues();
}
