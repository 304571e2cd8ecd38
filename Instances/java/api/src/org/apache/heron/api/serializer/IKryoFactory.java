package org.apache.heron.api.serializer;

import com.esotericsoftware.kryo.Kryo;

import java.util.Map;

/** Makes the Kryo that a topology uses; the methods are called in the order of their declaration. */
@SuppressWarnings("rawtypes") // the API's signatures, older than its generics
public interface IKryoFactory {
    Kryo getKryo(Map conf);

    /** Called before the registrations of {@code topology.kryo.register}. */
    void preRegister(Kryo k, Map conf);

    /** Called after the registrations, before the decorators. */
    void postRegister(Kryo k, Map conf);

    void postDecorate(Kryo k, Map conf);
}
