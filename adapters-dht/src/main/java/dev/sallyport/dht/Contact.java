package dev.sallyport.dht;

import dev.sallyport.domain.address.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import lbms.plugins.mldht.kad.DHT.DHTtype;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.NodeList;
import lbms.plugins.mldht.kad.messages.AbstractLookupResponse;

/**
 * A DHT node as others name it: its id and where it answers. "Compact node info" on the wire (BEP
 * 5): 20 bytes of id, 4 of IPv4 address, 2 of port.
 */
record Contact(Key id, InetSocketAddress address) {
  private static final int PACKED_LENGTH = DHTtype.IPV4_DHT.NODES_ENTRY_LENGTH;

  /** Nobody has a reason to name more; what follows is not read. */
  private static final int MAX_PER_ANSWER = 16;

  /** The nodes an answer names. */
  static List<Contact> in(AbstractLookupResponse answer) {
    NodeList nodes = answer.getNodes(DHTtype.IPV4_DHT);
    List<Contact> contacts = new ArrayList<>();
    if (nodes == null) {
      return contacts;
    }
    ByteBuffer packed = ByteBuffer.allocate(nodes.packedSize());
    nodes.writer().writeTo(packed);
    packed.flip();
    while (packed.remaining() >= PACKED_LENGTH && contacts.size() < MAX_PER_ANSWER) {
      Key id = new Key(packed);
      contacts.add(new Contact(id, address(packed)));
    }
    return contacts;
  }

  /** The nodes for an answer of ours. */
  static NodeList pack(List<Contact> contacts) {
    ByteBuffer packed = ByteBuffer.allocate(contacts.size() * PACKED_LENGTH);
    for (Contact contact : contacts) {
      packed.put(contact.id.getHash());
      packed.put(contact.address.getAddress().getAddress());
      packed.putShort((short) contact.address.getPort());
    }
    packed.flip();
    return NodeList.fromBuffer(packed, NodeList.AddressType.V4);
  }

  private static InetSocketAddress address(ByteBuffer packed) {
    byte[] raw = new byte[4];
    packed.get(raw);
    InetAddress address = IpLiteral.of(raw);
    return new InetSocketAddress(address, Short.toUnsignedInt(packed.getShort()));
  }
}
