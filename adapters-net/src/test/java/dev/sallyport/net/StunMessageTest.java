package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StunMessageTest {
  // RFC 5769 section 2: the messages as printed there.
  static final String REQUEST =
      "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e7400240004"
          + "6e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb"
          + "56781ef2b5b2d3f249c1b571a280280004e57a3bcf";
  static final String RESPONSE_V4 =
      "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147"
          + "e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96";
  static final String RESPONSE_V6 =
      "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a147"
          + "0113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004"
          + "c8fb0b4c";
  static final TransactionId ID = new TransactionId(0xb7e7a701, 0xbc34d686, 0xfa87dfae);

  @Test
  void vectorsOfRfc5769_areReadAsTheRfcSays() throws Exception {
    assertThat(decode(REQUEST)).isEqualTo(StunMessage.request(ID));
    assertThat(decode(RESPONSE_V4))
        .isEqualTo(StunMessage.success(ID, Endpoint.parse("192.0.2.1:32853")));
    assertThat(decode(RESPONSE_V6))
        .isEqualTo(
            StunMessage.success(
                ID, Endpoint.parse("[2001:db8:1234:5678:11:2233:4455:6677]:32853")));
  }

  @ParameterizedTest
  @ValueSource(strings = {RESPONSE_V4, RESPONSE_V6})
  void anyFlippedBitOfTheAddress_breaksTheFingerprint(String vector) {
    byte[] bytes = HexFormat.of().parseHex(vector);
    // The value stands between 40 bytes and the 32 of integrity and fingerprint.
    for (int bit = 8 * 40; bit < 8 * (bytes.length - 32); bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> StunMessage.decode(flipped))
          .as("bit %d", bit)
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void whatIsWritten_isReadBack() throws Exception {
    for (StunMessage message :
        List.of(
            StunMessage.request(TransactionId.next()),
            StunMessage.success(TransactionId.next(), Endpoint.parse("203.0.113.7:1")),
            StunMessage.success(TransactionId.next(), Endpoint.parse("[2001:db8::1]:65535")),
            StunMessage.success(
                TransactionId.next(),
                Endpoint.parse("203.0.113.7:1"),
                Endpoint.parse("192.0.2.1:3478"),
                Endpoint.parse("[2001:db8::2]:3479"),
                DialBack.done(
                    Vantage.OTHER_ADDRESS,
                    DialBack.Outcome.SILENT,
                    Endpoint.parse("[2001:db8::3]:49152"),
                    Duration.ofMillis(2500))),
            StunMessage.error(TransactionId.next(), 420),
            StunMessage.error(TransactionId.next(), 420, List.of(3, 0x7fff, 0x27)))) {
      assertThat(StunMessage.decode(message.encode())).isEqualTo(message);
      assertThat(StunMessage.decode(message.encode("Sallyport 1", true))).isEqualTo(message);
    }
  }

  /** RFC 5769 sections 2.2 and 2.3, without the integrity: the bytes that we write ourselves. */
  @Test
  void addressesAreWritten_asTheVectorsOfRfc5769Have() {
    for (String vector : List.of(RESPONSE_V4, RESPONSE_V6)) {
      byte[] whole = HexFormat.of().parseHex(vector);
      byte[] ours =
          StunMessage.success(
                  ID,
                  Endpoint.parse(
                      vector.equals(RESPONSE_V4)
                          ? "192.0.2.1:32853"
                          : "[2001:db8:1234:5678:11:2233:4455:6677]:32853"))
              .encode();
      // Theirs stands behind 16 bytes of SOFTWARE and before 32 of integrity and fingerprint.
      assertThat(Arrays.copyOfRange(ours, StunMessage.HEADER_BYTES, ours.length))
          .isEqualTo(Arrays.copyOfRange(whole, StunMessage.HEADER_BYTES + 16, whole.length - 32));
      assertThat(Arrays.copyOfRange(ours, 4, StunMessage.HEADER_BYTES))
          .isEqualTo(Arrays.copyOfRange(whole, 4, StunMessage.HEADER_BYTES));
    }
  }

  @Test
  void anotherAddressOfZeros_isNone_andTheAnswerCounts() throws Exception {
    byte[] zeros = attribute(0x802c, "0001" + "0000" + "00000000");
    StunMessage answer = StunMessage.decode(success(mapped("192.0.2.8:1"), zeros));
    assertThat(answer.other()).isNull();
    assertThat(answer.mapped()).isEqualTo(Endpoint.parse("192.0.2.8:1"));
  }

  @Test
  void oldServerWithOnlyMappedAddress_isUnderstood() throws Exception {
    byte[] plain = attribute(0x0001, "0001" + "1f90" + "c0000207");
    byte[] sourceAddress = attribute(0x0004, "0001" + "0d96" + "c6336401");
    assertThat(StunMessage.decode(success(sourceAddress, plain)).mapped())
        .isEqualTo(Endpoint.parse("192.0.2.7:8080"));
  }

  @Test
  void xorMappedAddress_winsOverMappedAddress_andTheFirstOfTwoCounts() throws Exception {
    byte[] plain = attribute(0x0001, "0001" + "1f90" + "c0000207");
    byte[] first = mapped("192.0.2.8:1");
    byte[] second = mapped("192.0.2.9:2");
    assertThat(StunMessage.decode(success(plain, first, second)).mapped())
        .isEqualTo(Endpoint.parse("192.0.2.8:1"));
  }

  @Test
  void attributesBehindTheIntegrity_areIgnored() throws Exception {
    byte[] integrity = attribute(0x0008, "00".repeat(20));
    assertThat(StunMessage.decode(success(integrity, mapped("192.0.2.8:1"))).mapped()).isNull();
  }

  @Test
  void whatIsNotAllowed_isMalformed() {
    for (byte[] wrong :
        List.of(
            new byte[0],
            new byte[19],
            "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8),
            success(attribute(0x7000, "")),
            success(attribute(0x0020, "0003" + "1f90" + "c0000207")),
            success(attribute(0x0020, "0001" + "2112" + "c0000207")),
            success(attribute(0x0020, "0001" + "1f90" + "c00002")),
            success(attribute(0x8028, "00000000")),
            Arrays.copyOf(success(mapped("192.0.2.8:1")), 28),
            message(0x0111),
            message(0x0111, attribute(0x0009, "00000900")),
            success(attribute(0xf5a0, "01")),
            success(attribute(0xf5a0, "00020000")),
            success(attribute(0xf5a0, "01030000")),
            success(attribute(0xf5a0, "01020000" + "0001" + "2112" + "c0000207")),
            message(0x0111, attribute(0x0009, "00000414"), attribute(0x000a, "00")),
            message(0x0003))) {
      assertThatThrownBy(() -> StunMessage.decode(wrong)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void tooLongMessage_isRefusedByItsHeader() {
    byte[] header = message(0x0101);
    header[2] = 8;
    assertThatThrownBy(() -> StunMessage.totalBytes(header))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("2048");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBytes_areReadOrMalformed_andNothingElse(long seed) {
    Random random = new Random(seed);
    List<byte[]> seeds =
        List.of(
            HexFormat.of().parseHex(REQUEST),
            HexFormat.of().parseHex(RESPONSE_V4),
            HexFormat.of().parseHex(RESPONSE_V6),
            success(attribute(0x0001, "0001" + "1f90" + "c0000207")),
            StunMessage.error(ID, 438).encode());
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] input = mutate(seeds.get(random.nextInt(seeds.size())), random);
      try {
        StunMessage message = StunMessage.decode(input);
        Objects.requireNonNull(message.kind());
        read++;
      } catch (MalformedException declared) {
        Objects.requireNonNull(declared.getMessage());
      } catch (RuntimeException | Error undeclared) {
        throw new AssertionError(
            "seed " + seed + ", input " + HexFormat.of().formatHex(input), undeclared);
      }
    }
    assertThat(read).as("some mutants stay valid").isPositive();
  }

  private static byte[] mutate(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 40));
      case 1 -> {
        bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
      }
      default -> {}
    }
    for (int n = random.nextInt(6); n > 0 && bytes.length > 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    if (random.nextBoolean() && bytes.length >= 20) {
      // A header that fits lets the mutant through to the attributes.
      System.arraycopy(valid, 0, bytes, 0, 20);
      bytes[2] = (byte) ((bytes.length - 20) >> 8);
      bytes[3] = (byte) (bytes.length - 20);
    }
    return bytes;
  }

  private static StunMessage decode(String hex) throws MalformedException {
    return StunMessage.decode(HexFormat.of().parseHex(hex));
  }

  private static byte[] mapped(String endpoint) {
    byte[] whole = StunMessage.success(ID, Endpoint.parse(endpoint)).encode();
    return Arrays.copyOfRange(whole, StunMessage.HEADER_BYTES, whole.length);
  }

  private static byte[] success(byte[]... attributes) {
    return message(0x0101, attributes);
  }

  static byte[] message(int type, byte[]... attributes) {
    ByteWriter body = new ByteWriter();
    for (byte[] attribute : attributes) {
      body.bytes(attribute);
    }
    byte[] bytes = body.toByteArray();
    return new ByteWriter()
        .u16(type)
        .u16(bytes.length)
        .bytes(HexFormat.of().parseHex("2112a442b7e7a701bc34d686fa87dfae"))
        .bytes(bytes)
        .toByteArray();
  }

  static byte[] attribute(int type, String hex) {
    byte[] value = HexFormat.of().parseHex(hex);
    return new ByteWriter()
        .u16(type)
        .u16(value.length)
        .bytes(value)
        .bytes(new byte[-value.length & 3])
        .toByteArray();
  }
}
