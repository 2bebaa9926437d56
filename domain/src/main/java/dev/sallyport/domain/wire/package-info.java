/**
 * Bounded reading and writing of bytes: the one place where lengths, tags and leftovers are
 * checked. Every decoder of the domain stands on {@link dev.sallyport.domain.wire.ByteReader} and
 * fails only with {@link dev.sallyport.domain.wire.MalformedException}.
 */
@NullMarked
package dev.sallyport.domain.wire;

import org.jspecify.annotations.NullMarked;
