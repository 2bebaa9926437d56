package dev.sallyport.net;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.domain.wire.ByteWriter;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The self-signed Ed25519 certificate of a link key (RFC 5280, RFC 8410), and its reading.
 *
 * <p>All it says is the key. Subject, serial number and validity are the same in every one: so it
 * tells a scanner neither who we are nor what our clock says, and one key has one certificate. The
 * validity is RFC 5280's "no well-defined expiration" (section 4.1.2.5).
 *
 * <p>It is put together here, byte by byte, because everything but 96 bytes of it is constant. A
 * certificate library would spend a second of a fresh JVM's time on loading its classes, and that
 * second is on the way to the first connection.
 */
final class LinkCertificate {
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int VERSION = 0xa0;

  // OID 1.3.101.112, id-Ed25519 (RFC 8410 section 3).
  private static final byte[] ED25519 = der(SEQUENCE, hex("06032b6570"));
  // OID 2.5.4.3, common name.
  private static final byte[] COMMON_NAME = hex("0603550403");
  // What precedes the 32 bytes of the key in its SubjectPublicKeyInfo (RFC 8410 section 4).
  private static final byte[] KEY_PREFIX = hex("302a300506032b6570032100");

  private LinkCertificate() {}

  static PrivateKey privateKey(TlsIdentity identity) {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(
              new EdECPrivateKeySpec(NamedParameterSpec.ED25519, identity.seed().toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK knows Ed25519", e);
    }
  }

  static X509Certificate of(PublicKey32 key, PrivateKey privateKey) {
    byte[] name =
        der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, ascii("localhost")))));
    byte[] body =
        der(
            SEQUENCE,
            der(VERSION, der(INTEGER, new byte[] {2})),
            der(INTEGER, new byte[] {1}),
            ED25519,
            name,
            der(
                SEQUENCE,
                der(UTC_TIME, ascii("700101000000Z")),
                der(GENERALIZED_TIME, ascii("99991231235959Z"))),
            name,
            KEY_PREFIX,
            key.toByteArray());
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(privateKey);
      signature.update(body);
      byte[] whole =
          der(SEQUENCE, body, ED25519, der(BIT_STRING, new byte[] {0}, signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate of our own making is not one", e);
    }
  }

  /**
   * The key in a peer's certificate.
   *
   * @throws CertificateException unless the chain is one Ed25519 certificate signed with its own
   *     key
   */
  static PublicKey32 keyOf(X509Certificate[] chain) throws CertificateException {
    if (chain.length != 1) {
      throw new CertificateException("a chain of " + chain.length + " certificates, not one");
    }
    byte[] encoded = chain[0].getPublicKey().getEncoded();
    int prefix = KEY_PREFIX.length;
    if (encoded.length != prefix + PublicKey32.LENGTH
        || !Arrays.equals(encoded, 0, prefix, KEY_PREFIX, 0, prefix)) {
      throw new CertificateException("the certificate's key is not an Ed25519 key");
    }
    try {
      chain[0].verify(chain[0].getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the certificate is not signed with its own key", e);
    }
    return PublicKey32.of(Arrays.copyOfRange(encoded, prefix, encoded.length));
  }

  /** One DER element (X.690 section 8.1) of at most 65535 bytes. */
  private static byte[] der(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteWriter out = new ByteWriter().u8(tag);
    if (length < 0x80) {
      out.u8(length);
    } else if (length < 0x100) {
      out.u8(0x81).u8(length);
    } else {
      out.u8(0x82).u16(length);
    }
    for (byte[] part : parts) {
      out.bytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
