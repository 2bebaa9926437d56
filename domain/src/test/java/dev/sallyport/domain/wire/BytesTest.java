package dev.sallyport.domain.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {

  @Test
  void everyField_isReadAsItWasWritten() throws MalformedException {
    Instant time = Instant.parse("2026-11-22T12:34:56.789Z");
    byte[] bytes =
        new ByteWriter()
            .u8(0xfe)
            .u16(0xfffe)
            .u32(0xffff_fffeL)
            .i64(Long.MIN_VALUE)
            .i64(-2)
            .time(time)
            .bytes(new byte[] {1, 2})
            .shortBytes(new byte[] {3})
            .shortText("Büro")
            .toByteArray();

    ByteReader in = new ByteReader(bytes, "a sample");
    assertThat(in.u8()).isEqualTo(0xfe);
    assertThat(in.u16()).isEqualTo(0xfffe);
    assertThat(in.u32()).isEqualTo(0xffff_fffeL);
    assertThat(in.i64()).isEqualTo(Long.MIN_VALUE);
    assertThat(in.i64()).isEqualTo(-2);
    assertThat(in.time()).isEqualTo(time);
    assertThat(in.bytes(2)).containsExactly(1, 2);
    assertThat(in.shortBytes(1)).containsExactly(3);
    assertThat(in.shortText(5)).isEqualTo("Büro");
    assertThat(in.position()).isEqualTo(bytes.length);
    in.end();
  }

  @Test
  void numbers_areBigEndian() {
    byte[] bytes =
        new ByteWriter().u16(0x0102).u32(0x03040506).i64(0x0708090a0b0c0d0eL).toByteArray();
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("0102030405060708090a0b0c0d0e");
  }

  @Test
  void writer_growsAsNeeded() {
    byte[] bytes = new ByteWriter().bytes(new byte[255]).u16(7).bytes(new byte[5000]).toByteArray();
    assertThat(bytes).hasSize(5257).startsWith(new byte[255]);
    assertThat(bytes[256]).isEqualTo((byte) 7);
  }

  @Test
  void whatDoesNotFit_isNotWritten() {
    ByteWriter out = new ByteWriter();
    assertRefused(() -> out.u8(256));
    assertRefused(() -> out.u8(-1));
    assertRefused(() -> out.u16(65536));
    assertRefused(() -> out.u16(-1));
    assertRefused(() -> out.u32(1L << 32));
    assertRefused(() -> out.u32(-1));
    assertRefused(() -> out.shortBytes(new byte[256]));
    assertRefused(() -> out.time(Instant.EPOCH.minusMillis(1)));
    assertRefused(() -> out.time(Instant.ofEpochMilli(1L << 48)));
    assertThat(out.toByteArray()).isEmpty();
  }

  @Test
  void time_hasMillisecondsFromItsFirstToItsLast() throws MalformedException {
    Instant last = Instant.ofEpochMilli((1L << 48) - 1);
    byte[] bytes =
        new ByteWriter().time(Instant.EPOCH).time(last).time(last.minusNanos(1)).toByteArray();
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("000000000000fffffffffffffffffffffffe");
    ByteReader in = new ByteReader(bytes, "a sample");
    assertThat(in.time()).isEqualTo(Instant.EPOCH);
    assertThat(in.time()).isEqualTo(last);
    assertThat(WireTime.of(Instant.parse("2026-11-22T00:00:00.123999999Z")))
        .isEqualTo("2026-11-22T00:00:00.123Z");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 7})
  void whatIsCutShort_isMalformed(int length) {
    ByteReader in = new ByteReader(new byte[length], "a sample");
    assertThatThrownBy(() -> in.i64())
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("a sample is cut short");
    assertThat(in.remaining()).isLessThan(2);
  }

  @Test
  void lengthThatPointsPastTheEnd_isMalformed() {
    assertMalformed(() -> sample("05 01020304").shortBytes(255), "cut short");
    assertMalformed(() -> sample("ff").shortText(255), "cut short");
    assertMalformed(() -> sample("01").bytes(2), "cut short");
  }

  @Test
  void lengthAboveTheBound_isMalformed() {
    assertMalformed(() -> sample("03 010203").shortBytes(2), "at most 2 are allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"01 ff", "02 c080", "03 eda080", "02 c3", "04 f4908080", "03 efbf"})
  void textThatIsNotUtf8_isMalformed(String hex) {
    String padded = hex + "28";
    assertMalformed(() -> sample(padded).shortText(255), "not UTF-8");
  }

  @Test
  void unknownVersion_isNamed() {
    assertMalformed(
        () -> sample("02").version(1), "a sample has version 2; this Sallyport knows version 1");
  }

  @Test
  void leftovers_areMalformed() {
    assertMalformed(() -> sample("01 02").end(), "2 bytes too many");
  }

  private static ByteReader sample(String hex) {
    return new ByteReader(HexFormat.of().parseHex(hex.replace(" ", "")), "a sample");
  }

  private static void assertMalformed(ThrowingCallable reading, String why) {
    assertThatThrownBy(reading).isInstanceOf(MalformedException.class).hasMessageContaining(why);
  }

  private static void assertRefused(ThrowingCallable writing) {
    assertThatIllegalArgumentException().isThrownBy(writing);
  }
}
