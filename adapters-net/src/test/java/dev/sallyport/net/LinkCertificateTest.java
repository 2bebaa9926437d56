package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.session.TlsIdentity;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.Test;

class LinkCertificateTest {

  @Test
  void bouncyCastle_readsAndVerifiesWhatWeMake_andWouldWriteTheSameBytes() throws Exception {
    TlsIdentity identity = TlsPair.identity();
    byte[] ours = certificate(identity).getEncoded();
    X509CertificateHolder read = new X509CertificateHolder(ours);
    assertThat(read.getVersionNumber()).isEqualTo(3);
    assertThat(
            read.isSignatureValid(
                new JcaContentVerifierProviderBuilder().build(read.getSubjectPublicKeyInfo())))
        .isTrue();
    assertThat(read.toASN1Structure().getEncoded("DER")).isEqualTo(ours);
  }

  @Test
  void certificates_differInNothingButKeyAndSignature() throws Exception {
    TlsIdentity one = TlsPair.identity();
    TlsIdentity other = TlsPair.identity();
    byte[] first = certificate(one).getEncoded();
    byte[] second = certificate(other).getEncoded();
    assertThat(certificate(one).getEncoded()).isEqualTo(first);
    int signature = first.length - 64;
    int key = indexOf(first, one.key().toByteArray());
    assertThat(Arrays.copyOf(first, key)).isEqualTo(Arrays.copyOf(second, key));
    assertThat(Arrays.copyOfRange(first, key + 32, signature))
        .isEqualTo(Arrays.copyOfRange(second, key + 32, signature));
  }

  @Test
  void certificate_saysNothingOfTheClock() {
    X509Certificate certificate = certificate(TlsPair.identity());
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(Instant.EPOCH);
    assertThat(certificate.getNotAfter().toInstant())
        .isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
    assertThat(certificate.getSerialNumber()).isEqualTo(BigInteger.ONE);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
  }

  @Test
  void keyOfOurOwn_isReadBack() throws Exception {
    TlsIdentity identity = TlsPair.identity();
    assertThat(LinkCertificate.keyOf(new X509Certificate[] {certificate(identity)}))
        .isEqualTo(identity.key());
  }

  @Test
  void chainsOfNoneOrTwo_areRefused() {
    X509Certificate one = certificate(TlsPair.identity());
    assertThatThrownBy(() -> LinkCertificate.keyOf(new X509Certificate[0]))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(() -> LinkCertificate.keyOf(new X509Certificate[] {one, one}))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("2 certificates");
  }

  @Test
  void otherKindsOfKey_areRefused() throws Exception {
    for (String[] kind : new String[][] {{"EC", "SHA256withECDSA"}, {"Ed448", "Ed448"}}) {
      KeyPair pair = KeyPairGenerator.getInstance(kind[0]).generateKeyPair();
      X509Certificate foreign = foreign(pair, pair, kind[1]);
      assertThatThrownBy(() -> LinkCertificate.keyOf(new X509Certificate[] {foreign}))
          .isInstanceOf(CertificateException.class)
          .hasMessageContaining("not an Ed25519 key");
    }
  }

  @Test
  void certificateSignedBySomebodyElse_isRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    X509Certificate issued =
        foreign(generator.generateKeyPair(), generator.generateKeyPair(), "Ed25519");
    assertThatThrownBy(() -> LinkCertificate.keyOf(new X509Certificate[] {issued}))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("not signed with its own key");
  }

  @Test
  void anybodysSelfSignedEd25519Certificate_isFine() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    assertThat(
            LinkCertificate.keyOf(new X509Certificate[] {foreign(pair, pair, "Ed25519")})
                .toByteArray())
        .isEqualTo(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  private static X509Certificate certificate(TlsIdentity identity) {
    return LinkCertificate.of(identity.key(), LinkCertificate.privateKey(identity));
  }

  private static X509Certificate foreign(KeyPair subject, KeyPair issuer, String algorithm)
      throws Exception {
    X500Name name = new X500Name("CN=stranger");
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            name,
            BigInteger.TEN,
            new Time(new ASN1UTCTime("700101000000Z")),
            new Time(new ASN1UTCTime("400101000000Z")),
            name,
            SubjectPublicKeyInfo.getInstance(subject.getPublic().getEncoded()));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(algorithm).build(issuer.getPrivate())));
  }

  private static int indexOf(byte[] whole, byte[] part) {
    for (int i = 0; i + part.length <= whole.length; i++) {
      if (Arrays.equals(whole, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not in there");
  }
}
