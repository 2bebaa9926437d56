package dev.sallyport.dht;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import net.i2p.crypto.eddsa.spec.EdDSANamedCurveTable;
import net.i2p.crypto.eddsa.spec.EdDSAPrivateKeySpec;

/** Signs and verifies with real Ed25519, as the DHT's other nodes do; seals nothing. */
final class TestSealer implements Sealer {
  private static final byte[] HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

  @Override
  public PublicKey32 signingKey(Secret32 seed) {
    return PublicKey32.of(
        new EdDSAPrivateKeySpec(seed.toByteArray(), EdDSANamedCurveTable.getByName("Ed25519"))
            .getA()
            .toByteArray());
  }

  @Override
  public byte[] sign(Secret32 seed, byte[] message) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(
                  new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed.toByteArray())));
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean verify(PublicKey32 key, byte[] message, byte[] signature) {
    byte[] encoded = new byte[44];
    System.arraycopy(HEADER, 0, encoded, 0, HEADER.length);
    System.arraycopy(key.toByteArray(), 0, encoded, HEADER.length, PublicKey32.LENGTH);
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public PublicKey32 agreementKey(Secret32 privateKey) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Secret32 agree(Secret32 privateKey, PublicKey32 publicKey) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] seal(Secret32 key, byte[] nonce, byte[] associated, byte[] plain) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] open(Secret32 key, byte[] nonce, byte[] associated, byte[] sealed) {
    throw new UnsupportedOperationException();
  }
}
