package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.identity.PublicKey32;

/**
 * The public name of a slot at a rendezvous: the Ed25519 key that everything under it is signed
 * with. It changes every day and says nothing about the id it was derived from.
 */
public record Topic(PublicKey32 key) {}
