package dev.sallyport.domain.rendezvous;

import static dev.sallyport.domain.formats.Samples.CALLER;
import static dev.sallyport.domain.formats.Samples.CANDIDATES;
import static dev.sallyport.domain.formats.Samples.ID;
import static dev.sallyport.domain.formats.Samples.KNOCK_KEY;
import static dev.sallyport.domain.formats.Samples.KNOCK_PRIVATE;
import static dev.sallyport.domain.formats.Samples.NOW;
import static dev.sallyport.domain.formats.Samples.SEALER;
import static dev.sallyport.domain.formats.Samples.SERVICE;
import static dev.sallyport.domain.formats.Samples.STRANGER;
import static dev.sallyport.domain.formats.Samples.callNonce;
import static dev.sallyport.domain.formats.Samples.candidate;
import static dev.sallyport.domain.formats.Samples.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.formats.PlainSealer;
import dev.sallyport.domain.formats.Samples;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnockTest {
  private static final Knock KNOCK = Samples.knock(callNonce(1), NOW);
  private static final Knock.Sealed SEALED = sealed(KNOCK, CALLER, ID);

  @Test
  void service_readsTheKnockAndFindsWhereToReply() throws MalformedException {
    Knock.Opened opened = Knock.open(SEALED.item(), ID, KNOCK_PRIVATE, SEALER, NOW);
    assertThat(opened.knock()).isEqualTo(KNOCK);
    assertThat(opened.keys()).isEqualTo(SEALED.keys());
  }

  @Test
  void whoOnlyHasTheId_cannotReadAKnock() {
    assertRefused(SEALED.item(), ID, secret(99), NOW, "do not open");
    assertThat(HexFormat.of().formatHex(SEALED.item().toByteArray()))
        .doesNotContain(CALLER.key().toString())
        .doesNotContain("c0a80114", "cb007107");
  }

  @Test
  void serviceThatGotAKnock_cannotPassItOnToAnother() {
    // Two services with one knock key: all that keeps them apart is the id under the signature.
    ServiceId other = ServiceId.of(new ServiceName("other"), SERVICE.key());
    assertRefused(SEALED.item(), other, KNOCK_PRIVATE, NOW, "not signed");
  }

  @Test
  void nobody_canKnockInAnothersName() {
    Identity impostor = new Identity(CALLER.key(), STRANGER.seed());
    assertRefused(sealed(KNOCK, impostor, ID).item(), ID, KNOCK_PRIVATE, NOW, "not signed");
    assertThatIllegalArgumentException().isThrownBy(() -> sealed(KNOCK, STRANGER, ID));
  }

  @Test
  void anyChangedByte_isNoticed() {
    byte[] bytes = SEALED.item().toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x40;
      assertRefused(SealedItem.of(changed), ID, KNOCK_PRIVATE, NOW, "");
    }
  }

  @Test
  void garbage_isRefused() {
    assertRefused(SealedItem.of(new byte[31]), ID, KNOCK_PRIVATE, NOW, "cut short");
    assertRefused(SealedItem.of(new byte[300]), ID, KNOCK_PRIVATE, NOW, "low order");
    byte[] noTag = Arrays.copyOf(SEALED.item().toByteArray(), 40);
    assertRefused(SealedItem.of(noTag), ID, KNOCK_PRIVATE, NOW, "cut short");
  }

  @Test
  void knockKeyOfLowOrder_isTheCallersMistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Knock.seal(KNOCK, CALLER, ID, Samples.LOW_ORDER_KEY, secret(50), SEALER));
  }

  @ParameterizedTest
  @CsvSource({"-PT10M, true", "PT-10M-0.001S, false", "PT11M, true", "PT11M0.001S, false"})
  void clocks_mayBeOffByTenMinutes(Duration sinceIssued, boolean good) throws MalformedException {
    Instant now = NOW.plus(sinceIssued);
    if (good) {
      assertThat(Knock.open(SEALED.item(), ID, KNOCK_PRIVATE, SEALER, now).knock())
          .isEqualTo(KNOCK);
    } else {
      assertRefused(
          SEALED.item(),
          ID,
          KNOCK_PRIVATE,
          now,
          sinceIssued.isNegative() ? "still to come" : "expired at");
    }
  }

  @Test
  void privateAddress_hasOnePortOnly() {
    Candidate host = candidate(CandidateKind.HOST, "192.168.1.20:8765");
    Candidate scan = candidate(CandidateKind.HOST, "192.168.1.20:22");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(host, scan))
        .withMessage(
            "a knock has one candidate for a private address, not several for 192.168.1.20");
    assertThatIllegalArgumentException().isThrownBy(() -> with(host, host));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                with(
                    candidate(CandidateKind.REFLEXIVE, "100.64.0.1:1"),
                    candidate(CandidateKind.HOST, "100.64.0.1:2")));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                with(
                    candidate(CandidateKind.HOST, "[fd00::1]:1"),
                    candidate(CandidateKind.HOST, "[fd00::1]:2")));
  }

  @Test
  void publicAddress_mayHaveSeveralPorts() {
    assertThat(
            with(
                    candidate(CandidateKind.REFLEXIVE, "203.0.113.7:1"),
                    candidate(CandidateKind.ADVERTISED, "203.0.113.7:2"),
                    candidate(CandidateKind.HOST, "192.168.1.20:8765"),
                    candidate(CandidateKind.HOST, "192.168.1.21:8765"))
                .candidates())
        .hasSize(4);
  }

  @Test
  void knockThatScansAPrivateAddress_isRefusedWhenRead() {
    PlainSealer plain = new PlainSealer();
    Knock two =
        with(
            candidate(CandidateKind.HOST, "192.168.1.20:8765"),
            candidate(CandidateKind.HOST, "192.168.1.21:22"));
    byte[] bytes =
        Knock.seal(two, CALLER, ID, plain.agreementKey(KNOCK_PRIVATE), secret(50), plain)
            .item()
            .toByteArray();
    // The last byte of the second address: 32 of key, 34 up to the first candidate, 7, 5.
    bytes[32 + 34 + 7 + 4] = 20;
    assertThatThrownBy(() -> Knock.open(SealedItem.of(bytes), ID, KNOCK_PRIVATE, plain, NOW))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("one candidate for a private address");
  }

  @Test
  void lifetime_isTenMinutesAtMost() {
    assertThat(lasting(Knock.MAX_LIFETIME).expires()).isEqualTo(NOW.plusSeconds(600));
    for (Duration lifetime :
        List.of(Duration.ZERO, Duration.ofMillis(-1), Knock.MAX_LIFETIME.plusMillis(1))) {
      assertThatIllegalArgumentException().isThrownBy(() -> lasting(lifetime));
    }
  }

  @Test
  void unknownVersionAndLeftovers_areRefused() {
    PlainSealer plain = new PlainSealer();
    byte[] bytes =
        Knock.seal(KNOCK, CALLER, ID, plain.agreementKey(KNOCK_PRIVATE), secret(50), plain)
            .item()
            .toByteArray();
    byte[] newer = bytes.clone();
    newer[32] = 2;
    assertThatThrownBy(() -> Knock.open(SealedItem.of(newer), ID, KNOCK_PRIVATE, plain, NOW))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("version 2; this Sallyport knows version 1");
    byte[] longer = new ByteWriter().bytes(bytes).u8(0).toByteArray();
    assertThatThrownBy(() -> Knock.open(SealedItem.of(longer), ID, KNOCK_PRIVATE, plain, NOW))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("1 bytes too many");
  }

  @Test
  void fourKnocksOfCallersWithBothFamilies_fitInAMailboxOfBep44() {
    assertThat(SEALED.item().length()).isEqualTo(214);
    Knock both =
        with(
            candidate(CandidateKind.REFLEXIVE, "203.0.113.7:8765"),
            candidate(CandidateKind.HOST, "192.168.1.20:8765"),
            candidate(CandidateKind.HOST, "[2001:db8::1]:8765"));
    int length = sealed(both, CALLER, ID).item().length();
    // A list of lists, each of a byte string and an expiry in seconds: l l226:...i1800000000ee e.
    int framing = "l".length() + "226:".length() + "i1800000000e".length() + "e".length();
    assertThat(length).isEqualTo(226);
    assertThat(4 * (framing + length) + "le".length()).isLessThanOrEqualTo(1000);
  }

  @Test
  void nonce_isNamedInHex() {
    assertThat(callNonce(0x0102)).hasToString("0".repeat(28) + "0102");
    assertThatIllegalArgumentException().isThrownBy(() -> CallNonce.of(new byte[15]));
  }

  private static Knock with(Candidate... candidates) {
    return Samples.knock(
        CALLER.key(), callNonce(1), List.of(candidates), NOW, Duration.ofMinutes(1));
  }

  private static Knock lasting(Duration lifetime) {
    return Samples.knock(CALLER.key(), callNonce(1), CANDIDATES, NOW, lifetime);
  }

  private static Knock.Sealed sealed(Knock knock, Identity caller, ServiceId id) {
    return Knock.seal(knock, caller, id, KNOCK_KEY, secret(50), SEALER);
  }

  private static void assertRefused(
      SealedItem item, ServiceId id, Secret32 knockPrivate, Instant now, String why) {
    assertThatThrownBy(() -> Knock.open(item, id, knockPrivate, SEALER, now))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }
}
