package dev.sallyport.domain.session;

import static dev.sallyport.domain.formats.Samples.CALLER;
import static dev.sallyport.domain.formats.Samples.CALLER_TLS_KEY;
import static dev.sallyport.domain.formats.Samples.ID;
import static dev.sallyport.domain.formats.Samples.KEYS;
import static dev.sallyport.domain.formats.Samples.SEALER;
import static dev.sallyport.domain.formats.Samples.SERVICE;
import static dev.sallyport.domain.formats.Samples.SERVICE_TLS_KEY;
import static dev.sallyport.domain.formats.Samples.STRANGER;
import static dev.sallyport.domain.formats.Samples.TODAY;
import static dev.sallyport.domain.formats.Samples.callNonce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HelloTest {
  private static final CallNonce NONCE = callNonce(1);
  private static final DayKeys TOMORROW = DayKeys.of(ID, TODAY.plusDays(1), SEALER);
  private static final Hello HELLO = hello(CALLER, KEYS);
  private static final Welcome WELCOME =
      Welcome.make(NONCE, true, KEYS, CALLER_TLS_KEY, SERVICE_TLS_KEY);

  @Test
  void callerWhoKnowsTheId_isWelcome_andKnowsTheServiceDoesToo() throws MalformedException {
    Hello hello = Hello.decode(HELLO.encode());
    DayKeys held = hello.verify(List.of(KEYS), CALLER_TLS_KEY, SERVICE_TLS_KEY, SEALER);
    assertThat(held).isSameAs(KEYS);
    assertThat(hello.nonce()).isEqualTo(NONCE);
    assertThat(hello.callerKey()).isEqualTo(CALLER.key());
    Welcome welcome = Welcome.decode(WELCOME.encode());
    assertThat(welcome.verify(NONCE, KEYS, CALLER_TLS_KEY, SERVICE_TLS_KEY)).isTrue();
    assertThat(welcome.echoes()).isTrue();
  }

  @Test
  void nearMidnight_serviceAnswersWithTheCallersDay() {
    Hello hello = hello(CALLER, TOMORROW);
    assertThat(hello.verify(List.of(KEYS, TOMORROW), CALLER_TLS_KEY, SERVICE_TLS_KEY, SEALER))
        .isSameAs(TOMORROW);
    assertThat(verify(hello)).isNull();
    assertThat(hello.verify(List.of(), CALLER_TLS_KEY, SERVICE_TLS_KEY, SEALER)).isNull();
    assertThat(WELCOME.verify(NONCE, TOMORROW, CALLER_TLS_KEY, SERVICE_TLS_KEY)).isFalse();
  }

  @Test
  void whoDoesNotKnowTheId_isTurnedAway() {
    ServiceId other = ServiceId.of(new ServiceName("other"), SERVICE.key());
    assertThat(verify(hello(CALLER, DayKeys.of(other, TODAY, SEALER)))).isNull();
  }

  @Test
  void whoKnowsTheId_cannotCallInAnothersName() {
    assertThat(verify(hello(new Identity(CALLER.key(), STRANGER.seed()), KEYS))).isNull();
  }

  @Test
  void manInTheMiddle_cannotPassItOn() {
    PublicKey32 middle = STRANGER.key();
    assertThat(HELLO.verify(List.of(KEYS), middle, SERVICE_TLS_KEY, SEALER)).isNull();
    assertThat(HELLO.verify(List.of(KEYS), CALLER_TLS_KEY, middle, SEALER)).isNull();
    assertThat(HELLO.verify(List.of(KEYS), SERVICE_TLS_KEY, CALLER_TLS_KEY, SEALER)).isNull();
    assertThat(WELCOME.verify(NONCE, KEYS, middle, SERVICE_TLS_KEY)).isFalse();
    assertThat(WELCOME.verify(NONCE, KEYS, CALLER_TLS_KEY, middle)).isFalse();
    assertThat(WELCOME.verify(callNonce(2), KEYS, CALLER_TLS_KEY, SERVICE_TLS_KEY)).isFalse();
  }

  @Test
  void anyChangedByte_isNoticed() throws MalformedException {
    byte[] hello = HELLO.encode();
    for (int i = 1; i < hello.length; i++) {
      assertThat(verify(Hello.decode(changed(hello, i)))).as("byte %d of HELLO", i).isNull();
    }
    byte[] welcome = WELCOME.encode();
    for (int i = 1; i < welcome.length; i++) {
      Welcome changed = Welcome.decode(changed(welcome, i));
      assertThat(changed.verify(NONCE, KEYS, CALLER_TLS_KEY, SERVICE_TLS_KEY))
          .as("byte %d of WELCOME", i)
          .isFalse();
      assertThat(changed).isNotEqualTo(WELCOME);
    }
  }

  @Test
  void aWelcomeSaysWhetherTheServiceEchoes_andNamesItsCall() throws MalformedException {
    Welcome silent = Welcome.make(NONCE, false, KEYS, CALLER_TLS_KEY, SERVICE_TLS_KEY);
    assertThat(Welcome.decode(silent.encode()).echoes()).isFalse();
    assertThat(Welcome.decode(WELCOME.encode()).echoes()).isTrue();
    assertThat(Welcome.decode(silent.encode()).nonce()).isEqualTo(NONCE);
    assertThat(Welcome.decode(silent.encode())).isEqualTo(silent).hasSameHashCodeAs(silent);
    assertThat(silent).isNotEqualTo(WELCOME);
  }

  @Test
  void proofOfAHello_isNoProofOfAWelcome() throws MalformedException {
    byte[] proof = Arrays.copyOfRange(HELLO.encode(), 49, 81);
    byte[] forged =
        new ByteWriter().u8(1).bytes(NONCE.toByteArray()).u8(0).bytes(proof).toByteArray();
    assertThat(Welcome.decode(forged).verify(NONCE, KEYS, CALLER_TLS_KEY, SERVICE_TLS_KEY))
        .isFalse();
  }

  @Test
  void otherVersionsAndLengths_areMalformed() {
    assertOnlyThisIsRead(HELLO.encode(), Hello::decode);
    assertOnlyThisIsRead(WELCOME.encode(), Welcome::decode);
  }

  @Test
  void bothFit() {
    assertThat(HELLO.encode()).hasSize(145).hasSize(Hello.LENGTH);
    assertThat(WELCOME.encode()).hasSize(50).hasSize(Welcome.LENGTH);
  }

  private interface Decoder {
    Object decode(byte[] bytes) throws MalformedException;
  }

  private static void assertOnlyThisIsRead(byte[] bytes, Decoder decoder) {
    byte[] newer = bytes.clone();
    newer[0] = 2;
    assertMalformed(newer, decoder, "version 2; this Sallyport knows version 1");
    assertMalformed(new ByteWriter().bytes(bytes).u8(0).toByteArray(), decoder, "1 bytes too many");
    for (int length = 0; length < bytes.length; length++) {
      assertMalformed(Arrays.copyOf(bytes, length), decoder, "is cut short");
    }
  }

  private static void assertMalformed(byte[] bytes, Decoder decoder, String why) {
    assertThatThrownBy(() -> decoder.decode(bytes))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  private static Hello hello(Identity caller, DayKeys keys) {
    return Hello.make(NONCE, caller, keys, CALLER_TLS_KEY, SERVICE_TLS_KEY, SEALER);
  }

  private static @Nullable DayKeys verify(Hello hello) {
    return hello.verify(List.of(KEYS), CALLER_TLS_KEY, SERVICE_TLS_KEY, SEALER);
  }

  private static byte[] changed(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= 1;
    return changed;
  }
}
