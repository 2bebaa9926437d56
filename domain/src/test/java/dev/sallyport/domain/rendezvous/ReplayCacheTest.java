package dev.sallyport.domain.rendezvous;

import static dev.sallyport.domain.formats.Samples.CANDIDATES;
import static dev.sallyport.domain.formats.Samples.NOW;
import static dev.sallyport.domain.formats.Samples.callNonce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.formats.Samples;
import dev.sallyport.domain.identity.PublicKey32;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReplayCacheTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ReplayCache cache = new ReplayCache();

  @Test
  void knock_isFreshOnce() {
    assertThat(cache.firstSeen(knock(1, 1, NOW), NOW)).isTrue();
    assertThat(cache.firstSeen(knock(1, 1, NOW), NOW)).isFalse();
    assertThat(cache.firstSeen(knock(1, 2, NOW), NOW)).isTrue();
  }

  @Test
  void nonce_isTheCallersOwn() {
    assertThat(cache.firstSeen(knock(1, 1, NOW), NOW)).isTrue();
    assertThat(cache.firstSeen(knock(2, 1, NOW), NOW)).isTrue();
  }

  @Test
  void replay_isNoticedForAsLongAsTheKnockWouldBeTaken() {
    // Issued by a clock that is ten minutes ahead, with the longest lifetime.
    Instant ahead = NOW.plus(Duration.ofMinutes(10));
    Knock knock = knock(1, 1, ahead, Knock.MAX_LIFETIME);
    assertThat(cache.firstSeen(knock, NOW)).isTrue();
    assertThat(cache.firstSeen(knock, NOW.plus(Duration.ofMinutes(21)))).isFalse();
    assertThat(cache.firstSeen(knock, NOW.plus(Duration.ofMinutes(30)))).isFalse();
    assertThat(cache.size()).isEqualTo(1);
    // From here on Knock.open refuses it.
    cache.firstSeen(knock(2, 1, NOW), NOW.plus(Duration.ofMinutes(30)).plusMillis(1));
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void callerWithTooManyKnocks_losesHisFirstOnes_butTheyStayUsed() {
    int many = ReplayCache.MAX_PER_CALLER + 4;
    for (int i = 0; i < many; i++) {
      Instant then = NOW.plusMillis(i);
      assertThat(cache.firstSeen(knock(1, i, then), then)).as("knock %d", i).isTrue();
      assertThat(cache.size()).isEqualTo(Math.min(i + 1, ReplayCache.MAX_PER_CALLER));
    }
    for (int i = 0; i < many; i++) {
      assertThat(cache.firstSeen(knock(1, i, NOW.plusMillis(i)), NOW.plusSeconds(20)))
          .as("replay of knock %d", i)
          .isFalse();
    }
    assertThat(cache.firstSeen(knock(1, many, NOW.plusMillis(many)), NOW.plusSeconds(20))).isTrue();
  }

  @Test
  void callerWithTooManyKnocks_losesThoseIssuedFirst_notThoseThatCameFirst() {
    for (int i = ReplayCache.MAX_PER_CALLER; i >= 0; i--) {
      assertThat(cache.firstSeen(knock(1, i, NOW.plusMillis(10L * i)), NOW)).isTrue();
    }
    int other = 1000;
    assertThat(cache.firstSeen(knock(1, other, NOW), NOW)).as("as early as the lost one").isFalse();
    assertThat(cache.firstSeen(knock(1, other, NOW.plusMillis(1)), NOW)).as("later").isTrue();
  }

  @Test
  void whoCannotReplayAnyMore_isForgottenOnce() {
    for (int caller = 1; caller <= 3; caller++) {
      assertThat(cache.firstSeen(knock(caller, 1, NOW), NOW)).isTrue();
    }
    Instant later = NOW.plus(Duration.ofMinutes(31));
    assertThat(cache.firstSeen(knock(4, 1, later), later)).isTrue();
    assertThat(cache.size()).isEqualTo(1);
    assertThat(cache.firstSeen(knock(5, 1, later), later)).isTrue();
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void nonces_areEqualByTheirBytes() {
    assertThat(callNonce(1)).isEqualTo(callNonce(1)).isNotEqualTo(callNonce(2));
    assertThat(callNonce(1)).hasSameHashCodeAs(callNonce(1));
  }

  @Test
  void lostKnock_staysUsedUntilItExpires_evenIfTheKeptOnesExpireFirst() {
    Knock lasting = knock(1, 100, NOW, Knock.MAX_LIFETIME);
    assertThat(cache.firstSeen(lasting, NOW)).isTrue();
    for (int i = 0; i < ReplayCache.MAX_PER_CALLER; i++) {
      assertThat(cache.firstSeen(knock(1, 200 + i, NOW.plusMillis(1 + i)), NOW.plusSeconds(17)))
          .isTrue();
    }
    assertThat(cache.size()).isEqualTo(ReplayCache.MAX_PER_CALLER);
    assertThat(cache.firstSeen(lasting, NOW.plus(Duration.ofMinutes(20)))).isFalse();
  }

  @Test
  void fullCache_theHeaviestCallerLoses() {
    for (int i = 0; i < 16; i++) {
      assertThat(cache.firstSeen(knock(0, i, NOW.plusSeconds(i)), NOW)).isTrue();
    }
    for (int caller = 1; caller <= ReplayCache.MAX_ENTRIES - 16; caller++) {
      assertThat(cache.firstSeen(knock(caller, 0, NOW), NOW)).isTrue();
    }
    assertThat(cache.size()).isEqualTo(ReplayCache.MAX_ENTRIES);

    assertThat(cache.firstSeen(knock(9999, 0, NOW), NOW)).isTrue();
    assertThat(cache.size()).isEqualTo(ReplayCache.MAX_ENTRIES);
    // All others are still known, and what the heaviest lost does not come back.
    for (int caller = 1; caller <= ReplayCache.MAX_ENTRIES - 16; caller++) {
      assertThat(cache.firstSeen(knock(caller, 0, NOW), NOW)).isFalse();
    }
    assertThat(cache.firstSeen(knock(0, 0, NOW), NOW)).isFalse();
    assertThat(cache.firstSeen(knock(0, 77, NOW), NOW)).as("as early as what it lost").isFalse();
  }

  @Test
  void cacheFullOfCallersWithOneKnockEach_stillLetsTheNextOneIn() {
    for (int caller = 0; caller < ReplayCache.MAX_ENTRIES + 100; caller++) {
      assertThat(cache.firstSeen(knock(caller, 0, NOW), NOW)).isTrue();
    }
    assertThat(cache.size()).isEqualTo(ReplayCache.MAX_ENTRIES);
    assertThat(cache.firstSeen(knock(ReplayCache.MAX_ENTRIES + 99, 0, NOW), NOW)).isFalse();
  }

  private static Knock knock(int caller, int nonce, Instant issuedAt) {
    return knock(caller, nonce, issuedAt, MINUTE);
  }

  private static Knock knock(int caller, int nonce, Instant issuedAt, Duration lifetime) {
    byte[] key = new byte[PublicKey32.LENGTH];
    key[0] = (byte) (caller >>> 8);
    key[1] = (byte) caller;
    return Samples.knock(PublicKey32.of(key), callNonce(nonce), CANDIDATES, issuedAt, lifetime);
  }
}
