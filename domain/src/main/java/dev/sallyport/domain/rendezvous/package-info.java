/**
 * How two peers that know one id find each other: the sealed record a service publishes, the knock
 * a caller leaves, the reply; and the port that carries them without seeing inside, {@link
 * dev.sallyport.domain.rendezvous.Rendezvous}.
 *
 * <p>The formats, version 1. Numbers are big-endian; a time is milliseconds since the epoch in 6
 * bytes; <i>candidates</i>, <i>NAT profile</i> and <i>strategy</i> are as {@link
 * dev.sallyport.domain.address.Candidate}, {@link dev.sallyport.domain.nat.NatProfile} and {@link
 * dev.sallyport.domain.rendezvous.Strategy} write them. A context is its text and a zero byte. Test
 * vectors of each are with the tests, under {@code vectors/}. A version 2 would take another salt,
 * so that one service can be found by both.
 *
 * <pre>{@code
 * DAY KEYS    HKDF-SHA-256(ikm = id (20), salt = "sallyport/1", info = label "/" day), 32 bytes each;
 *             labels "slot", "mailbox", "record", "proof"; day in UTC as in 2026-11-22
 *
 * RECORD      nonce (12), AES-256-GCM(key = record key, nonce, associated = slot's topic key (32)) of:
 *   version 1 (1), name length (1), name, identity key (32), link key (32), knock key (32),
 *   candidates (1 + 7 or 19 each), NAT profile (15), issued at (6), expires (6),
 *   Ed25519 signature (64) by the identity over context "sallyport/1 record" and all before it
 *
 * KNOCK       ephemeral key (32), AES-256-GCM(key, nonce, no associated data) of:
 *   version 1 (1), caller's key (32), candidates (1 + 7 or 19 each), NAT profile (15), strategy (1 to 10),
 *   record issued at (6), call nonce (16), issued at (6), lifetime in milliseconds (3),
 *   Ed25519 signature (64) by the caller over context "sallyport/1 knock", the id (20) and all before it
 *   where key (32), nonce (12) = HKDF-SHA-256(ikm = X25519(ephemeral, knock key), salt = "sallyport/1",
 *   info = "knock", ephemeral key, knock key)
 *
 * REPLY KEYS  HKDF as for the knock, 32 bytes each: the seed of the caller's mailbox with "reply-mailbox"
 *             in place of "knock", the key that seals the reply with "reply-key"
 *
 * REPLY       nonce (12), AES-256-GCM(key = reply key, nonce, associated = mailbox's topic key (32)) of:
 *   version 1 (1), call nonce (16), outcome (1; 1 accepted, 2 countered, 3 busy, 4 refused),
 *   strategy (1 to 10), candidates (1 + 7 or 19 each), NAT profile (15), retry after in milliseconds (4),
 *   issued at (6)
 * }</pre>
 */
@NullMarked
package dev.sallyport.domain.rendezvous;

import org.jspecify.annotations.NullMarked;
