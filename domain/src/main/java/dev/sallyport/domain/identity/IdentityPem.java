package dev.sallyport.domain.identity;

import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An identity's seed as PKCS#8 PEM (RFC 8410 section 7, RFC 7468 section 10), the format of {@code
 * openssl genpkey -algorithm ed25519}. No message of it repeats anything of the text.
 */
public final class IdentityPem {
  private static final int MAX_TEXT = 1 << 16;
  private static final String LABEL = "PRIVATE KEY";
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final String EXPECTED =
      "; expected an Ed25519 key in PKCS#8 PEM, as made by: openssl genpkey -algorithm ed25519";

  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_ID = 0x06;

  /** What stands before the seed in the shortest form, which is the one that is written. */
  private static final byte[] HEADER = HexFormat.of().parseHex("302e020100300506032b657004220420");

  private IdentityPem() {}

  /** The PEM text of a seed, with a final line feed. The caller keeps it from others. */
  public static String encode(Secret32 seed) {
    byte[] der = new ByteWriter().bytes(HEADER).bytes(seed.toByteArray()).toByteArray();
    return BEGIN
        + LABEL
        + DASHES
        + "\n"
        + Base64.getEncoder().encodeToString(der)
        + "\n"
        + END
        + LABEL
        + DASHES
        + "\n";
  }

  /**
   * The seed in a PEM text. Explanatory text before the key is skipped (RFC 7468 section 2), and so
   * are the attributes and the public key that some programs add (RFC 5958).
   *
   * @throws MalformedException saying what the text is instead and what is expected
   */
  public static Secret32 decode(String text) throws MalformedException {
    if (text.isBlank()) {
      throw wrong("the identity is empty");
    }
    if (text.length() > MAX_TEXT) {
      throw wrong("the identity has " + text.length() + " characters, far too many for a key");
    }
    int begin = text.indexOf(BEGIN);
    if (begin < 0) {
      throw wrong("the identity is not a PEM text");
    }
    int labelAt = begin + BEGIN.length();
    int labelEnd = text.indexOf(DASHES, labelAt);
    if (labelEnd < 0) {
      throw wrong("the identity is cut short in its first line");
    }
    checkLabel(text.substring(labelAt, labelEnd));
    int bodyAt = labelEnd + DASHES.length();
    String lastLine = END + LABEL + DASHES;
    int end = text.indexOf(lastLine, bodyAt);
    if (end < 0) {
      throw wrong("the identity is cut short: its last line is missing");
    }
    if (!text.substring(end + lastLine.length()).isBlank()) {
      throw wrong("the identity has something after its key");
    }
    return seed(base64(text.substring(bodyAt, end)));
  }

  private static void checkLabel(String label) throws MalformedException {
    switch (label) {
      case LABEL -> {}
      case "OPENSSH PRIVATE KEY" -> throw wrong("the identity is an OpenSSH key");
      case "RSA PRIVATE KEY" -> throw wrong("the identity is an RSA key");
      case "EC PRIVATE KEY" -> throw wrong("the identity is an elliptic curve key of another kind");
      case "DSA PRIVATE KEY" -> throw wrong("the identity is a DSA key");
      case "ENCRYPTED PRIVATE KEY" ->
          throw wrong(
              "the identity is encrypted with a password, which Sallyport does not ask for");
      case "PUBLIC KEY" -> throw wrong("the identity is a public key only");
      case "CERTIFICATE" -> throw wrong("the identity is a certificate");
      default -> throw wrong("the identity is a PEM text of another kind");
    }
  }

  private static byte[] base64(String body) throws MalformedException {
    try {
      return Base64.getDecoder().decode(body.replaceAll("[ \\t\\r\\n]", ""));
    } catch (IllegalArgumentException e) {
      // The cause is left out on purpose: it would repeat a part of the text.
      throw wrong("the identity is damaged: its middle is not base64");
    }
  }

  /**
   * OneAsymmetricKey (RFC 5958): a sequence of version, algorithm, an octet string with the key
   * (for this algorithm an octet string again), and optional parts that are not needed here.
   */
  private static Secret32 seed(byte[] der) throws MalformedException {
    byte[] algorithm;
    byte[] key;
    try {
      ByteReader whole = new ByteReader(der, "DER");
      ByteReader sequence = new ByteReader(value(whole, SEQUENCE), "DER");
      whole.end();
      value(sequence, INTEGER);
      algorithm = value(new ByteReader(value(sequence, SEQUENCE), "DER"), OBJECT_ID);
      key = value(sequence, OCTET_STRING);
    } catch (MalformedException e) {
      throw wrong("the identity is cut short or damaged");
    }
    switch (HexFormat.of().formatHex(algorithm)) {
      case "2b6570" -> {}
      case "2a864886f70d010101", "2a864886f70d01010a" -> throw wrong("the identity is an RSA key");
      case "2a8648ce3d0201" -> throw wrong("the identity is an elliptic curve key of another kind");
      case "2b656e", "2b656f" ->
          throw wrong("the identity is a key for agreement, not for signing");
      case "2b6571" -> throw wrong("the identity is an Ed448 key");
      default -> throw wrong("the identity is a key of another kind");
    }
    // An octet string of 32 bytes, and nothing else.
    if (key.length != 2 + Secret32.LENGTH || key[0] != OCTET_STRING || key[1] != Secret32.LENGTH) {
      throw wrong("the identity is damaged: its key does not have 32 bytes");
    }
    return Secret32.of(Arrays.copyOfRange(key, 2, key.length));
  }

  /** The content of the next DER element, which must have this tag. */
  private static byte[] value(ByteReader in, int tag) throws MalformedException {
    int found = in.u8();
    int length = in.u8();
    if (found != tag || length > 0x82 || length == 0x80) {
      throw new MalformedException("unexpected DER");
    }
    return in.bytes(length < 0x80 ? length : length == 0x81 ? in.u8() : in.u16());
  }

  private static MalformedException wrong(String what) {
    return new MalformedException(what + EXPECTED);
  }
}
