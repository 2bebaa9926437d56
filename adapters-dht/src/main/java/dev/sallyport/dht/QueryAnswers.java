package dev.sallyport.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.messages.AbstractLookupRequest;
import lbms.plugins.mldht.kad.messages.AbstractLookupResponse;
import lbms.plugins.mldht.kad.messages.AnnounceRequest;
import lbms.plugins.mldht.kad.messages.ErrorMessage;
import lbms.plugins.mldht.kad.messages.ErrorMessage.ErrorCode;
import lbms.plugins.mldht.kad.messages.FindNodeRequest;
import lbms.plugins.mldht.kad.messages.FindNodeResponse;
import lbms.plugins.mldht.kad.messages.GetPeersRequest;
import lbms.plugins.mldht.kad.messages.GetPeersResponse;
import lbms.plugins.mldht.kad.messages.GetRequest;
import lbms.plugins.mldht.kad.messages.GetResponse;
import lbms.plugins.mldht.kad.messages.MessageBase;
import lbms.plugins.mldht.kad.messages.PingRequest;
import lbms.plugins.mldht.kad.messages.PingResponse;
import lbms.plugins.mldht.kad.messages.PutRequest;
import lbms.plugins.mldht.kad.messages.PutResponse;
import lbms.plugins.mldht.kad.messages.UnknownTypeResponse;

/**
 * Answers the queries of other nodes from our own table and store (BEP 5, 44). mldht's own answers
 * come from its routing table, which lets no private address in.
 *
 * <p>Peers of torrents are not kept: who asks for some is told closer nodes, without a token to
 * announce itself with.
 *
 * <p>Threading: called on mldht's threads, several at once.
 */
final class QueryAnswers {
  private static final int NODES = 8;

  /**
   * The endpoint the asker is seen at goes into answers with small values only: a datagram with a
   * value of 1000 bytes has no room for more.
   */
  private static final int ROOM_FOR_IP = 900;

  private final boolean readOnly;
  private final NodeTable table;
  private final ItemStore items;
  private final Tokens tokens;
  private volatile Consumer<Contact> asked = contact -> {};

  /**
   * @param readOnly answers nobody (BEP 43)
   */
  QueryAnswers(boolean readOnly, NodeTable table, ItemStore items, Tokens tokens) {
    this.readOnly = readOnly;
    this.table = table;
    this.items = items;
    this.tokens = tokens;
  }

  /** Who is told who asked; called often, must not block. */
  void tell(Consumer<Contact> listener) {
    asked = listener;
  }

  void ping(PingRequest query) {
    send(query, new PingResponse(query.getMTID()));
  }

  void findNode(AbstractLookupRequest query) {
    byte[] id = query.getMTID();
    AbstractLookupResponse answer =
        query instanceof FindNodeRequest ? new FindNodeResponse(id) : new UnknownTypeResponse(id);
    nameNodes(query, answer);
    send(query, answer);
  }

  void getPeers(GetPeersRequest query) {
    GetPeersResponse answer = new GetPeersResponse(query.getMTID());
    nameNodes(query, answer);
    send(query, answer);
  }

  void announce(AnnounceRequest query) {
    refuse(query, ErrorCode.ProtocolError.code, "no token was given out, peers are not kept here");
  }

  void get(GetRequest query) {
    long now = System.nanoTime();
    GetResponse answer = new GetResponse(query.getMTID());
    nameNodes(query, answer);
    answer.setToken(tokens.issue(hostOf(query), query.getTarget(), now));
    ItemStore.Stored stored = items.get(query.getTarget(), now);
    boolean small = true;
    if (stored != null) {
      byte[] key = stored.key();
      if (key != null) {
        answer.setSequenceNumber(stored.sequence());
      }
      if (key == null || query.getSeq() < stored.sequence()) {
        answer.setRawValue(ByteBuffer.wrap(stored.value()));
        small = stored.value().length <= ROOM_FOR_IP;
        if (key != null) {
          answer.setKey(key);
          answer.setSignature(stored.signature());
        }
      }
    }
    if (small) {
      answer.setPublicIP(query.getOrigin());
    }
    send(query, answer);
  }

  void put(PutRequest query) {
    long now = System.nanoTime();
    Key target = query.deriveTargetKey();
    if (!tokens.isValid(query.getToken(), hostOf(query), target, now)) {
      refuse(query, ErrorCode.ProtocolError.code, "invalid or expired token");
      return;
    }
    ItemStore.Result result = items.put(query, now);
    if (result == ItemStore.Result.STORED) {
      PutResponse answer = new PutResponse(query.getMTID());
      answer.setPublicIP(query.getOrigin());
      send(query, answer);
    } else {
      refuse(query, result.code, result.text);
    }
  }

  private void nameNodes(AbstractLookupRequest query, AbstractLookupResponse answer) {
    List<Contact> closest = table.closest(query.getTarget(), NODES);
    // An address on our loopback means another computer, or none, to whoever is not on it.
    if (!hostOf(query).isLoopbackAddress()) {
      closest =
          closest.stream()
              .filter(contact -> !contact.address().getAddress().isLoopbackAddress())
              .toList();
    }
    answer.setNodes(Contact.pack(closest));
  }

  private void send(MessageBase query, MessageBase answer) {
    if (readOnly) {
      return;
    }
    InetSocketAddress origin = query.getOrigin();
    answer.setDestination(origin);
    query.getServer().sendMessage(answer);
    asked.accept(new Contact(query.getID(), origin));
  }

  private void refuse(MessageBase query, int code, String text) {
    if (readOnly) {
      return;
    }
    ErrorMessage answer = new ErrorMessage(query.getMTID(), code, text);
    answer.setMethod(query.getMethod());
    answer.setDestination(query.getOrigin());
    query.getServer().sendMessage(answer);
  }

  private static InetAddress hostOf(MessageBase query) {
    return query.getOrigin().getAddress();
  }
}
