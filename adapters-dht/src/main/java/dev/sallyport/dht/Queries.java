package dev.sallyport.dht;

import dev.sallyport.domain.identity.PublicKey32;
import java.nio.ByteBuffer;
import java.util.Map;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.messages.FindNodeRequest;
import lbms.plugins.mldht.kad.messages.GetRequest;
import lbms.plugins.mldht.kad.messages.MessageBase;
import lbms.plugins.mldht.kad.messages.PingRequest;
import lbms.plugins.mldht.kad.messages.PutRequest;

/** Makes queries; those of a read-only node say so by <code>ro</code> (BEP 43). */
final class Queries {
  private final boolean readOnly;

  Queries(boolean readOnly) {
    this.readOnly = readOnly;
  }

  MessageBase ping() {
    return new PingRequest() {
      @Override
      public Map<String, Object> getBase() {
        return mark(super.getBase());
      }
    };
  }

  MessageBase findNode(Key target) {
    FindNodeRequest query =
        new FindNodeRequest(target) {
          @Override
          public Map<String, Object> getBase() {
            return mark(super.getBase());
          }
        };
    query.setWant4(true);
    return query;
  }

  /**
   * @param newerThan asks for the value only if its sequence is higher; -1 for any
   */
  MessageBase get(Key target, long newerThan) {
    GetRequest query =
        new GetRequest(target) {
          @Override
          public Map<String, Object> getBase() {
            return mark(super.getBase());
          }
        };
    query.setWant4(true);
    query.setSeq(newerThan);
    return query;
  }

  /**
   * @param cas the sequence the stored item must have, 0 for none stored; -1 to replace any
   */
  MessageBase put(PublicKey32 key, MutableItem item, byte[] token, long cas) {
    PutRequest query =
        new PutRequest() {
          @Override
          public Map<String, Object> getBase() {
            return mark(super.getBase());
          }
        };
    query.setPubkey(key.toByteArray());
    query.setSequenceNumber(item.sequence());
    query.setSignature(item.signature());
    query.setValue(ByteBuffer.wrap(item.value()));
    query.setToken(token);
    query.setExpectedSequenceNumber(cas);
    return query;
  }

  private Map<String, Object> mark(Map<String, Object> message) {
    if (readOnly) {
      message.put("ro", 1);
    }
    return message;
  }
}
