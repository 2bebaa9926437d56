package dev.sallyport.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.wire.MalformedException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdkSealerTest {
  private static final byte[] NOTHING = {};

  private final Sealer sealer = new JdkSealer();

  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,"
        + "'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,"
        + "72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,"
        + "af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void ed25519_rfc8032_section7_1(String seed, String key, String message, String signature) {
    assertThat(sealer.signingKey(secret(seed))).isEqualTo(key(key));
    assertThat(sealer.sign(secret(seed), hex(message))).isEqualTo(hex(signature));
    assertThat(sealer.verify(key(key), hex(message), hex(signature))).isTrue();
  }

  @Test
  void ed25519_anyChangedBit_failsToVerify() {
    Secret32 seed = Secret32.of(new byte[32]);
    PublicKey32 key = sealer.signingKey(seed);
    byte[] message = {1, 2, 3};
    byte[] signature = sealer.sign(seed, message);
    for (int i = 0; i < 64; i++) {
      byte[] changed = signature.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      assertThat(sealer.verify(key, message, changed)).as("byte %d", i).isFalse();
    }
    assertThat(sealer.verify(key, new byte[] {1, 2, 4}, signature)).isFalse();
    assertThat(sealer.verify(key, message, Arrays.copyOf(signature, 63))).isFalse();
    assertThat(sealer.verify(key, message, Arrays.copyOf(signature, 65))).isFalse();
    assertThat(sealer.verify(key, message, NOTHING)).isFalse();
  }

  /** RFC 8032 section 5.1.7: the second half of a signature is below the order of the group. */
  @Test
  void ed25519_signatureMadeOverByAddingTheOrder_failsToVerify() {
    Secret32 seed = Secret32.of(new byte[32]);
    byte[] signature = sealer.sign(seed, NOTHING);
    BigInteger order =
        BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    BigInteger s = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)));
    byte[] other = signature.clone();
    Arrays.fill(other, 32, 64, (byte) 0);
    byte[] sum = reversed(s.add(order).toByteArray());
    System.arraycopy(sum, 0, other, 32, sum.length);
    assertThat(sealer.verify(sealer.signingKey(seed), NOTHING, other)).isFalse();
  }

  @Test
  void ed25519_keysThatAreNoPoints_verifyNothing() {
    long seed = 8032;
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      byte[] key = new byte[32];
      byte[] signature = new byte[64];
      random.nextBytes(key);
      random.nextBytes(signature);
      assertThat(sealer.verify(PublicKey32.of(key), key, signature)).as("seed %d", seed).isFalse();
    }
    for (String key : new String[] {"02" + "00".repeat(31), "ff".repeat(32)}) {
      assertThat(sealer.verify(key(key), NOTHING, new byte[64])).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
        + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
        + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
        + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
        + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
  })
  void x25519_rfc7748_section5_2(String privateKey, String publicKey, String shared)
      throws MalformedException {
    assertThat(sealer.agree(secret(privateKey), key(publicKey))).isEqualTo(secret(shared));
  }

  @Test
  void x25519_rfc7748_section6_1() throws MalformedException {
    Secret32 bob = secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    PublicKey32 alice = key("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    assertThat(sealer.agreementKey(bob))
        .isEqualTo(key("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    assertThat(sealer.agree(bob, alice))
        .isEqualTo(secret("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
  }

  /** RFC 7748 section 5: numbers from 2^255 - 19 on are taken modulo it. */
  @Test
  void x25519_keyThatIsNotReduced_isTheSameKey() throws MalformedException {
    Secret32 any = secret("11".repeat(32));
    PublicKey32 nineAndTheModulus = key("f6" + "ff".repeat(30) + "7f");
    assertThat(sealer.agree(any, nineAndTheModulus).toByteArray())
        .isEqualTo(sealer.agreementKey(any).toByteArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void x25519_pointOfLowOrder_isMalformed(String point) {
    assertThatThrownBy(() -> sealer.agree(secret("22".repeat(32)), key(point)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("low order");
  }

  @Test
  void aes256Gcm_nothing_isSealedAndOpened() throws MalformedException {
    Secret32 key = secret("00".repeat(32));
    byte[] sealed = sealer.seal(key, new byte[12], new byte[0], new byte[0]);
    assertThat(sealed).hasSize(Sealer.SEAL_OVERHEAD);
    assertThat(sealer.open(key, new byte[12], new byte[0], sealed)).isEmpty();
  }

  /** Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation". */
  @Test
  void aes256Gcm_testCase16() throws MalformedException {
    Secret32 key = secret("feffe9928665731c6d6a8f9467308308".repeat(2));
    byte[] nonce = hex("cafebabefacedbaddecaf888");
    byte[] associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    byte[] plain =
        hex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    byte[] sealed =
        hex(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b");
    assertThat(sealer.seal(key, nonce, associated, plain)).isEqualTo(sealed);
    assertThat(sealer.open(key, nonce, associated, sealed)).isEqualTo(plain);
  }

  @Test
  void aes256Gcm_anythingChanged_doesNotOpen() {
    Secret32 key = secret("33".repeat(32));
    byte[] nonce = new byte[12];
    byte[] sealed = sealer.seal(key, nonce, hex("aa"), hex("0102"));
    assertThat(sealed).hasSize(2 + Sealer.SEAL_OVERHEAD);
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertDoesNotOpen(key, nonce, hex("aa"), changed);
    }
    byte[] otherNonce = nonce.clone();
    otherNonce[11] = 1;
    assertDoesNotOpen(key, otherNonce, hex("aa"), sealed);
    assertDoesNotOpen(key, nonce, hex("ab"), sealed);
    assertDoesNotOpen(key, nonce, NOTHING, sealed);
    assertDoesNotOpen(secret("34".repeat(32)), nonce, hex("aa"), sealed);
    assertDoesNotOpen(key, nonce, hex("aa"), Arrays.copyOf(sealed, 15));
    assertDoesNotOpen(key, nonce, hex("aa"), NOTHING);
  }

  @Test
  void aes256Gcm_nonceOfAnotherLength_isTheCallersMistake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sealer.seal(secret("33".repeat(32)), new byte[16], NOTHING, NOTHING));
  }

  @Test
  void secrets_areNeverShown() {
    Secret32 seed = secret("7f".repeat(32));
    assertThat(seed.toString()).doesNotContain("7f").doesNotContain("127");
    assertThat(Identity.fromSeed(seed, sealer).toString())
        .doesNotContain("7f7f")
        .contains(sealer.signingKey(seed).toString());
    assertThat(seed).isEqualTo(secret("7f".repeat(32))).isNotEqualTo(secret("7e".repeat(32)));
  }

  private void assertDoesNotOpen(Secret32 key, byte[] nonce, byte[] associated, byte[] sealed) {
    assertThatThrownBy(() -> sealer.open(key, nonce, associated, sealed))
        .isInstanceOf(MalformedException.class);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = bytes[bytes.length - 1 - i];
    }
    return out;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static Secret32 secret(String digits) {
    return Secret32.of(hex(digits));
  }

  private static PublicKey32 key(String digits) {
    return PublicKey32.of(hex(digits));
  }
}
