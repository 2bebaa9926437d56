package dev.sallyport.dht;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.messages.PutRequest;
import org.jspecify.annotations.Nullable;

/**
 * What others left with us by BEP 44, mutable and immutable. Items go after 2 hours, or when there
 * are too many, the one put longest ago first.
 *
 * <p>Threading: safe from any thread.
 */
final class ItemStore {
  private static final int MAX_ITEMS = 2000;
  private static final long LIFETIME_NANOS = TimeUnit.HOURS.toNanos(2);

  /** How a put ended; the codes are BEP 44's. */
  enum Result {
    STORED(0, ""),
    BAD_KEY(203, "a mutable item has a key of 32 and a signature of 64 bytes"),
    TOO_BIG(205, "value too big"),
    BAD_SIGNATURE(206, "invalid signature"),
    CAS_MISMATCH(301, "the CAS number mismatched, re-read and try again"),
    OLD_SEQUENCE(302, "sequence number less than current");

    final int code;
    final String text;

    Result(int code, String text) {
      this.code = code;
      this.text = text;
    }
  }

  /**
   * What is stored under a target.
   *
   * @param key the Ed25519 key of a mutable item, null if immutable
   */
  record Stored(
      byte[] value, byte @Nullable [] key, byte[] signature, long sequence, long putNanos) {}

  private final Sealer sealer;
  private final LinkedHashMap<Key, Stored> items = new LinkedHashMap<>();

  ItemStore(Sealer sealer) {
    this.sealer = sealer;
  }

  synchronized @Nullable Stored get(Key target, long nowNanos) {
    Stored stored = items.get(target);
    return stored != null && nowNanos - stored.putNanos > LIFETIME_NANOS ? null : stored;
  }

  /** Stores what a query brings, if the rules of BEP 44 allow. The token is checked elsewhere. */
  Result put(PutRequest query, long nowNanos) {
    ByteBuffer raw = query.getValue();
    byte[] value = new byte[raw.remaining()];
    raw.get(value);
    if (value.length > MutableItem.MAX_VALUE) {
      return Result.TOO_BIG;
    }
    Key target = query.deriveTargetKey();
    if (!query.mutable()) {
      return replace(target, new Stored(value, null, new byte[0], -1, nowNanos), query, nowNanos);
    }
    byte[] key = query.getPubkey();
    byte[] signature = query.getSignature();
    if (key.length != PublicKey32.LENGTH || signature.length != Sealer.SIGNATURE_LENGTH) {
      return Result.BAD_KEY;
    }
    // The cheap checks first: verifying costs half a millisecond.
    Result conflict = conflict(target, query, nowNanos);
    if (conflict != Result.STORED) {
      return conflict;
    }
    byte[] signed = MutableItem.signedBytes(query.getSalt(), query.getSequenceNumber(), value);
    if (!sealer.verify(PublicKey32.of(key), signed, signature)) {
      return Result.BAD_SIGNATURE;
    }
    return replace(
        target,
        new Stored(value, key, signature, query.getSequenceNumber(), nowNanos),
        query,
        nowNanos);
  }

  private synchronized Result replace(Key target, Stored stored, PutRequest query, long nowNanos) {
    // Again: another put may have come while this one was verified.
    Result conflict = conflict(target, query, nowNanos);
    if (conflict != Result.STORED) {
      return conflict;
    }
    items.remove(target);
    items.put(target, stored);
    if (items.size() > MAX_ITEMS) {
      items.remove(items.keySet().iterator().next());
    }
    return Result.STORED;
  }

  private synchronized Result conflict(Key target, PutRequest query, long nowNanos) {
    Stored old = get(target, nowNanos);
    if (old == null || old.key() == null) {
      return Result.STORED;
    }
    long expected = query.getExpectedSequenceNumber();
    if (expected >= 0 && expected != old.sequence()) {
      return Result.CAS_MISMATCH;
    }
    return query.getSequenceNumber() < old.sequence() ? Result.OLD_SEQUENCE : Result.STORED;
  }

  /** Forgets what has expired. */
  synchronized void expire(long nowNanos) {
    items.values().removeIf(stored -> nowNanos - stored.putNanos() > LIFETIME_NANOS);
  }

  synchronized Map<Key, Stored> snapshot() {
    return Map.copyOf(items);
  }
}
