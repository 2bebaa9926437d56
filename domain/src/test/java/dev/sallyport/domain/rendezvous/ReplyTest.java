package dev.sallyport.domain.rendezvous;

import static dev.sallyport.domain.formats.Samples.CALLER;
import static dev.sallyport.domain.formats.Samples.CANDIDATES;
import static dev.sallyport.domain.formats.Samples.ID;
import static dev.sallyport.domain.formats.Samples.KNOCK_KEY;
import static dev.sallyport.domain.formats.Samples.NOW;
import static dev.sallyport.domain.formats.Samples.SEALER;
import static dev.sallyport.domain.formats.Samples.callNonce;
import static dev.sallyport.domain.formats.Samples.nonce12;
import static dev.sallyport.domain.formats.Samples.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.formats.PlainSealer;
import dev.sallyport.domain.formats.Samples;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplyTest {
  private static final ReplyKeys KEYS = keys(50);

  @ParameterizedTest
  @EnumSource(Reply.Outcome.class)
  void caller_readsTheReply(Reply.Outcome outcome) throws MalformedException {
    Reply reply =
        switch (outcome) {
          case ACCEPTED, COUNTERED -> reply(outcome, CANDIDATES, Duration.ZERO);
          case BUSY -> Reply.busy(callNonce(1), Duration.ofMillis(20_500), NOW);
          case REFUSED -> Reply.refused(callNonce(1), NOW);
        };
    assertThat(reply.outcome()).isEqualTo(outcome);
    SealedItem item = reply.seal(KEYS, nonce12(1), SEALER);
    assertThat(Reply.open(item, KEYS, SEALER)).isEqualTo(reply);
  }

  @Test
  void replyToAnotherKnock_doesNotOpen() {
    SealedItem item = Reply.refused(callNonce(1), NOW).seal(KEYS, nonce12(1), SEALER);
    assertRefused(item, keys(51), "do not open");
    assertRefused(item, new ReplyKeys(keys(51).mailbox(), KEYS.key()), "do not open");
  }

  @Test
  void anyChangedByte_isNoticed() {
    byte[] bytes =
        reply(Reply.Outcome.ACCEPTED, CANDIDATES, Duration.ZERO)
            .seal(KEYS, nonce12(1), SEALER)
            .toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x40;
      assertRefused(SealedItem.of(changed), KEYS, "");
    }
    assertRefused(SealedItem.of(new byte[11]), KEYS, "cut short");
    assertRefused(SealedItem.of(new byte[27]), KEYS, "cut short");
  }

  @Test
  void serviceThatDoesNotOpen_givesNoAddressesAway() {
    for (Reply.Outcome outcome : List.of(Reply.Outcome.BUSY, Reply.Outcome.REFUSED)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reply(outcome, CANDIDATES, Duration.ZERO))
          .withMessageContaining("too many");
    }
  }

  @Test
  void pause_isForTheBusyAndBounded() {
    assertThat(Reply.busy(callNonce(1), Reply.MAX_RETRY_AFTER, NOW).retryAfter())
        .isEqualTo(Duration.ofHours(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Reply.busy(callNonce(1), Reply.MAX_RETRY_AFTER.plusMillis(1), NOW));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Reply.busy(callNonce(1), Duration.ofMillis(-1), NOW));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reply(Reply.Outcome.ACCEPTED, CANDIDATES, Duration.ofMillis(1)));
    assertThat(Reply.busy(callNonce(1), Duration.ofNanos(1_999_999), NOW).retryAfter())
        .isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void unknownVersionOutcomeAndLeftovers_areRefused() {
    PlainSealer plain = new PlainSealer();
    byte[] bytes = Reply.refused(callNonce(1), NOW).seal(KEYS, nonce12(1), plain).toByteArray();
    assertPlainRefused(changed(bytes, 12, 2), "version 2; this Sallyport knows version 1");
    assertPlainRefused(changed(bytes, 12 + 17, 0), "unknown outcome 0");
    assertPlainRefused(changed(bytes, 12 + 17, 5), "unknown outcome 5");
    assertPlainRefused(new ByteWriter().bytes(bytes).u8(0).toByteArray(), "1 bytes too many");
  }

  private static void assertPlainRefused(byte[] bytes, String why) {
    assertThatThrownBy(() -> Reply.open(SealedItem.of(bytes), KEYS, new PlainSealer()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  private static void assertRefused(SealedItem item, ReplyKeys keys, String why) {
    assertThatThrownBy(() -> Reply.open(item, keys, SEALER))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static Reply reply(
      Reply.Outcome outcome, List<Candidate> candidates, Duration retryAfter) {
    return new Reply(
        callNonce(1),
        outcome,
        new Strategy.SimultaneousOpen(),
        candidates,
        NatProfile.unknown(),
        retryAfter,
        NOW);
  }

  private static ReplyKeys keys(int ephemeral) {
    Knock knock = Samples.knock(callNonce(1), NOW);
    return Knock.seal(knock, CALLER, ID, KNOCK_KEY, secret(ephemeral), SEALER).keys();
  }
}
