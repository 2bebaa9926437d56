package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Secret32;

/**
 * The Ed25519 key of this run's TLS certificate: made anew at every start, never the identity, so
 * that a port scanner who reads the certificate learns nothing that leads to the id.
 */
public record TlsIdentity(PublicKey32 key, Secret32 seed) {}
