package dev.sallyport.domain.identity;

import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The real {@link Sealer}, by the JDK's own providers only. Stateless, safe from any thread. */
public final class JdkSealer implements Sealer {
  private static final String ED25519 = "Ed25519";
  private static final String X25519 = "X25519";
  private static final int NONCE_LENGTH = 12;

  /** What stands before the 32 bytes of a key in a SubjectPublicKeyInfo (RFC 8410 section 4). */
  private static final byte[] ED25519_HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final byte[] X25519_HEADER = HexFormat.of().parseHex("302a300506032b656e032100");

  /** The base point of X25519, u = 9 (RFC 7748 section 4.1). */
  private static final PublicKey32 BASE_POINT = basePoint();

  @Override
  public PublicKey32 signingKey(Secret32 seed) {
    try {
      return raw(SeedRandom.ed25519(seed.toByteArray()).getPublic());
    } catch (GeneralSecurityException e) {
      throw unavailable(ED25519, e);
    }
  }

  @Override
  public byte[] sign(Secret32 seed, byte[] message) {
    try {
      PrivateKey key =
          KeyFactory.getInstance(ED25519)
              .generatePrivate(
                  new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed.toByteArray()));
      Signature signature = Signature.getInstance(ED25519);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw unavailable(ED25519, e);
    }
  }

  @Override
  public boolean verify(PublicKey32 key, byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(ED25519);
      verifier.initVerify(publicKey(ED25519, ED25519_HEADER, key.toByteArray()));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // The key is no point of the curve, or the signature's numbers are out of range.
      return false;
    }
  }

  @Override
  public PublicKey32 agreementKey(Secret32 privateKey) {
    try {
      return PublicKey32.of(agree(privateKey, BASE_POINT).toByteArray());
    } catch (MalformedException e) {
      throw new IllegalStateException("the base point is not of low order", e);
    }
  }

  @Override
  public Secret32 agree(Secret32 privateKey, PublicKey32 publicKey) throws MalformedException {
    try {
      byte[] point = publicKey.toByteArray();
      // RFC 7748 section 5: the top bit is not part of the number.
      point[31] &= 0x7f;
      KeyAgreement agreement = KeyAgreement.getInstance(X25519);
      agreement.init(
          KeyFactory.getInstance(X25519)
              .generatePrivate(
                  new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey.toByteArray())));
      agreement.doPhase(publicKey(X25519, X25519_HEADER, point), true);
      return Secret32.of(agreement.generateSecret());
    } catch (InvalidKeyException e) {
      throw new MalformedException("an X25519 public key is of low order", e);
    } catch (GeneralSecurityException e) {
      throw unavailable(X25519, e);
    }
  }

  @Override
  public byte[] seal(Secret32 key, byte[] nonce, byte[] associated, byte[] plain) {
    try {
      Cipher cipher = aesGcm(Cipher.ENCRYPT_MODE, key, nonce);
      cipher.updateAAD(associated);
      return cipher.doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw unavailable("AES-256-GCM", e);
    }
  }

  @Override
  public byte[] open(Secret32 key, byte[] nonce, byte[] associated, byte[] sealed)
      throws MalformedException {
    if (sealed.length < SEAL_OVERHEAD) {
      throw new MalformedException("sealed bytes are cut short");
    }
    try {
      Cipher cipher = aesGcm(Cipher.DECRYPT_MODE, key, nonce);
      cipher.updateAAD(associated);
      return cipher.doFinal(sealed);
    } catch (AEADBadTagException e) {
      throw new MalformedException("sealed bytes do not open with this key", e);
    } catch (GeneralSecurityException e) {
      throw unavailable("AES-256-GCM", e);
    }
  }

  private static Cipher aesGcm(int mode, Secret32 key, byte[] nonce)
      throws GeneralSecurityException {
    if (nonce.length != NONCE_LENGTH) {
      throw new IllegalArgumentException("a nonce has 12 bytes, not " + nonce.length);
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(key.toByteArray(), "AES"),
        new GCMParameterSpec(8 * SEAL_OVERHEAD, nonce));
    return cipher;
  }

  private static PublicKey publicKey(String algorithm, byte[] header, byte[] raw)
      throws GeneralSecurityException {
    byte[] encoded = new ByteWriter().bytes(header).bytes(raw).toByteArray();
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** A SubjectPublicKeyInfo ends with the 32 bytes of the key. */
  private static PublicKey32 raw(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return PublicKey32.of(
        Arrays.copyOfRange(encoded, encoded.length - PublicKey32.LENGTH, encoded.length));
  }

  private static PublicKey32 basePoint() {
    byte[] u = new byte[PublicKey32.LENGTH];
    u[0] = 9;
    return PublicKey32.of(u);
  }

  private static IllegalStateException unavailable(String algorithm, GeneralSecurityException e) {
    return new IllegalStateException("this JDK lacks " + algorithm, e);
  }
}
