package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.SEALER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.identity.PublicKey32;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import lbms.plugins.mldht.kad.Key;
import org.junit.jupiter.api.Test;

/** The test vectors of BEP 44. */
class MutableItemTest {
  private static final PublicKey32 KEY =
      PublicKey32.of(hex("77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548"));
  private static final byte[] VALUE = "12:Hello World!".getBytes(StandardCharsets.US_ASCII);

  @Test
  void vector1_mutableItem_verifies() {
    byte[] signature =
        hex(
            "305ac8aeb6c9c151fa120f120ea2cfb923564e11552d06a5d856091e5e853cff"
                + "1260d3f39e4999684aa92eb73ffd136e6f4f3ecbfda0ce53a1608ecd7ae21f01");
    assertThat(new MutableItem(1, VALUE, signature).isBy(KEY, SEALER)).isTrue();
    assertThat(new MutableItem(2, VALUE, signature).isBy(KEY, SEALER)).isFalse();
  }

  @Test
  void vector1_target_isTheDigestOfTheKey() {
    assertThat(MutableItem.target(KEY))
        .isEqualTo(new Key("4a533d47ec9c7d95b1ad75f576cffc641853b750"));
  }

  @Test
  void vector2_withSalt_signedBytes() {
    byte[] salt = "foobar".getBytes(StandardCharsets.US_ASCII);
    byte[] signature =
        hex(
            "6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17d"
                + "df9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08");
    byte[] signed = MutableItem.signedBytes(salt, 1, VALUE);
    assertThat(new String(signed, StandardCharsets.US_ASCII))
        .isEqualTo("4:salt6:foobar3:seqi1e1:v12:Hello World!");
    assertThat(SEALER.verify(KEY, signed, signature)).isTrue();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
