package dev.sallyport.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HkdfTest {

  @Test
  void rfc5869_testCase1() {
    byte[] salt = range(0x00, 13);
    byte[] ikm = hex("0b".repeat(22));
    assertThat(Hkdf.extract(salt, ikm))
        .isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
    assertThat(Hkdf.derive(ikm, salt, range(0xf0, 10), 42))
        .isEqualTo(
            hex(
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                    + "34007208d5b887185865"));
  }

  @Test
  void rfc5869_testCase2_longInputs() {
    assertThat(Hkdf.derive(range(0x00, 80), range(0x60, 80), range(0xb0, 80), 82))
        .isEqualTo(
            hex(
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                    + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                    + "cc30c58179ec3e87c14c01d5c1f3434f1d87"));
  }

  @Test
  void rfc5869_testCase3_noSaltNoInfo() {
    assertThat(Hkdf.derive(hex("0b".repeat(22)), new byte[0], new byte[0], 42))
        .isEqualTo(
            hex(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                    + "9d201395faa4b61a96c8"));
  }

  @Test
  void length_isBounded() {
    byte[] ikm = {1};
    assertThat(Hkdf.derive(ikm, ikm, ikm, 8160)).hasSize(8160);
    assertThat(Hkdf.derive(ikm, ikm, ikm, 8160)).startsWith(Hkdf.derive(ikm, ikm, ikm, 33));
    for (int length : new int[] {0, -1, 8161}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Hkdf.derive(ikm, ikm, ikm, length))
          .withMessageContaining("1 to 8160 bytes");
    }
  }

  @Test
  void hmac_rfc4231_testCases2And3() {
    assertThat(Hmac.sha256(ascii("Jefe"), ascii("what do ya want for nothing?")))
        .isEqualTo(hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    assertThat(Hmac.sha256(hex("aa".repeat(20)), hex("dd".repeat(50))))
        .isEqualTo(hex("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"));
  }

  private static byte[] range(int first, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
