package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * What an id means on one UTC day. Everything is HKDF-SHA-256 (RFC 5869) over the 20 bytes of the
 * id with the salt {@code sallyport/1} and an info of a label, a slash and the day, as in {@code
 * slot/2026-11-22}; 32 bytes each. Whoever stores or carries something learns neither the id nor
 * that tomorrow's topic is the same service's.
 *
 * @param slot where the record is, its seed by the label {@code slot}
 * @param mailbox where knocks go, its seed by the label {@code mailbox}
 * @param recordKey AES-256-GCM key of the record, by the label {@code record}
 * @param proofKey HMAC key by which HELLO and WELCOME prove that one knows the id, by the label
 *     {@code proof}
 * @param day the UTC day
 */
public record DayKeys(
    Slot slot, Slot mailbox, Secret32 recordKey, Secret32 proofKey, LocalDate day) {

  /** How long before and after its day a service still serves a day's keys. */
  public static final Duration SERVING_MARGIN = Duration.ofMinutes(30);

  /** How long a rendezvous keeps what its owner no longer renews (BEP 44: two hours). */
  static final Duration ITEM_LIFETIME = Duration.ofHours(2);

  /**
   * Derives the keys of one day: four HKDFs and two Ed25519 public keys, about a millisecond.
   *
   * @param dayUtc the day in UTC
   */
  public static DayKeys of(ServiceId id, LocalDate dayUtc, Sealer sealer) {
    return new DayKeys(
        Derivation.slot(derive(id, "slot", dayUtc), sealer),
        Derivation.slot(derive(id, "mailbox", dayUtc), sealer),
        derive(id, "record", dayUtc),
        derive(id, "proof", dayUtc),
        dayUtc);
  }

  /**
   * The UTC days a looker tries, today first. A living service serves the looker's today, because
   * its clock is off by less than {@link #SERVING_MARGIN}. The neighbours say when a service was
   * last seen, and help when one slot is lost: yesterday for as long as what was stored at the end
   * of its serving can live, tomorrow as soon as a clock that is ahead can serve it.
   */
  public static List<LocalDate> toTry(Instant now) {
    return around(
        now,
        SERVING_MARGIN.plus(ITEM_LIFETIME).plus(Freshness.TOLERANCE),
        SERVING_MARGIN.plus(Freshness.TOLERANCE));
  }

  /**
   * The UTC days a service publishes for and listens on, today first: today, and the neighbour
   * within {@link #SERVING_MARGIN} of midnight.
   */
  public static List<LocalDate> daysToServe(Instant now) {
    return around(now, SERVING_MARGIN, SERVING_MARGIN);
  }

  /**
   * Today; yesterday until {@code after} past midnight (exclusive); tomorrow from {@code before}
   * ahead of midnight (inclusive).
   */
  private static List<LocalDate> around(Instant now, Duration after, Duration before) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    Duration sinceMidnight =
        Duration.ofNanos(LocalTime.ofInstant(now, ZoneOffset.UTC).toNanoOfDay());
    List<LocalDate> days = new ArrayList<>();
    days.add(today);
    if (sinceMidnight.compareTo(after) < 0) {
      days.add(today.minusDays(1));
    }
    if (sinceMidnight.plus(before).compareTo(Duration.ofDays(1)) >= 0) {
      days.add(today.plusDays(1));
    }
    return List.copyOf(days);
  }

  private static Secret32 derive(ServiceId id, String label, LocalDate day) {
    byte[] info = (label + "/" + day).getBytes(StandardCharsets.US_ASCII);
    return Derivation.secret(id.toByteArray(), info);
  }
}
