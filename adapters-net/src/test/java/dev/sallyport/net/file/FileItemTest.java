package dev.sallyport.net.file;

import static dev.sallyport.net.file.Fixture.SEALER;
import static dev.sallyport.net.file.Fixture.bytes;
import static dev.sallyport.net.file.Fixture.item;
import static dev.sallyport.net.file.Fixture.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.wire.MalformedException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileItemTest {
  private static final Slot SLOT = slot(1);
  private static final Instant EXPIRES = Instant.parse("2026-11-22T10:00:00.123Z");
  private static final FileItem RECORD = new FileItem(Kind.RECORD, 77, EXPIRES, item(1));

  @Test
  void written_isReadBack() throws MalformedException {
    FileItem longest =
        new FileItem(Kind.KNOCK, 0, EXPIRES, SealedItem.of(bytes(2, SealedItem.MAX_LENGTH)));
    byte[] file = longest.write(SLOT, SEALER);
    assertThat(file).hasSize(FileItem.MAX_BYTES);
    assertThat(FileItem.read(file, SLOT.topic(), SEALER)).isEqualTo(longest);
    assertThat(read(RECORD.write(SLOT, SEALER))).isEqualTo(RECORD);
  }

  @Test
  void layout_isAsThePackageSays() {
    FileItem item = new FileItem(Kind.RECORD, 77, EXPIRES, SealedItem.of(new byte[] {1, 2, 3}));
    assertThat(HexFormat.ofDelimiter(" ").formatHex(item.write(SLOT, SEALER), 0, 30))
        .isEqualTo(
            "73 61 6c 6c 79 70 6f 72 74 01 01"
                + " 00 00 00 00 00 00 00 4d"
                + " 01 a2 02 b2 c5 7b"
                + " 00 03 01 02 03");
    assertThat(item.write(SLOT, SEALER)).hasSize(30 + 64);
  }

  @Test
  void anotherKeysSignature_isRefused() {
    assertThatThrownBy(() -> read(RECORD.write(slot(2), SEALER)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("not signed");
  }

  @Test
  void everyFlippedBit_isRefused() {
    byte[] good = RECORD.write(SLOT, SEALER);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << (i % 8));
      assertThatThrownBy(() -> read(bad)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void everyLengthButTheRightOne_isRefused() {
    byte[] good = RECORD.write(SLOT, SEALER);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(MalformedException.class);
    }
    byte[] longer = Arrays.copyOf(good, good.length + 1);
    assertThatThrownBy(() -> read(longer)).isInstanceOf(MalformedException.class);
  }

  /** The signature is taken for good, so that everything behind it is reached. */
  @Test
  void randomBytes_failOnlyAsDeclared() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Sealer credulous =
        (Sealer)
            Proxy.newProxyInstance(
                Sealer.class.getClassLoader(),
                new Class<?>[] {Sealer.class},
                (proxy, method, arguments) -> method.getName().equals("verify"));
    byte[] good = RECORD.write(SLOT, SEALER);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(FileItem.MAX_BYTES + 2)];
      random.nextBytes(bytes);
      // A good beginning leads further in.
      System.arraycopy(good, 0, bytes, 0, Math.min(bytes.length, random.nextInt(30)));
      try {
        FileItem read = FileItem.read(bytes, SLOT.topic(), credulous);
        assertThat(read.item().length()).isEqualTo(bytes.length - 91);
      } catch (MalformedException expected) {
        assertThat(expected).hasMessageNotContaining("null");
      } catch (RuntimeException e) {
        fail("seed " + seed + ", round " + i, e);
      }
    }
  }

  @Test
  void sequence_isNotNegative_andNoneForAKnock() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FileItem(Kind.RECORD, -1, EXPIRES, item(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FileItem(Kind.KNOCK, 1, EXPIRES, item(1)));
  }

  private static FileItem read(byte[] bytes) throws MalformedException {
    return FileItem.read(bytes, SLOT.topic(), SEALER);
  }
}
