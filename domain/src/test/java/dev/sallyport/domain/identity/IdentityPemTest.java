package dev.sallyport.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.wire.MalformedException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityPemTest {
  private static final String EXPECTED =
      "; expected an Ed25519 key in PKCS#8 PEM, as made by: openssl genpkey -algorithm ed25519";

  /** The example of RFC 8410 section 10.3. */
  private static final String BODY =
      "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";

  private static final Secret32 SEED =
      Secret32.of(
          HexFormat.of()
              .parseHex("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"));

  @Test
  void rfc8410_example_isReadAndWritten() throws MalformedException {
    assertThat(IdentityPem.decode(pem("PRIVATE KEY", BODY))).isEqualTo(SEED);
    assertThat(IdentityPem.encode(SEED)).isEqualTo(pem("PRIVATE KEY", BODY));
  }

  @Test
  void rfc8410_exampleWithAttributesAndPublicKey_isRead() throws MalformedException {
    String body =
        """
        MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
        Z9w7lshQhqowtrbLDFw4rXAxZuE=""";
    assertThat(IdentityPem.decode(pem("PRIVATE KEY", body))).isEqualTo(SEED);
  }

  @Test
  void otherLineEndingsAndTextBefore_areRead() throws MalformedException {
    String pem = pem("PRIVATE KEY", BODY.substring(0, 20) + "\n" + BODY.substring(20));
    assertThat(IdentityPem.decode(pem.replace("\n", "\r\n"))).isEqualTo(SEED);
    assertThat(IdentityPem.decode("My identity, keep it.\n\n" + pem + "\n \n")).isEqualTo(SEED);
    assertThat(IdentityPem.decode(pem.strip())).isEqualTo(SEED);
  }

  @ParameterizedTest
  @CsvSource({
    "OPENSSH PRIVATE KEY, the identity is an OpenSSH key",
    "RSA PRIVATE KEY, the identity is an RSA key",
    "EC PRIVATE KEY, the identity is an elliptic curve key of another kind",
    "DSA PRIVATE KEY, the identity is a DSA key",
    "ENCRYPTED PRIVATE KEY, "
        + "'the identity is encrypted with a password, which Sallyport does not ask for'",
    "PUBLIC KEY, the identity is a public key only",
    "CERTIFICATE, the identity is a certificate",
    "SOMETHING NEW, the identity is a PEM text of another kind"
  })
  void foreignLabel_isNamed(String label, String what) {
    assertRefused(pem(label, BODY), what);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, the identity is an RSA key",
    "RSASSA-PSS, the identity is an RSA key",
    "EC, the identity is an elliptic curve key of another kind",
    "X25519, 'the identity is a key for agreement, not for signing'",
    "X448, 'the identity is a key for agreement, not for signing'",
    "Ed448, the identity is an Ed448 key",
    "DSA, the identity is a key of another kind"
  })
  void foreignAlgorithm_isNamed(String algorithm, String what) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (algorithm.endsWith("SA") || algorithm.endsWith("PSS")) {
      generator.initialize(1024);
    }
    byte[] der = generator.generateKeyPair().getPrivate().getEncoded();
    assertRefused(pem("PRIVATE KEY", Base64.getMimeEncoder().encodeToString(der)), what);
  }

  @Test
  void ed25519_ofTheJdk_isRead() throws GeneralSecurityException, MalformedException {
    byte[] der =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    Secret32 seed = IdentityPem.decode(pem("PRIVATE KEY", Base64.getEncoder().encodeToString(der)));
    assertThat(Base64.getDecoder().decode(IdentityPem.encode(seed).split("\n", -1)[1]))
        .isEqualTo(der);
  }

  @Test
  void everyTruncation_isAnError() {
    String pem = pem("PRIVATE KEY", BODY).strip();
    for (int length = 0; length < pem.length(); length++) {
      String cut = pem.substring(0, length);
      assertThatThrownBy(() -> IdentityPem.decode(cut))
          .as("%d characters", length)
          .isInstanceOf(MalformedException.class)
          .hasMessageEndingWith(EXPECTED);
    }
    byte[] der = Base64.getDecoder().decode(BODY);
    for (int length = 0; length < der.length; length++) {
      String cut = Base64.getEncoder().encodeToString(Arrays.copyOf(der, length));
      assertThatThrownBy(() -> IdentityPem.decode(pem("PRIVATE KEY", cut)))
          .as("%d bytes", length)
          .isInstanceOf(MalformedException.class)
          .hasMessage("the identity is cut short or damaged" + EXPECTED);
    }
  }

  @Test
  void damage_isNamedButNothingIsRepeated() {
    assertRefused("", "the identity is empty");
    assertRefused(" \n", "the identity is empty");
    assertRefused("0".repeat(64), "the identity is not a PEM text");
    assertRefused("-----BEGIN PRIVATE KEY", "the identity is cut short in its first line");
    assertRefused(
        pem("PRIVATE KEY", BODY).replace("END PRIVATE", "END PUBLIC"),
        "the identity is cut short: its last line is missing");
    assertRefused(
        pem("PRIVATE KEY", BODY) + pem("PRIVATE KEY", BODY),
        "the identity has something after its key");
    assertRefused(
        pem("PRIVATE KEY", BODY.replace('c', '!')),
        "the identity is damaged: its middle is not base64");
    assertRefused("x".repeat(65_537), "the identity has 65537 characters, far too many for a key");
  }

  @ParameterizedTest
  @CsvSource({
    "302e020100300506032b657004220420 00, the identity is cut short or damaged",
    "302d020100300506032b657004210420, the identity is damaged: its key does not have 32 bytes",
    "302e020100300506032b65700422041f, the identity is damaged: its key does not have 32 bytes",
    "302e020100300506032b657004220320, the identity is damaged: its key does not have 32 bytes",
    "312e020100300506032b657004220420, the identity is cut short or damaged",
    "302e030100300506032b657004220420, the identity is cut short or damaged",
    "302e020100310506032b657004220420, the identity is cut short or damaged",
    "302e020100300506032b657005220420, the identity is cut short or damaged",
    "3080020100300506032b657004220420, the identity is cut short or damaged",
    "3083020100300506032b657004220420, the identity is cut short or damaged"
  })
  void otherDer_isRefused(String header, String what) {
    byte[] start = HexFormat.of().parseHex(header.replace(" ", ""));
    byte[] der = Arrays.copyOf(start, start[1] == 0x2d ? 47 : start.length + 32);
    assertRefused(pem("PRIVATE KEY", Base64.getEncoder().encodeToString(der)), what);
  }

  private static void assertRefused(String text, String what) {
    assertThatThrownBy(() -> IdentityPem.decode(text))
        .isInstanceOf(MalformedException.class)
        .hasMessage(what + EXPECTED)
        .hasNoCause();
  }

  private static String pem(String label, String body) {
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }
}
