package dev.sallyport.net;

import dev.sallyport.domain.identity.PublicKey32;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts one key, or any. There are no authorities, names or dates to check; that the peer holds
 * the key, TLS proves itself (RFC 8446 section 4.4.3). Made for one handshake. It extends the
 * extended class because the JDK wraps any other trust manager with checks of its own.
 */
final class PeerCheck extends X509ExtendedTrustManager {
  private final @Nullable PublicKey32 pinned;
  private volatile @Nullable String objection;

  /**
   * @param pinned the only key to trust, or null for any
   */
  PeerCheck(@Nullable PublicKey32 pinned) {
    this.pinned = pinned;
  }

  /** Why the peer's certificate was turned down, or null if it was not. */
  @Nullable String objection() {
    return objection;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    try {
      PublicKey32 key = LinkCertificate.keyOf(chain);
      if (pinned != null && !pinned.equals(key)) {
        throw new CertificateException("the certificate has another key than the expected one");
      }
    } catch (CertificateException e) {
      objection = e.getMessage();
      throw e;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
