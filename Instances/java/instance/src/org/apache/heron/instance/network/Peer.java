package org.apache.heron.instance.network;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import org.apache.heron.instance.wire.MalformedPacket;
import org.apache.heron.instance.wire.Packet;
import org.apache.heron.proto.system.Common.Status;

/** Another process of the container: what its connection needs to know of it, and tells it. */
interface Peer {
    /** The type of the request that registers this instance. */
    String registrationType();

    /** The request that registers this instance. */
    MessageLite registration();

    /** The status in the answer to the registration. */
    Status status(ByteString answer) throws InvalidProtocolBufferException;

    /** The registration was accepted. */
    void registered(ByteString answer) throws InvalidProtocolBufferException;

    /** A message came. */
    void received(Packet packet) throws InvalidProtocolBufferException, MalformedPacket;

    /** Some of what waited to be sent was sent. */
    void sent();

    /** The connection is lost, or could not be made or registered; another attempt follows. */
    void failed(String reason);
}
