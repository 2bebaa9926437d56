package dev.sallyport.dht;

import org.jspecify.annotations.Nullable;

/**
 * A node that answered a lookup, and what it said.
 *
 * @param token what it wants back with a put; null if it answered without one
 * @param item the item it holds; null if it holds none. Not verified
 */
record Holder(Contact contact, byte @Nullable [] token, @Nullable MutableItem item) {}
