package org.apache.heron.api.serializer;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;

import java.util.Map;

import org.apache.heron.api.Config;

/**
 * A Kryo that keeps no references and writes unregistered classes by Java's serialization, unless
 * {@code topology.fall.back.on.java.serialization} is false: then it refuses them.
 */
@SuppressWarnings("rawtypes") // the signatures of the API and of Kryo
public class DefaultKryoFactory implements IKryoFactory {
    @Override
    public Kryo getKryo(Map conf) {
        Kryo kryo = new KryoSerializableDefault();
        Object fallBack = conf.get(Config.TOPOLOGY_FALL_BACK_ON_JAVA_SERIALIZATION);
        kryo.setRegistrationRequired(fallBack != null && !Boolean.parseBoolean(fallBack.toString()));
        kryo.setReferences(false);
        return kryo;
    }

    @Override
    public void preRegister(Kryo k, Map conf) {
    }

    /** Classes registered from here on, by Kryo itself, are written by Java's serialization. */
    @Override
    public void postRegister(Kryo k, Map conf) {
        ((KryoSerializableDefault) k).overrideDefault(true);
    }

    @Override
    public void postDecorate(Kryo k, Map conf) {
    }

    /** A Kryo whose default serializer can be switched to Java's serialization. */
    public static class KryoSerializableDefault extends Kryo {
        private boolean override;

        public void overrideDefault(boolean value) {
            override = value;
        }

        @Override
        public Serializer getDefaultSerializer(Class type) {
            return override ? new SerializableSerializer() : super.getDefaultSerializer(type);
        }
    }
}
