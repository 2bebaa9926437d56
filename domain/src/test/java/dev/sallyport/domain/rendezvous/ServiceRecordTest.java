package dev.sallyport.domain.rendezvous;

import static dev.sallyport.domain.formats.Samples.CALLER;
import static dev.sallyport.domain.formats.Samples.ID;
import static dev.sallyport.domain.formats.Samples.KEYS;
import static dev.sallyport.domain.formats.Samples.KNOCK_KEY;
import static dev.sallyport.domain.formats.Samples.NOW;
import static dev.sallyport.domain.formats.Samples.SEALER;
import static dev.sallyport.domain.formats.Samples.SERVICE;
import static dev.sallyport.domain.formats.Samples.STRANGER;
import static dev.sallyport.domain.formats.Samples.TODAY;
import static dev.sallyport.domain.formats.Samples.nonce12;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.formats.PlainSealer;
import dev.sallyport.domain.formats.Samples;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceRecordTest {
  private static final ServiceRecord RECORD = Samples.record(NOW);

  @Test
  void whoHasTheId_readsTheRecord() throws MalformedException {
    assertThat(ServiceRecord.open(sealed(RECORD), ID, KEYS, SEALER, NOW)).isEqualTo(RECORD);
    assertThat(RECORD.id()).isEqualTo(ID);
  }

  @Test
  void whoStoresIt_seesNeitherIdNorAddresses() {
    String stored = HexFormat.of().formatHex(sealed(RECORD).toByteArray());
    assertThat(stored)
        .doesNotContain(hex(ID.toByteArray()))
        .doesNotContain(SERVICE.key().toString())
        .doesNotContain("c0a80114", "cb007107")
        .doesNotContain(hex("default".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void recordOfAnotherDay_doesNotOpen() {
    DayKeys tomorrow = DayKeys.of(ID, TODAY.plusDays(1), SEALER);
    assertRefused(sealed(RECORD), tomorrow, NOW, "do not open");
  }

  @Test
  void recordMovedToAnotherSlot_doesNotOpen() {
    Slot elsewhere = KEYS.mailbox();
    DayKeys moved =
        new DayKeys(elsewhere, elsewhere, KEYS.recordKey(), KEYS.proofKey(), KEYS.day());
    assertRefused(sealed(RECORD), moved, NOW, "do not open");
  }

  @Test
  void whoHasTheId_cannotAnswerForTheIdentity() {
    // With a key of his own, the id says otherwise.
    ServiceRecord own = Samples.record(STRANGER.key(), KNOCK_KEY, NOW);
    assertRefused(own.seal(STRANGER, KEYS, nonce12(1), SEALER), KEYS, NOW, "another service's");
    // With the identity's key, the signature is missing.
    Identity impostor = new Identity(SERVICE.key(), STRANGER.seed());
    assertRefused(RECORD.seal(impostor, KEYS, nonce12(1), SEALER), KEYS, NOW, "not signed");
  }

  @Test
  void recordOfTheSameIdentitysOtherService_isNotThisOnes() {
    ServiceRecord other =
        new ServiceRecord(
            new ServiceName("other"),
            RECORD.identityKey(),
            RECORD.linkKey(),
            RECORD.knockKey(),
            RECORD.candidates(),
            RECORD.profile(),
            RECORD.issuedAt(),
            RECORD.expires());
    assertRefused(other.seal(SERVICE, KEYS, nonce12(1), SEALER), KEYS, NOW, "another service's");
  }

  @Test
  void anyChangedByte_isNoticed() {
    byte[] bytes = sealed(RECORD).toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x40;
      assertRefused(SealedItem.of(changed), KEYS, NOW, "");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-PT10M, true",
    "PT-10M-0.001S, false",
    "PT2H, true",
    "PT2H10M, true",
    "PT2H10M0.001S, false"
  })
  void clocks_mayBeOffByTenMinutes(Duration sinceIssued, boolean good) throws MalformedException {
    Instant now = NOW.plus(sinceIssued);
    if (good) {
      assertThat(ServiceRecord.open(sealed(RECORD), ID, KEYS, SEALER, now)).isEqualTo(RECORD);
    } else {
      assertRefused(
          sealed(RECORD), KEYS, now, sinceIssued.isNegative() ? "still to come" : "expired at");
    }
  }

  @Test
  void knockKeyOfLowOrder_isRefused() {
    ServiceRecord record = Samples.record(SERVICE.key(), Samples.LOW_ORDER_KEY, NOW);
    assertRefused(record.seal(SERVICE, KEYS, nonce12(1), SEALER), KEYS, NOW, "low order");
  }

  @Test
  void unknownVersionAndLeftovers_areRefused() {
    PlainSealer plain = new PlainSealer();
    byte[] bytes = RECORD.seal(SERVICE, KEYS, nonce12(1), plain).toByteArray();
    byte[] newer = bytes.clone();
    newer[12] = 2;
    assertThatThrownBy(() -> ServiceRecord.open(SealedItem.of(newer), ID, KEYS, plain, NOW))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("version 2; this Sallyport knows version 1");
    byte[] longer = new ByteWriter().bytes(bytes).u8(0).toByteArray();
    assertThatThrownBy(() -> ServiceRecord.open(SealedItem.of(longer), ID, KEYS, plain, NOW))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("1 bytes too many");
  }

  @Test
  void latestRecord_wins() {
    ServiceRecord later = Samples.record(NOW.plusMillis(1));
    assertThat(later.newerThan(RECORD)).isTrue();
    assertThat(RECORD.newerThan(later)).isFalse();
    assertThat(RECORD.newerThan(RECORD)).isFalse();
  }

  @Test
  void times_areKeptInMilliseconds() {
    assertThat(Samples.record(NOW.plusNanos(1_999_999)).issuedAt()).isEqualTo(NOW.plusMillis(1));
  }

  @Test
  void impossibleRecord_cannotBeMade() {
    assertThatIllegalArgumentException().isThrownBy(() -> with(NOW, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> with(NOW.minusMillis(1), 1));
    assertThatIllegalArgumentException().isThrownBy(() -> with(NOW.plusMillis(86_400_001), 1));
    assertThatIllegalArgumentException().isThrownBy(() -> with(NOW.plusMillis(1), 9));
    assertThat(with(NOW.plus(Duration.ofDays(1)), 8).candidates()).hasSize(8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RECORD.seal(CALLER, KEYS, nonce12(1), SEALER));
  }

  @Test
  void typicalRecord_isAQuarterOfWhatFits() {
    assertThat(sealed(RECORD).length()).isEqualTo(246).isLessThan(SealedItem.MAX_LENGTH / 4);
  }

  private static ServiceRecord with(Instant expires, int candidates) {
    return new ServiceRecord(
        ServiceName.DEFAULT,
        SERVICE.key(),
        SERVICE.key(),
        KNOCK_KEY,
        Collections.nCopies(
            candidates, Samples.candidate(CandidateKind.HOST, "[2001:db8::1]:8765")),
        NatProfile.unknown(),
        NOW,
        expires);
  }

  private static SealedItem sealed(ServiceRecord record) {
    return record.seal(SERVICE, KEYS, nonce12(1), SEALER);
  }

  private static void assertRefused(SealedItem item, DayKeys keys, Instant now, String why) {
    assertThatThrownBy(() -> ServiceRecord.open(item, ID, keys, SEALER, now))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
