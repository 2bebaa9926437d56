package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemCodecTest {

  @Test
  void record_isAByteString() throws Exception {
    assertThat(ItemCodec.record(sealed("hello"))).isEqualTo(ascii("5:hello"));
    assertThat(ItemCodec.readRecord(ascii("5:hello"))).isEqualTo(sealed("hello"));
  }

  @Test
  void longestRecord_fits() {
    assertThat(ItemCodec.fits(ItemCodec.record(item(1, SealedItem.MAX_LENGTH)))).isTrue();
    assertThat(ItemCodec.record(item(1, SealedItem.MAX_LENGTH))).hasSize(1000);
  }

  @Test
  void mailbox_isAListOfPairs() throws Exception {
    List<MailboxEntry> entries =
        List.of(new MailboxEntry(sealed("knock"), 1790000040), new MailboxEntry(sealed("k2"), 0));
    byte[] value = ascii("ll5:knocki1790000040eel2:k2i0eee");
    assertThat(ItemCodec.mailbox(entries)).isEqualTo(value);
    assertThat(ItemCodec.readMailbox(value)).isEqualTo(entries);
    assertThat(ItemCodec.readMailbox(ascii("le"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "l",
        "le1",
        "ll1:aee",
        "ll1:ai5eee1:b",
        "li5ee",
        "ll1:ai-5eee",
        "ll1:ai05eee",
        "ll0:i5eee",
        "ll01:ai5eee",
        "ll1:ai5e1:bee",
        "ll9:ai5eee",
        "d1:ai5ee",
        "5:hello",
        "ll1:aieee",
        "ll1:ai1000000000000eee",
        "ll999999999999:ai5eee"
      })
  void otherThanAMailbox_isMalformed(String value) {
    assertThatThrownBy(() -> ItemCodec.readMailbox(ascii(value)))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0:", "5:hell", "5:hello!", "05:hello", "i5e", "l5:helloe", "5hello", ":"})
  void otherThanARecord_isMalformed(String value) {
    assertThatThrownBy(() -> ItemCodec.readRecord(ascii(value)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void moreThan1000Bytes_isMalformed() {
    byte[] value = new byte[1001];
    Arrays.fill(value, (byte) 'l');
    assertThatThrownBy(() -> ItemCodec.readMailbox(value)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> ItemCodec.readRecord(value)).isInstanceOf(MalformedException.class);
  }

  /** Whatever comes is read, and then encodes to the same bytes, or is malformed. */
  @Test
  void fuzz_mutationsAndNoise_neverSurprise() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int read = 0;
    for (int round = 0; round < 60_000; round++) {
      byte[] value = round % 4 == 0 ? noise(random) : mutation(random);
      try {
        assertThat(ItemCodec.mailbox(ItemCodec.readMailbox(value))).isEqualTo(value);
        read++;
      } catch (MalformedException expected) {
        // As declared.
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
      try {
        assertThat(ItemCodec.record(ItemCodec.readRecord(value))).isEqualTo(value);
      } catch (MalformedException expected) {
        // As declared.
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
    assertThat(read).as("mutations that are mailboxes still, seed %d", seed).isPositive();
  }

  private static byte[] mutation(Random random) {
    List<MailboxEntry> entries = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      entries.add(
          new MailboxEntry(
              item(random.nextInt(), 1 + random.nextInt(40)), random.nextInt(1 << 30)));
    }
    byte[] value = ItemCodec.mailbox(entries);
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(value.length);
      switch (random.nextInt(4)) {
        case 0 -> value[at] = (byte) random.nextInt(256);
        case 1 -> value[at] = (byte) "0123456789:lied-".charAt(random.nextInt(16));
        case 2 -> value = Arrays.copyOf(value, Math.max(1, at));
        default -> value = Arrays.copyOf(value, value.length + random.nextInt(5));
      }
    }
    return value;
  }

  private static byte[] noise(Random random) {
    byte[] value = new byte[random.nextInt(64)];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) "0123456789:lied-\0\u00ff".charAt(random.nextInt(18));
    }
    return value;
  }

  private static SealedItem sealed(String text) {
    return SealedItem.of(ascii(text));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
