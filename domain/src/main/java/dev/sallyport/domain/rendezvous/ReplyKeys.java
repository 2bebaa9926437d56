package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.identity.Secret32;

/**
 * Where the reply to one knock goes and what seals it. Only the caller and the service can derive
 * them, from the knock's shared secret; so a reply needs no signature.
 *
 * @param mailbox the caller watches it, the service writes to it
 * @param key AES-256-GCM
 */
public record ReplyKeys(Slot mailbox, Secret32 key) {}
