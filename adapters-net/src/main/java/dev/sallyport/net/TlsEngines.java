package dev.sallyport.net;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * TLS engines that speak one thing only: TLS 1.3, X25519, Ed25519, certificates on both sides. The
 * client names no server and offers no old session.
 */
final class TlsEngines {
  private TlsEngines() {}

  static SSLEngine make(boolean client, OneKeyManager self, PeerCheck check) {
    try {
      // A context for each connection: sessions live in the context, and none shall be resumed.
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(new KeyManager[] {self}, new TrustManager[] {check}, null);
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(client);
      SSLParameters parameters = new SSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3"});
      parameters.setCipherSuites(
          new String[] {"TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"});
      parameters.setNamedGroups(new String[] {"x25519"});
      parameters.setSignatureSchemes(new String[] {"ed25519"});
      parameters.setNeedClientAuth(true);
      engine.setSSLParameters(parameters);
      return engine;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK knows TLS 1.3", e);
    }
  }

  /** Does what the engine left to be done on its caller's thread. */
  static void runTasks(SSLEngine engine) {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }
}
