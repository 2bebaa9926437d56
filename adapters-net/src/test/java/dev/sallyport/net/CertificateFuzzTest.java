package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.fuzz.DecoderFuzzing;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as a peer's certificate: the key that it is signed with, or no key at all. */
class CertificateFuzzTest extends DecoderFuzzing {
  private static final TlsIdentity IDENTITY = identity(1);
  private static final PrivateKey PRIVATE_KEY = LinkCertificate.privateKey(IDENTITY);
  private static final X509Certificate GENUINE = LinkCertificate.of(IDENTITY.key(), PRIVATE_KEY);

  private static final TlsIdentity STRANGER = identity(2);

  private static TlsIdentity identity(int fill) {
    byte[] seed = new byte[Secret32.LENGTH];
    Arrays.fill(seed, (byte) fill);
    return new TlsIdentity(new JdkSealer().signingKey(Secret32.of(seed)), Secret32.of(seed));
  }

  private static List<byte[]> certificates() throws CertificateException {
    return List.of(GENUINE.getEncoded());
  }

  @MethodSource("certificates")
  @FuzzTest
  void certificate(byte[] der) throws Exception {
    X509Certificate certificate = judged(der, der);
    if (certificate != null) {
      assertThat(certificate.getTBSCertificate()).isEqualTo(GENUINE.getTBSCertificate());
    }
  }

  private static List<byte[]> bodies() throws CertificateException {
    return List.of(GENUINE.getTBSCertificate());
  }

  /** Whatever it says, it is signed by our key, so that more than the first check is reached. */
  @MethodSource("bodies")
  @FuzzTest
  void signedBody(byte[] body) throws Exception {
    if (body.length < 1 << 15) {
      judged(body, signed(body));
    }
  }

  /** The certificate if its key is taken, which must be the key that signed it. */
  private @Nullable X509Certificate judged(byte[] input, byte[] der) throws Exception {
    X509Certificate certificate = parsed(der);
    if (certificate == null) {
      return null;
    }
    X509Certificate[] chain = {certificate};
    PublicKey32 key = decode(CertificateException.class, input, () -> LinkCertificate.keyOf(chain));
    PeerCheck pinned = new PeerCheck(IDENTITY.key());
    PeerCheck other = new PeerCheck(STRANGER.key());
    assertThatThrownBy(() -> other.checkServerTrusted(chain, "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
    assertThat(other.objection()).isNotNull();
    if (key == null) {
      assertThatThrownBy(() -> pinned.checkClientTrusted(chain, "UNKNOWN"))
          .isInstanceOf(CertificateException.class);
      return null;
    }
    assertThat(key).isEqualTo(IDENTITY.key());
    pinned.checkClientTrusted(chain, "UNKNOWN");
    assertThat(pinned.objection()).isNull();
    return certificate;
  }

  /**
   * As the JDK reads it, before our code sees it. Of a key without any bytes it says so with an
   * index out of bounds, which {@link TlsUpgrade} takes like any other refusal.
   */
  private static @Nullable X509Certificate parsed(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException | RuntimeException e) {
      return null;
    }
  }

  /** RFC 5280 section 4.1: body, algorithm (Ed25519), signature. */
  private static byte[] signed(byte[] body) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(PRIVATE_KEY);
    signature.update(body);
    byte[] behind =
        new ByteWriter()
            .bytes(HexFormat.of().parseHex("300506032b6570" + "034100"))
            .bytes(signature.sign())
            .toByteArray();
    int length = body.length + behind.length;
    ByteWriter out = new ByteWriter().u8(0x30);
    if (length < 256) {
      out.u8(0x81).u8(length);
    } else {
      out.u8(0x82).u16(length);
    }
    return out.bytes(body).bytes(behind).toByteArray();
  }
}
