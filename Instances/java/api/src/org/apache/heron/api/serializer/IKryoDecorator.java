package org.apache.heron.api.serializer;

import com.esotericsoftware.kryo.Kryo;

/** Adds to the Kryo that a topology uses, for example registrations of a whole library's classes. */
public interface IKryoDecorator {
    void decorate(Kryo k);
}
